//! [`CommandLine`]: what can be typed after `doorward`.

mod keys;

use std::net::IpAddr;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand, ValueEnum};
use doorward::checks::Level;
use doorward::database::Opening;

pub(crate) use keys::{AddKey, Keys, KeysCommand, RetireKey, RotateKeys};

/// Django's accounts, sessions and tokens: a ready server, and commands to manage it.
#[derive(Debug, Parser)]
#[command(name = "doorward", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct CommandLine {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The settings file [default: DOORWARD_CONFIG, or doorward.toml].
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The database, such as sqlite://doorward.sqlite3; wins over file and environment.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// What is logged, such as `info` or `doorward=debug` [default: RUST_LOG, or info].
    #[arg(long, global = true, value_name = "FILTER")]
    pub(crate) log: Option<String>,
}

/// A command; without one, `runserver`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve [default command].
    Runserver(Runserver),
    /// Make the tables, as Django's migrations make them.
    Migrate(Migrate),
    /// Show all migrations, and which are applied.
    Showmigrations(Json),
    #[command(flatten)]
    OnTables(OnTables),
    /// Check whether the site can be served; with --deploy, whether it should be on the internet.
    Check(Check),
    /// Print a new secret key.
    GenerateKey,
    /// Manage the keys of JSON web tokens.
    Keys(Keys),
    /// List every path with its methods and its policy.
    Routes(Json),
}

/// A command that needs every table to be as it should be.
#[derive(Debug, Subcommand)]
pub(crate) enum OnTables {
    /// Create a superuser.
    Createsuperuser(CreateSuperuser),
    /// Create a user.
    Createuser(CreateUser),
    /// Change a user's password.
    Changepassword(ChangePassword),
    /// Create the opaque token of a user, or show the one there is.
    #[command(name = "drf_create_token", visible_alias = "create-token")]
    DrfCreateToken(DrfCreateToken),
    /// Take back every token of a user: refresh, sliding and access tokens, and the opaque one.
    Revoke(Revoke),
    /// Delete sessions that have expired.
    Clearsessions(Json),
    /// Delete outstanding tokens that have expired.
    Flushexpiredtokens(Json),
    /// Show who is locked out after failed logins, and let them in again.
    Lockout(Lockout),
    /// Tell what a route would say to a user, and which permission says so.
    Why(Why),
}

impl OnTables {
    /// What it may do to the database.
    pub(crate) fn opening(&self) -> Opening {
        match self {
            Self::Why(_)
            | Self::Lockout(Lockout {
                command: LockoutCommand::List(_),
            }) => Opening::ReadOnly,
            Self::Lockout(Lockout {
                command: LockoutCommand::Reset(_),
            })
            | Self::Createsuperuser(_)
            | Self::Createuser(_)
            | Self::Changepassword(_)
            | Self::DrfCreateToken(_)
            | Self::Revoke(_)
            | Self::Clearsessions(_)
            | Self::Flushexpiredtokens(_) => Opening::Existing,
        }
    }
}

