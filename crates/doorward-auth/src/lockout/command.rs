//! `lockout`: who is locked out after failed logins (`axes_list_attempts`, `axes_reset` of django-axes).

use std::net::IpAddr;

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use doorward_core::Door;
use doorward_core::command::{Command, Console, Failure, Json, Topic};
use doorward_db::Opening;
use serde_json::{Value, json};

use super::{Held, Imported, Reset, import_axes, manage};

const ABOUT: &str = "Show who is locked out after failed logins, and let them in again";

pub(super) fn command() -> Command {
    Command::on_tables("lockout", ABOUT, opening, |door, options: Lockout, console| {
        Box::pin(run(door, options, console))
    })
    .topic(Topic::Upkeep)
}

/// Whoever looks only changes nothing.
fn opening(options: &Lockout) -> Opening {
    match options.command {
        LockoutCommand::List(_) => Opening::ReadOnly,
        LockoutCommand::Reset(_) | LockoutCommand::ImportAxes(_) => Opening::Existing,
    }
}

/// So many are shown; more than that is an attack, which a person does not read row by row.
const SHOWN: u32 = 1_000;

#[derive(Debug, Args)]
struct Lockout {
    #[command(subcommand)]
    command: LockoutCommand,
}

#[derive(Debug, Subcommand)]
enum LockoutCommand {
    /// Show failures that count, and locks.
    List(Json),
    /// Forget failures and locks.
    Reset(ResetLockout),
    /// Count what django-axes has counted; its table stays as it is.
    ImportAxes(Json),
}

#[derive(Debug, Args)]
#[group(id = "which", required = true, multiple = false, args = ["account", "address", "all"])]
struct ResetLockout {
    /// Of the account of that name, in any spelling.
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// Of that address, or the network that it is counted as.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<IpAddr>,
    /// All of them.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    format: Json,
}

async fn run(door: &Door, options: Lockout, console: &mut Console) -> Result<(), Failure> {
    match options.command {
        LockoutCommand::List(format) => list(door, &format, console).await,
        LockoutCommand::Reset(options) => reset(door, &options, console).await,
        LockoutCommand::ImportAxes(format) => bring_over(door, &format, console).await,
    }
}

async fn list(door: &Door, format: &Json, console: &mut Console) -> Result<(), Failure> {
    let held = manage::held(door, SHOWN).await?;
    if format.json {
        let all: Value = held.iter().map(as_json).collect();
        return console.say(all);
    }
    if held.is_empty() {
        return console.say("No attempts found.");
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([
        "Counts",
        "Account",
        "Address",
        "Failures",
        "Locked until",
    ]);
    for held in &held {
        table.add_row(row(held));
    }
    console.say(table.trim_fmt())
}

fn row(held: &Held) -> [String; 5] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        held.name.kind.name().to_owned(),
        or_dash(account(held).map(str::to_owned)),
        or_dash(held.name.address.clone()),
        held.failures.to_string(),
        or_dash(held.locked_until.map(|until| until.to_iso())),
    ]
}

fn as_json(held: &Held) -> Value {
    json!({
        "counts": held.name.kind.name(),
        "account": account(held),
        "address": held.name.address,
        "failures": held.failures,
        "locked_until": held.locked_until.map(|until| until.to_iso()),
    })
}

fn account(held: &Held) -> Option<&str> {
    held.name.account.as_ref().map(|account| account.label.as_str())
}

async fn reset(door: &Door, options: &ResetLockout, console: &mut Console) -> Result<(), Failure> {
    let removed = match (&options.account, options.address) {
        (Some(username), _) => manage::reset_account(door, username).await?,
        (None, Some(address)) => manage::reset(door, &Reset::address(door, address)).await?,
        (None, None) => manage::reset(door, &Reset::All).await?,
    };
    match (options.format.json, removed) {
        (true, _) => console.say(json!({ "removed": removed })),
        (false, 0) => console.say("No attempts found."),
        (false, _) => console.say(format_args!("{removed} attempts removed.")),
    }
}

async fn bring_over(door: &Door, format: &Json, console: &mut Console) -> Result<(), Failure> {
    let Some(imported) = import_axes(door).await? else {
        return Err(Failure::command("there is no table axes_accessattempt"));
    };
    let Imported {
        attempts,
        locked,
        counting,
    } = imported;
    match (format.json, attempts) {
        (true, _) => console.say(json!({ "attempts": attempts, "locked": locked, "counting": counting })),
        (false, 0) => console.say("No attempts found."),
        (false, _) => console.say(format_args!(
            "{attempts} attempts counted: {locked} locks, and {counting} counters below their limit."
        )),
    }
}
