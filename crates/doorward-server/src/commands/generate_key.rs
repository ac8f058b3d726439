//! `generate-key`: a new secret key (`django.core.management.utils.get_random_secret_key`).

use doorward::command::{Console, Failure, Topic};
use doorward::first_run;
use futures_util::future;

use crate::entry::Entry;
use crate::options::NoOptions;

const ABOUT: &str = "Print a new secret key";

pub(super) fn entry() -> Entry {
    Entry::new(
        Topic::Settings,
        "generate-key",
        ABOUT,
        |_, _: NoOptions, console| Box::pin(future::ready(run(console))),
    )
}

fn run(console: &mut Console) -> Result<(), Failure> {
    console.say(first_run::new_secret_key().expose())
}
