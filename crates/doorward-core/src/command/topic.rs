//! [`Topic`]: where `--help` lists a command.

/// What a command is about: `--help` lists the commands topic by topic in this order, and those on one topic as the apps that
/// bring them stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Topic {
    /// The server, and its tables.
    Server,
    /// Users, and their passwords.
    Users,
    /// Tokens of users.
    Tokens,
    /// What is cleaned up, and let in again.
    Upkeep,
    /// What is looked at and made for the settings of a site.
    Settings,
    /// What is the project's own.
    #[default]
    Project,
}
