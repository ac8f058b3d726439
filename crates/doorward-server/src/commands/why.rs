//! `why`: what a route would say to a user, and which rule says so.

use std::sync::Arc;

use clap::Args;
use doorward::Doorward;
use doorward::command::{Console, Failure, Json, Topic};
use doorward::database::Opening;
use doorward::permissions::Explanation;
use doorward::serve::Draining;
use doorward::user::UserRow;
use doorward::{Auth, Identity};
use http::Method;
use serde_json::{Value, json};

use crate::entry::Entry;
use crate::options::Common;
use crate::{app, settings};

const ABOUT: &str = "Tell what a route would say to a user, and which permission says so";

pub(super) fn entry() -> Entry {
    Entry::new(Topic::Settings, "why", ABOUT, |common, options: Why, console| {
        Box::pin(run(common, options, console))
    })
}

/// The user name that stands for nobody.
const ANONYMOUS: &str = "-";

#[derive(Debug, Args)]
struct Why {
    /// Who calls; `-` for nobody.
    #[arg(value_name = "USER")]
    username: String,
    /// Such as GET.
    method: String,
    /// Such as /api/profile/.
    path: String,
    #[command(flatten)]
    format: Json,
}

async fn run(common: &Common, options: Why, console: &mut Console) -> Result<(), Failure> {
    let door = settings::open_tables(common, Opening::ReadOnly).await?;
    let done = explain(&door, options, console).await;
    door.database().close().await;
    done
}

async fn explain(door: &Doorward, options: Why, console: &mut Console) -> Result<(), Failure> {
    let Why {
        username,
        method,
        path,
        format,
    } = &options;
    let user = user(door, username).await?;
    let method = method_named(method)?;
    let is_inactive = user.as_ref().is_some_and(|user| !user.is_active);
    let router = app::router(door, &Draining::default());
    let explanation = router.explain(user.map(identity), &method, path).await;
    if explanation.route.is_none() {
        return Err(unknown_path(path));
    }
    if is_inactive {
        console.warn(format_args!(
            "{username} is inactive: no authenticator lets this user in."
        ));
    }
    match format.json {
        true => console.say(as_json(&explanation)),
        false => console.say(explanation),
    }
}

async fn user(door: &Doorward, username: &str) -> Result<Option<Arc<UserRow>>, Failure> {
    if username == ANONYMOUS {
        return Ok(None);
    }
    match door.stores().users.by_username(username).await? {
        Some(user) => Ok(Some(user)),
        None => Err(Failure::command(format!("user {username} does not exist"))),
    }
}

/// A question about a path that is not there is a mistake in the question.
fn unknown_path(path: &str) -> Failure {
    Failure::command(format!(
        "no route has the path {path}: every caller is answered 404; `doorward routes` lists the paths"
    ))
}

fn method_named(method: &str) -> Result<Method, Failure> {
    let named = Method::from_bytes(method.to_ascii_uppercase().as_bytes());
    named.map_err(|_| Failure::command(format!("{method} is no method")))
}

fn identity(user: Arc<UserRow>) -> Identity {
    Identity {
        user: user.into(),
        auth: Auth::Basic,
    }
}

fn as_json(explanation: &Explanation) -> Value {
    let steps = explanation.steps.iter();
    let steps = steps.map(|step| json!({ "rule": step.rule, "outcome": step.outcome.to_string() }));
    json!({
        "route": explanation.route,
        "steps": steps.collect::<Vec<_>>(),
        "status": explanation.refusal.as_ref().map(|(status, _)| status.as_u16()),
        "detail": explanation.refusal.as_ref().map(|(_, detail)| detail),
    })
}
