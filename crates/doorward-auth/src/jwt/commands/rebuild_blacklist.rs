//! `rebuild-blacklist`: writes the blacklist that several nodes share anew. Django has no such command.

use std::sync::Arc;

use doorward_core::command::{Command, Console, Failure, Json, Progress, Topic};
use doorward_core::door::Door;
use doorward_core::stores::{SharedBlacklist, StoreError};
use doorward_db::Opening;
use serde_json::json;

const ABOUT: &str = "Write the blacklist of JSON web tokens in Redis anew, from the table";

/// Tokens that are read and written at once.
const CHUNK: u32 = 500;

pub(super) fn command() -> Command {
    Command::on_tables(
        "rebuild-blacklist",
        ABOUT,
        |_| Opening::ReadOnly,
        |door, format: Json, console| Box::pin(run(door, format, console)),
    )
    .topic(Topic::Upkeep)
}

async fn run(door: &Door, format: Json, console: &mut Console) -> Result<(), Failure> {
    let Some(shared) = door.opened::<Arc<dyn SharedBlacklist>>() else {
        let problem =
            "jwt.blacklist: the blacklist is asked in the database alone; set it to `redis`, and `redis.url`";
        return Err(Failure::settings(problem));
    };
    // What is not there meanwhile is found in the table.
    let removed = shared.clear().await?;
    let mut progress = Progress::new("written");
    let done = write(door, &**shared, &mut progress).await;
    let written = progress.total();
    progress.finish();
    done?;
    match format.json {
        true => console.say(json!({ "removed": removed, "written": written })),
        false => console.say(format_args!(
            "Wrote {written} token(s) into the blacklist in Redis, where {removed} had been."
        )),
    }
}

/// Shares every token that was taken back and has not ended.
async fn write(door: &Door, shared: &dyn SharedBlacklist, progress: &mut Progress) -> Result<(), StoreError> {
    let (table, now) = (&door.stores().outstanding_tokens, door.now());
    let mut after = 0;
    loop {
        let page = table.blacklist_page(after, now, CHUNK).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.row;
        shared.add(&page).await?;
        progress.add(page.len() as u64);
    }
}
