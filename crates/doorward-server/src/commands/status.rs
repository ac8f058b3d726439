//! `status`: the processes that serve from this database, the change feed, the tables.

mod words;

use doorward::Doorward;
use doorward::command::{Console, Failure, Json, Topic};
use doorward::database::Opening;
use doorward::feed::{self, FeedProblem};
use doorward::migrations::MigrateError;
use doorward::nodes::{NodeRow, Nodes};
use doorward::settings::FeedUse;
use serde_json::{Value, json};

use crate::entry::Entry;
use crate::options::Common;
use crate::settings;

const ABOUT: &str = "Show the processes that serve from this database, the change feed and the tables";

/// Who was not seen for so many beats is taken for gone.
const SILENT_AFTER: i64 = 3;

pub(super) fn entry() -> Entry {
    Entry::new(Topic::Server, "status", ABOUT, |common, format: Json, console| {
        Box::pin(run(common, format, console))
    })
}

async fn run(common: &Common, format: Json, console: &mut Console) -> Result<(), Failure> {
    let door = settings::open(common, Opening::ReadOnly).await?;
    let status = Status::read(&door).await;
    door.database().close().await;
    let status = status?;
    match format.json {
        true => console.say(status.as_json())?,
        false => words::say(&status, console)?,
    }
    match status.is_well() {
        true => Ok(()),
        false => Err(Failure::Quiet),
    }
}

/// What there is to tell.
struct Status {
    database: String,
    migrations: Migrations,
    feed: Feed,
    /// `None` where there is no table of them.
    nodes: Option<Vec<Node>>,
}

enum Migrations {
    Applied,
    Missing(usize),
    Refused(Vec<String>),
}

/// The triggers of the change feed.
enum Feed {
    /// They are there, and see every change; so many rows are kept for now.
    Sees(i64),
    NotWanted,
    NotInstalled(FeedUse),
    Blind(String),
}

struct Node {
    row: NodeRow,
    is_silent: bool,
    state: Value,
}

impl Status {
    async fn read(door: &Doorward) -> Result<Self, Failure> {
        let database = door.database();
        let place = database
            .location()
            .name()
            .unwrap_or_else(|| "in memory".to_owned());
        Ok(Self {
            database: format!("{} {place}", database.dialect().name()),
            migrations: Migrations::read(door).await?,
            feed: Feed::read(door).await?,
            nodes: nodes(door).await?,
        })
    }

    /// Whether nobody has to do anything.
    fn is_well(&self) -> bool {
        let is_silent = self.nodes.iter().flatten().any(|node| node.is_silent);
        let is_fed = !matches!(self.feed, Feed::Blind(_) | Feed::NotInstalled(FeedUse::On));
        matches!(self.migrations, Migrations::Applied) && is_fed && !is_silent
    }

    fn as_json(&self) -> Value {
        let nodes = self.nodes.as_ref();
        json!({
            "well": self.is_well(),
            "version": env!("CARGO_PKG_VERSION"),
            "database": self.database,
            "migrations": self.migrations.as_json(),
            "feed": self.feed.as_json(),
            "nodes": nodes.map(|nodes| nodes.iter().map(Node::as_json).collect::<Value>()),
        })
    }
}

impl Migrations {
    async fn read(door: &Doorward) -> Result<Self, Failure> {
        match door.migrator().plan().await {
            Ok(plan) if plan.steps().is_empty() => Ok(Self::Applied),
            Ok(plan) => Ok(Self::Missing(plan.steps().len())),
            Err(MigrateError::Refused(problems)) => {
                Ok(Self::Refused(problems.iter().map(ToString::to_string).collect()))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn as_json(&self) -> Value {
        match self {
            Self::Applied => json!({ "applied": true, "missing": 0, "problems": [] }),
            Self::Missing(count) => json!({ "applied": false, "missing": count, "problems": [] }),
            Self::Refused(problems) => json!({ "applied": false, "missing": null, "problems": problems }),
        }
    }
}

impl Feed {
    async fn read(door: &Doorward) -> Result<Self, Failure> {
        let cache = &door.settings().cache;
        if !cache.enabled || cache.feed == FeedUse::Off {
            return Ok(Self::NotWanted);
        }
        match feed::status(door.database(), &door.schema().user).await {
            Ok(status) => Ok(Self::Sees(status.rows)),
            Err(FeedProblem::Database(error)) => Err(error.into()),
            Err(FeedProblem::NotInstalled) => Ok(Self::NotInstalled(cache.feed)),
            Err(problem) => Ok(Self::Blind(match problem.advice() {
                Some(advice) => format!("{problem}; {advice}"),
                None => problem.to_string(),
            })),
        }
    }

    fn as_json(&self) -> Value {
        let (rows, problem) = match self {
            Self::Sees(rows) => (Some(*rows), None),
            Self::NotWanted => (None, None),
            Self::NotInstalled(_) => (None, Some(FeedProblem::NotInstalled.to_string())),
            Self::Blind(problem) => (None, Some(problem.clone())),
        };
        json!({ "sees_everything": rows.is_some(), "rows": rows, "problem": problem })
    }
}

async fn nodes(door: &Doorward) -> Result<Option<Vec<Node>>, Failure> {
    let nodes = Nodes::new(door.database());
    if !nodes.are_told().await? {
        return Ok(None);
    }
    let beat = door.settings().server.heartbeat.duration().as_secs();
    let patience = i64::try_from(beat)
        .unwrap_or(i64::MAX)
        .saturating_mul(SILENT_AFTER);
    let read = |row: NodeRow| Node {
        is_silent: row.seen_s > patience.max(SILENT_AFTER),
        state: serde_json::from_str(&row.state).unwrap_or_default(),
        row,
    };
    Ok(Some(nodes.list().await?.into_iter().map(read).collect()))
}

impl Node {
    fn as_json(&self) -> Value {
        json!({
            "id": self.row.id,
            "name": self.row.name,
            "version": self.row.version,
            "up_s": self.row.up_s,
            "seen_s": self.row.seen_s,
            "silent": self.is_silent,
            "state": self.state,
        })
    }
}
