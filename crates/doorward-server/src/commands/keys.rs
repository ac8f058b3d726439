//! `keys`: the keys that sign and verify JSON web tokens, in the directory of `jwt.key_directory`.

mod directory;
mod new;
mod table;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use doorward::clock::{Clock, SystemClock};
use doorward::command::{Console, Failure, Json, Topic};
use doorward::django::jwt::{Algorithm, KeyFile, RingKey};
use doorward::django::timestamp::Timestamp;
use doorward::settings::{JwtSettings, Period, Settings};
use futures_util::future;

use crate::entry::Entry;
use crate::options::Common;
use crate::settings;
use directory::Directory;

const ABOUT: &str = "Manage the keys of JSON web tokens";

pub(super) fn entry() -> Entry {
    Entry::new(
        Topic::Settings,
        "keys",
        ABOUT,
        |common, options: Keys, console| Box::pin(future::ready(run(common, options, console))),
    )
}

/// The keys of JSON web tokens, in a directory that running servers read again by themselves.
#[derive(Debug, Args)]
struct Keys {
    /// The directory [default: jwt.key_directory].
    #[arg(long, global = true, value_name = "DIR")]
    directory: Option<PathBuf>,
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
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
struct AddKey {
    /// What it is for, such as ES256 [default: jwt.algorithm].
    #[arg(long)]
    algorithm: Option<Algorithm>,
    /// Its name [default: its RFC 7638 thumbprint].
    #[arg(long, value_name = "NAME")]
    kid: Option<String>,
    /// Take the key from a file, PEM or another directory's; without, a new one is made.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct RotateKeys {
    /// A key that is there already; without, a new one is made.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["kid", "algorithm"])]
    to: Option<String>,
    /// What the new key is for [default: jwt.algorithm].
    #[arg(long)]
    algorithm: Option<Algorithm>,
    /// The new key's name [default: its RFC 7638 thumbprint].
    #[arg(long, value_name = "NAME")]
    kid: Option<String>,
    /// How long it is published before it signs: longer than others keep the published keys.
    #[arg(long, value_name = "PERIOD", default_value = "10m")]
    lead: Period,
    /// How long those before it verify after that [default: the longest lifetime of a token].
    #[arg(long, value_name = "PERIOD")]
    keep: Option<Period>,
}

#[derive(Debug, Args)]
struct RetireKey {
    /// The key's name.
    kid: String,
    /// Also the key that signs now.
    #[arg(long)]
    force: bool,
}

fn run(common: &Common, options: Keys, console: &mut Console) -> Result<(), Failure> {
    let loaded = settings::loader(common).read()?;
    loaded.fits()?;
    let keys = Keyset::open(options.directory, loaded.settings())?;
    match options.command {
        KeysCommand::List(format) => table::show(&keys, &format, console),
        KeysCommand::Add(add) => keys.add(&add, console),
        KeysCommand::Rotate(rotate) => keys.rotate(&rotate, console),
        KeysCommand::Retire(retire) => keys.retire(&retire, console),
    }
}

/// The keys of a directory as they are now.
struct Keyset {
    directory: Directory,
    keys: Vec<Key>,
    algorithm: Algorithm,
    longest: Duration,
    now: Timestamp,
}

/// A key, and the file it stands in.
struct Key {
    name: String,
    file: KeyFile,
    key: RingKey,
}

impl Keyset {
    fn open(directory: Option<PathBuf>, settings: &Settings) -> Result<Self, Failure> {
        let jwt = &settings.jwt;
        let named = jwt
            .key_directory
            .as_ref()
            .map(|directory| directory.path().to_owned());
        let path = directory.or(named).ok_or_else(|| {
            Failure::settings(
                "jwt.key_directory: is not set; put the path of a directory there, or use --directory",
            )
        })?;
        let algorithm = jwt.algorithm.parse();
        let algorithm = algorithm.map_err(|error| Failure::settings(format!("jwt.algorithm: {error}")))?;
        let directory = Directory::new(path);
        let keys = directory.read()?.into_iter().map(|(name, file)| {
            let key = file.ring_key(algorithm);
            let key = key.map_err(|error| Failure::settings(format!("{name}: {error}")))?;
            Ok(Key { name, file, key })
        });
        Ok(Self {
            keys: keys.collect::<Result<_, Failure>>()?,
            directory,
            algorithm,
            longest: longest(jwt),
            now: SystemClock.now(),
        })
    }

    /// The key that signs now, as the server chooses it.
    fn signer(&self) -> Option<&Key> {
        let able = self.keys.iter().filter(|key| key.key.signs_at(self.now));
        able.rev().max_by_key(|key| key.file.signs_from)
    }

    fn find(&self, kid: &str) -> Result<&Key, Failure> {
        let found = self.keys.iter().find(|key| key.key.kid() == kid);
        found.ok_or_else(|| {
            Failure::command(format!("there is no key `{kid}`; `doorward keys list` shows all"))
        })
    }

    /// A key that verifies; it signs where none does yet.
    fn add(&self, options: &AddKey, console: &mut Console) -> Result<(), Failure> {
        let mut file = match &options.file {
            Some(path) => new::taken_from(path)?,
            None => new::made(options.algorithm.unwrap_or(self.algorithm))?,
        };
        file.algorithm = options.algorithm.or(file.algorithm).or(Some(self.algorithm));
        file.kid = options.kid.clone().or(file.kid);
        file.created = Some(self.now);
        file.signs_from = self.signer().is_none().then_some(self.now);
        let key = self.store_new(&file)?;
        let does = match key.signs_at(self.now) {
            true => "signs and verifies",
            false => "verifies; `doorward keys rotate --to` lets it sign",
        };
        console.say(format_args!("Key {} {does}.", key.kid()))
    }

