//! Options that many commands have.

use std::path::PathBuf;

use clap::Args;
use doorward::app::Apps;

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
    /// The apps of the project whose program this is; nobody types them.
    #[arg(skip)]
    pub(crate) apps: Apps,
}

/// For commands that have no options of their own.
#[derive(Debug, Args)]
pub(crate) struct NoOptions {}