#[derive(Debug, Default, Args)]
pub(crate) struct Runserver {
    /// ADDRESS:PORT, or a port of 127.0.0.1 [default: server.bind, 127.0.0.1:8000].
    #[arg(value_name = "ADDR:PORT")]
    pub(crate) address: Option<String>,
    /// Speak HTTPS with a certificate of its own making, in doorward-tls.crt and doorward-tls.key; for development, on
    /// an address of this machine only.
    #[arg(long)]
    pub(crate) tls_self_signed: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Change nothing; end with 1 where there is something to do.
    #[arg(long)]
    pub(crate) check: bool,
    /// Change nothing; show what would be done.
    #[arg(long)]
    pub(crate) plan: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Json {
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CreateSuperuser {
    /// The name to log in with.
    #[arg(long)]
    pub(crate) username: Option<String>,
    /// The e-mail address.
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// Ask nothing; name and address come from options or DJANGO_SUPERUSER_USERNAME and _EMAIL, the password from
    /// DJANGO_SUPERUSER_PASSWORD. Without one, the user cannot log in until one is set.
    #[arg(long, visible_alias = "no-input")]
    pub(crate) noinput: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CreateUser {
    /// The name to log in with.
    #[arg(long)]
    pub(crate) username: Option<String>,
    /// The e-mail address.
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// Let the user enter the admin site.
    #[arg(long)]
    pub(crate) staff: bool,
    /// Ask nothing. Without --password-stdin, the user cannot log in until a password is set.
    #[arg(long, visible_alias = "no-input")]
    pub(crate) noinput: bool,
    /// Read the password from standard input, one line.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ChangePassword {
    /// Whose password; by default, that of the user of your own name.
    pub(crate) username: Option<String>,
    /// Read the password from standard input, one line.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DrfCreateToken {
    /// Whose token.
    pub(crate) username: String,
    /// Replace the token that there is.
    #[arg(short, long)]
    pub(crate) reset: bool,
    #[command(flatten)]
    pub(crate) format: Json,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// Whose tokens.
    pub(crate) username: String,
    #[command(flatten)]
    pub(crate) format: Json,
}

#[derive(Debug, Args)]
pub(crate) struct Lockout {
    #[command(subcommand)]
    pub(crate) command: LockoutCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LockoutCommand {
    /// Show failures that count, and locks.
    List(Json),
    /// Forget failures and locks.
    Reset(ResetLockout),
}

#[derive(Debug, Args)]
#[group(id = "which", required = true, multiple = false, args = ["account", "address", "all"])]
pub(crate) struct ResetLockout {
    /// Of the account of that name, in any spelling.
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    /// Of that address, or the network that it is counted as.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) address: Option<IpAddr>,
    /// All of them.
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) format: Json,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Check also what is unwise on the internet.
    #[arg(long)]
    pub(crate) deploy: bool,
    /// End with 1 where something of this level or above is found [default: ERROR; with --deploy, WARNING].
    #[arg(long, value_name = "LEVEL", ignore_case = true)]
    pub(crate) fail_level: Option<FailLevel>,
    #[command(flatten)]
    pub(crate) format: Json,
}

/// A [`Level`], as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(crate) enum FailLevel {
    Info,
    Warning,
    Error,
}

impl From<FailLevel> for Level {
    fn from(level: FailLevel) -> Self {
        match level {
            FailLevel::Info => Self::Info,
            FailLevel::Warning => Self::Warning,
            FailLevel::Error => Self::Error,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Why {
    /// Who calls; `-` for nobody.
    #[arg(value_name = "USER")]
    pub(crate) username: String,
    /// Such as GET.
    pub(crate) method: String,
    /// Such as /api/profile/.
    pub(crate) path: String,
    #[command(flatten)]
    pub(crate) format: Json,
}

/// What other servers have options for, and this one an argument.
const ADDRESSES: [&str; 8] = [
    "--port",
    "-p",
    "--host",
    "--listen",
    "--bind",
    "-b",
    "--addr",
    "--address",
];

/// What is said to those who look for the option of other servers: the address is no option here, as in Django.
pub(crate) fn tip(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let is_sought = error.kind() == ErrorKind::UnknownArgument && ADDRESSES.contains(&option.as_str());
    is_sought.then(|| {
        format!(
            "error: unexpected argument '{option}' found\n\n  tip: runserver takes ADDR:PORT or a port, such as \
             `doorward runserver 8001` or `doorward runserver 0.0.0.0:8001`\n\nFor more information, try '--help'."
        )
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn options_may_stand_before_and_after_the_command() {
        let before = ["doorward", "--config", "a.toml", "migrate", "--check"];
        let after = ["doorward", "migrate", "--check", "--config", "a.toml"];
        for arguments in [before, after] {
            let line = CommandLine::try_parse_from(arguments).unwrap();
            assert_eq!(line.common.config, Some("a.toml".into()));
            assert!(matches!(
                line.command,
                Some(Command::Migrate(Migrate { check: true, .. }))
            ));
        }
    }

    #[test]
    fn who_looks_for_a_port_is_told_where_it_goes() {
        for arguments in [
            &["doorward", "runserver", "--port", "8001"][..],
            &["doorward", "--port=8001"],
            &["doorward", "runserver", "-p", "8001"],
            &["doorward", "runserver", "--host", "0.0.0.0"],
        ] {
            let error = CommandLine::try_parse_from(arguments).unwrap_err();
            assert!(
                tip(&error).unwrap().contains("ADDR:PORT"),
                "{arguments:?}: {error}"
            );
        }
        let other = CommandLine::try_parse_from(["doorward", "runserver", "--prot"]).unwrap_err();
        assert_eq!(tip(&other), None);
    }
}
