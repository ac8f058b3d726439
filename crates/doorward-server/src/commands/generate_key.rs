//! `generate-key`: a new secret key (`django.core.management.utils.get_random_secret_key`).

use crate::console::Console;
use crate::failure::Failure;
use crate::first_run::new_secret_key;

pub(super) fn run(console: &mut Console) -> Result<(), Failure> {
    console.say(new_secret_key().expose())
}