    fn store_new(&self, file: &KeyFile) -> Result<RingKey, Failure> {
        let key = file.ring_key(self.algorithm);
        let key = key.map_err(|error| Failure::command(error.to_string()))?;
        if self.keys.iter().any(|other| other.key.kid() == key.kid()) {
            return Err(Failure::command(format!(
                "there is a key `{}` already",
                key.kid()
            )));
        }
        self.directory.create(key.kid(), file)?;
        Ok(key)
    }

    /// Another key signs, from when everybody knows it; those that signed verify until their tokens have ended.
    fn rotate(&self, options: &RotateKeys, console: &mut Console) -> Result<(), Failure> {
        let lead = match self.signer() {
            Some(_) => options.lead.duration(),
            None => Duration::ZERO,
        };
        let begin = self.now.saturating_add(lead);
        let end = begin.saturating_add(options.keep.map_or(self.longest, |keep| keep.duration()));
        let successor = self.successor(options, begin)?;
        let mut old = self.keys.iter().filter(|key| key.key.kid() != successor);
        if let Err(failure) = old.try_for_each(|key| self.retire_at(key, end)) {
            self.take_back(&successor);
            return Err(failure);
        }
        console.say(format_args!(
            "Key {successor} signs from {}; those before it verify until {}.",
            begin.to_iso(),
            end.to_iso()
        ))
    }

    /// Lets a key sign from then on: a new one, or the one that was asked for.
    fn successor(&self, options: &RotateKeys, begin: Timestamp) -> Result<String, Failure> {
        let Some(kid) = &options.to else {
            let mut file = new::made(options.algorithm.unwrap_or(self.algorithm))?;
            file.kid.clone_from(&options.kid);
            file.created = Some(self.now);
            file.signs_from = Some(begin);
            return Ok(self.store_new(&file)?.kid().to_owned());
        };
        let key = self.find(kid)?;
        let mut file = key.file.clone();
        (file.signs_from, file.verifies_until) = (Some(begin), None);
        let able = file.ring_key(self.algorithm).is_ok_and(|key| key.signs_at(begin));
        if !able {
            return Err(Failure::command(format!(
                "key `{kid}` has no private half, and cannot sign"
            )));
        }
        self.directory.replace(&key.name, &file)?;
        Ok(kid.clone())
    }

    /// Every key as it was, and none more: a rotation that was not done in full is not done at all.
    fn take_back(&self, successor: &str) {
        for key in &self.keys {
            let _ = self.directory.replace(&key.name, &key.file);
        }
        if self.find(successor).is_err() {
            let _ = self.directory.remove(successor);
        }
    }

    /// A key that has signed retires then, unless it does so earlier anyway.
    fn retire_at(&self, key: &Key, end: Timestamp) -> Result<(), Failure> {
        let stays =
            key.file.signs_from.is_none() || key.file.verifies_until.is_some_and(|known| known <= end);
        if stays {
            return Ok(());
        }
        let mut file = key.file.clone();
        file.verifies_until = Some(end);
        self.directory.replace(&key.name, &file)
    }

    /// A key neither signs nor verifies any more.
    fn retire(&self, options: &RetireKey, console: &mut Console) -> Result<(), Failure> {
        let key = self.find(&options.kid)?;
        let signs = self.signer().is_some_and(|signer| signer.name == key.name);
        if signs && !options.force {
            let problem = "it signs now; let another one do so with `doorward keys rotate`, or add --force";
            return Err(Failure::command(format!("{}: {problem}", options.kid)));
        }
        let mut file = key.file.clone();
        file.verifies_until = Some(self.now);
        self.directory.replace(&key.name, &file)?;
        console.say(format_args!(
            "Key {} is retired: its tokens are refused.",
            options.kid
        ))
    }
}

/// How long a token may live that is signed now.
fn longest(jwt: &JwtSettings) -> Duration {
    let lifetimes = [
        jwt.access_token_lifetime,
        jwt.refresh_token_lifetime,
        jwt.sliding_token_lifetime,
        jwt.sliding_token_refresh_lifetime,
    ];
    let longest = lifetimes
        .into_iter()
        .max()
        .map_or(Duration::ZERO, |period| period.duration());
    longest.saturating_add(jwt.leeway.duration())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rotated() -> RotateKeys {
        RotateKeys {
            to: None,
            algorithm: None,
            kid: Some("new".to_owned()),
            lead: "0s".parse().unwrap(),
            keep: None,
        }
    }

    #[test]
    fn a_rotation_that_fails_leaves_every_key_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Keyset::open(Some(folder.path().to_owned()), &Settings::default()).unwrap();
        let mut console = doorward_testing::TestConsole::new([]);
        for kid in ["a", "b"] {
            let add = AddKey {
                algorithm: None,
                kid: Some(kid.to_owned()),
                file: None,
            };
            open().add(&add, &mut console).unwrap();
        }
        let texts = || {
            let read = |name| std::fs::read_to_string(folder.path().join(name)).unwrap();
            ["a.key", "b.key"].map(read)
        };
        let before = texts();
        let mut keys = open();
        keys.keys.swap(0, 1);
        for key in &mut keys.keys {
            key.file.signs_from = Some(keys.now);
        }
        keys.keys[1].name = "nowhere/a.key".to_owned();
        assert!(keys.rotate(&rotated(), &mut console).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no new key");
        assert_eq!(
            texts().map(|text| text.contains("verifies-until")),
            [false, false]
        );
        assert_eq!(texts()[0], before[0]);
        open().rotate(&rotated(), &mut console).unwrap();
        assert!(texts()[0].contains("verifies-until"));
    }
}
