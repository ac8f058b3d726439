//! The guide's reference of settings: its tables are written from the types, the prose between them by hand.
//!
//! A new field shows up by itself. So does a new section, after the one before it.

use crate::run;

/// Has the tables written anew, by the test that compares them.
pub(crate) fn run() -> Result<(), String> {
    let words = [
        "test",
        "--workspace",
        "--all-features",
        "--test",
        "settings_reference",
        "the_page",
    ];
    run::run(run::cargo(&words).env("DOORWARD_BLESS", "1"))
}
