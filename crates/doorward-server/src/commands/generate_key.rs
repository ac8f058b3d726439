//! `generate-key`: a new secret key (`django.core.management.utils.get_random_secret_key`).

use futures_util::future;

use crate::command::Command;
use crate::console::Console;
use crate::failure::Failure;
use crate::options::NoOptions;
use crate::own_key;

const ABOUT: &str = "Print a new secret key";

pub(super) fn command() -> Command {
    Command::new("generate-key", ABOUT, |_, _: NoOptions, console| {
        Box::pin(future::ready(run(console)))
    })
}

fn run(console: &mut Console) -> Result<(), Failure> {
    console.say(own_key::new().expose())
}
