//! Deleting what has expired as a server does it, with a count to watch where it takes more than a second.

use serde_json::json;

use super::Expired;
use crate::command::{Console, Failure, Json, Progress};
use crate::door::Door;

/// The work of a command that deletes what has expired. Django's commands say nothing; a script may want the number.
///
/// # Errors
/// As [`Expired::delete`]; a console that cannot be written to.
pub async fn delete_at(
    console: &mut Console,
    door: &Door,
    expired: Expired,
    format: Json,
) -> Result<(), Failure> {
    let mut progress = Progress::new("deleted");
    let deleted = expired.delete(door, |some| progress.add(some)).await;
    progress.finish();
    match format.json {
        true => console.say(json!({ "deleted": deleted? })),
        false => Ok(deleted.map(drop)?),
    }
}
