//! The commands of `doorward`, a file each; their messages are those of Django's commands.

mod adopt;
mod check;
mod feed;
mod generate_key;
mod keys;
mod migrate;
mod new;
mod routes;
mod runserver;
mod showmigrations;
mod status;
mod why;

use crate::entry::Entry;

/// The commands of the server itself: each opens by itself what it needs. Apps bring the others.
pub(crate) fn all() -> Vec<Entry> {
    vec![
        runserver::entry(),
        migrate::entry(),
        showmigrations::entry(),
        why::entry(),
        check::entry(),
        adopt::entry(),
        feed::entry(),
        status::entry(),
        generate_key::entry(),
        keys::entry(),
        routes::entry(),
        new::entry(),
    ]
}
