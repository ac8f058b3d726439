//! `lockout`: who is locked out after failed logins (`axes_list_attempts`, `axes_reset` of django-axes).

use std::net::IpAddr;

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use doorward::Door;
use doorward::command::{Command, Console, Failure, Json, Topic};
use doorward::database::Opening;
use doorward::lockout::{self, Held, Reset};
use serde_json::{Value, json};

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
        LockoutCommand::Reset(_) => Opening::Existing,
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
    }
}

async fn list(door: &Door, format: &Json, console: &mut Console) -> Result<(), Failure> {
    let held = lockout::held(door, SHOWN).await?;
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
        (Some(username), _) => lockout::reset_account(door, username).await?,
        (None, Some(address)) => lockout::reset(door, &Reset::address(door, address)).await?,
        (None, None) => lockout::reset(door, &Reset::All).await?,
    };
    match (options.format.json, removed) {
        (true, _) => console.say(json!({ "removed": removed })),
        (false, 0) => console.say("No attempts found."),
        (false, _) => console.say(format_args!("{removed} attempts removed.")),
    }
}

#[cfg(test)]
mod tests {
    use doorward::django::secret::Secret;
    use doorward::lockout::LockoutSettings;
    use doorward::{Doorward, accounts};

    use super::super::fake::door_with;
    use super::*;
    use doorward_testing::TestConsole;

    async fn locked() -> Doorward {
        let door = door_with(|settings| settings.section_mut::<LockoutSettings>().failures = Some(2)).await;
        for username in ["alice", "Alice", "bob"] {
            let password = Secret::new("wrong".to_owned());
            let found = accounts::authenticate(&door, username, &password).await;
            assert!(found.unwrap().is_none());
        }
        door
    }

    async fn told(door: &Doorward, command: LockoutCommand) -> String {
        let mut console = TestConsole::new([]);
        run(door, Lockout { command }, &mut console).await.unwrap();
        console.text()
    }

    fn list(json: bool) -> LockoutCommand {
        LockoutCommand::List(Json { json })
    }

    fn reset(account: Option<&str>, address: Option<&str>, json: bool) -> LockoutCommand {
        LockoutCommand::Reset(ResetLockout {
            account: account.map(str::to_owned),
            address: address.map(|text| text.parse().unwrap()),
            all: account.is_none() && address.is_none(),
            format: Json { json },
        })
    }

    #[tokio::test]
    async fn what_is_locked_is_listed() {
        let door = locked().await;
        let listed: Value = serde_json::from_str(&told(&door, list(true)).await).unwrap();
        assert_eq!(listed.pointer("/0/account"), Some(&json!("alice")));
        assert_eq!(listed.pointer("/0/failures"), Some(&json!(0)));
        assert!(listed.pointer("/0/locked_until").is_some_and(Value::is_string));
        assert_eq!(listed.pointer("/1/account"), Some(&json!("bob")));
        assert_eq!(listed.pointer("/1/locked_until"), Some(&Value::Null));
        let table = told(&door, list(false)).await;
        assert!(
            table.contains("Locked until") && table.contains("alice"),
            "{table}"
        );
    }

    #[tokio::test]
    async fn what_is_locked_is_reset() {
        let door = locked().await;
        assert_eq!(
            told(&door, reset(None, Some("192.0.2.1"), false)).await,
            "No attempts found.\n"
        );
        assert_eq!(
            told(&door, reset(Some("ALICE"), None, false)).await,
            "1 attempts removed.\n"
        );
        assert_eq!(told(&door, reset(None, None, true)).await, "{\"removed\":1}\n");
        assert_eq!(told(&door, list(false)).await, "No attempts found.\n");
    }
}
