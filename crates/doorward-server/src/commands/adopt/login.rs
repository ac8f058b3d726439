//! One login by a name and a password that somebody knows.

use clap::Args;
use doorward::Doorward;
use doorward::authentication::backends::{self, Attempt, LoginName};
use doorward::command::{Console, Failure};
use doorward::django::secret::Secret;

use super::trial::{Outcome, Trial};

#[derive(Debug, Args)]
pub(super) struct Login {
    /// Try the password of that user too; it is asked for.
    #[arg(long = "login", value_name = "NAME")]
    name: Option<String>,
    /// Read the password from standard input, one line.
    #[arg(long, requires = "name")]
    password_stdin: bool,
}

/// A name and a password.
pub(super) struct Credentials {
    name: String,
    password: Secret<String>,
}

impl Login {
    pub(super) fn read(self, console: &mut Console) -> Result<Option<Credentials>, Failure> {
        let Some(name) = self.name else {
            return Ok(None);
        };
        let password = match self.password_stdin {
            true => console.secret_line()?,
            false => console.ask_secret(&format!("Password of {name}: "))?,
        };
        Ok(Some(Credentials { name, password }))
    }
}

impl Credentials {
    /// As a login would go; no failure is counted, and a hash of old stays.
    pub(super) async fn trial(&self, door: &Doorward) -> Result<Trial, Failure> {
        let name = LoginName::new(door, &self.name);
        let found = backends::authenticate(&Attempt::new(&name, &self.password)).await?;
        Ok(match found {
            Some(found) => {
                let path = door.session_backend(found.backend.path());
                let what = format!("{}; its session is written under {path}", found.user.username);
                Trial::new("login", Outcome::Works, what)
            }
            None => Trial::new("login", Outcome::Failed, refusal(door)),
        })
    }
}

fn refusal(door: &Doorward) -> String {
    let paths: Vec<_> = door.backends().iter().map(|backend| backend.path()).collect();
    match paths.is_empty() {
        true => "nobody is asked: `passwords.backends` is empty".to_owned(),
        false => format!(
            "no such user, another password, or not active; asked: {}",
            paths.join(", ")
        ),
    }
}
