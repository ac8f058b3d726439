//! What django-axes has counted, where the project has it.

use doorward::Doorward;
use doorward::command::Failure;
use doorward::lockout::{Imported, axes_attempts};
use doorward::settings::LockoutSettings;

use super::trial::{Outcome, Trial};

pub(super) async fn trial(door: &Doorward) -> Result<Option<Trial>, Failure> {
    if door.settings().section::<LockoutSettings>().failures.is_none() {
        return Ok(None);
    }
    Ok(axes_attempts(door).await?.map(told))
}

fn told(found: Imported) -> Trial {
    let Imported {
        attempts,
        locked,
        counting,
        ..
    } = found;
    match attempts {
        0 => Trial::new("django-axes", Outcome::Untried, "no attempt counts any more"),
        _ => Trial::new(
            "django-axes",
            Outcome::Works,
            format!("{locked} locks, {counting} counters below their limit: `doorward lockout import-axes`"),
        ),
    }
}
