//! [`Json`]: an option that many commands have.

use clap::Args;

/// The option `--json`, for commands that tell their result to people, or to programs.
#[derive(Clone, Copy, Debug, Args)]
pub struct Json {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}
