//! `migrate`: makes the tables (`django.core.management.commands.migrate`).

use clap::Args;
use doorward::Doorward;
use doorward::command::{Console, Failure, Topic};
use doorward::database::Opening;
use doorward::migrations::{Origin, Plan};

use crate::entry::Entry;
use crate::options::Common;
use crate::settings;

const ABOUT: &str = "Make the tables, as Django's migrations make them";

pub(super) fn entry() -> Entry {
    Entry::new(
        Topic::Server,
        "migrate",
        ABOUT,
        |common, options: Migrate, console| Box::pin(run(common, options, console)),
    )
}

#[derive(Debug, Args)]
struct Migrate {
    /// Change nothing; end with 1 where there is something to do.
    #[arg(long)]
    check: bool,
    /// Change nothing; show what would be done.
    #[arg(long)]
    plan: bool,
}

async fn run(common: &Common, options: Migrate, console: &mut Console) -> Result<(), Failure> {
    if options.plan || options.check {
        return look(common, &options, console).await;
    }
    let door = settings::open(common, Opening::OrMake).await?;
    let done = apply(&door, console).await;
    door.database().close().await;
    done
}

async fn look(common: &Common, options: &Migrate, console: &mut Console) -> Result<(), Failure> {
    let plan = settings::look(common, console).await?.migrator().plan().await?;
    if options.plan {
        show(&plan, console)?;
    }
    match options.check && !plan.steps().is_empty() {
        true => Err(Failure::Quiet),
        false => Ok(()),
    }
}

fn show(plan: &Plan, console: &mut Console) -> Result<(), Failure> {
    console.say("Planned operations:")?;
    if plan.steps().is_empty() {
        console.say("  No planned migration operations.")?;
    }
    plan.steps().iter().try_for_each(|step| console.say(step))
}

async fn apply(door: &Doorward, console: &mut Console) -> Result<(), Failure> {
    let migrator = door.migrator();
    let known: Vec<_> = migrator.list().await?.into_iter().map(|app| app.label).collect();
    console.say("Operations to perform:")?;
    console.say(format_args!("  Apply all migrations: {}", known.join(", ")))?;
    console.say("Running migrations:")?;
    let plan = migrator.apply(door.now()).await?;
    if plan.steps().is_empty() {
        console.say("  No migrations to apply.")?;
        return tell_of_newer(&migrator.newer().await?, console);
    }
    for step in plan.steps() {
        console.say(format_args!("  Applying {step}... OK"))?;
    }
    tell_of_adoption(&plan, console)
}

/// Who goes back to an older version is told what stays.
fn tell_of_newer(newer: &[String], console: &mut Console) -> Result<(), Failure> {
    if newer.is_empty() {
        return Ok(());
    }
    let newer = newer.join(", ");
    console.say(format_args!(
        "A newer Doorward has applied more: {newer}. They only add, and stay."
    ))
}

/// On a database that Django made, one is told what was added.
fn tell_of_adoption(plan: &Plan, console: &mut Console) -> Result<(), Failure> {
    if plan.origin() != Origin::Django {
        return Ok(());
    }
    let apps = plan.apps();
    let lacking: Vec<_> = apps.iter().copied().filter(|app| *app != "doorward").collect();
    console.say("This database was made by Django; its tables were left as they are.")?;
    match lacking.is_empty() {
        true => Ok(()),
        false => console.say(format_args!(
            "Added what the project lacked: {}.",
            lacking.join(", ")
        )),
    }
}
