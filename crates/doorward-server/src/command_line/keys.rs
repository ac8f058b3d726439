//! [`Keys`]: what can be typed after `doorward keys`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use doorward::django::jwt::Algorithm;
use doorward::settings::Period;

use super::Json;

/// The keys of JSON web tokens, in a directory that running servers read again by themselves.
#[derive(Debug, Args)]
pub(crate) struct Keys {
    /// The directory [default: jwt.key_directory].
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: KeysCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Show all keys: which one signs, and until when the others verify.
    List(Json),
    /// Add a key that verifies; where none signs yet, it signs.
    Add(AddKey),
    /// Let another key sign, once every server knows it; those before it verify until their tokens have ended.
    Rotate(RotateKeys),
    /// Refuse the tokens of a key from now on.
    Retire(RetireKey),
}

#[derive(Debug, Args)]
pub(crate) struct AddKey {
    /// What it is for, such as ES256 [default: jwt.algorithm].
    #[arg(long)]
    pub(crate) algorithm: Option<Algorithm>,
    /// Its name [default: its RFC 7638 thumbprint].
    #[arg(long, value_name = "NAME")]
    pub(crate) kid: Option<String>,
    /// Take the key from a file, PEM or another directory's; without, a new one is made.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RotateKeys {
    /// A key that is there already; without, a new one is made.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["kid", "algorithm"])]
    pub(crate) to: Option<String>,
    /// What the new key is for [default: jwt.algorithm].
    #[arg(long)]
    pub(crate) algorithm: Option<Algorithm>,
    /// The new key's name [default: its RFC 7638 thumbprint].
    #[arg(long, value_name = "NAME")]
    pub(crate) kid: Option<String>,
    /// How long it is published before it signs: longer than others keep the published keys.
    #[arg(long, value_name = "PERIOD", default_value = "10m")]
    pub(crate) lead: Period,
    /// How long those before it verify after that [default: the longest lifetime of a token].
    #[arg(long, value_name = "PERIOD")]
    pub(crate) keep: Option<Period>,
}

#[derive(Debug, Args)]
pub(crate) struct RetireKey {
    /// The key's name.
    pub(crate) kid: String,
    /// Also the key that signs now.
    #[arg(long)]
    pub(crate) force: bool,
}
