//! [`Welcome`]: what a first run says.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use doorward_core::Door;
use doorward_core::router::RouteInfo;
use doorward_core::settings::Settings;
use doorward_django::secret::Secret;

use super::curl::Site;
use super::{KEY_FILE, PASSWORD_FILE, SUPERUSER};
use crate::{Result, secret_files};

/// What a first run says: where everything is, and how to call it.
#[derive(Debug)]
pub struct Welcome<'a> {
    settings: &'a Settings,
    base: &'a str,
    routes: &'a [RouteInfo],
    password: Option<Secret<String>>,
    certificate: Option<Certificate<'a>>,
}

/// A certificate that signs itself: curl has to be told of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Certificate<'a> {
    pub(super) file: &'a str,
    sha256: &'a str,
}

/// Whether a password is said, or only the file that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// For a terminal, where a person reads it.
    Shown,
    /// For whatever else, which may keep it.
    Hidden,
}

impl<'a> Welcome<'a> {
    /// For a door that is served at `base` (scheme, host and port) with those routes.
    ///
    /// # Errors
    /// A password file that cannot be read, and a store that cannot do its work.
    pub async fn new(door: &'a Door, base: &'a str, routes: &'a [RouteInfo]) -> Result<Self> {
        Ok(Self {
            settings: door.settings(),
            base,
            routes,
            password: good_password(door).await?,
            certificate: None,
        })
    }

    /// With a certificate that signs itself: its file, and its fingerprint.
    #[must_use]
    pub fn certificate(self, file: &'a str, sha256: &'a str) -> Self {
        Self {
            certificate: Some(Certificate { file, sha256 }),
            ..self
        }
    }

    /// What is said, line by line. The `curl` lines call the routes that there are, and work as they are pasted.
    #[must_use]
    pub fn lines(&self, secrets: Secrets) -> Vec<String> {
        let mut lines = vec![format!("Doorward is ready at {}/\n", self.base)];
        lines.push(format!("  database     {}", database_file(self.settings)));
        lines.push(format!("  secret key   {KEY_FILE}"));
        if let Some(Certificate { file, sha256 }) = self.certificate {
            lines.push(format!("  certificate  {file}, signed by itself"));
            lines.push(format!("  SHA-256      {sha256}"));
        }
        if let Some(password) = &self.password {
            lines.extend(self.superuser(password, secrets));
        }
        lines.push(String::new());
        lines
    }

    /// Says it on standard output; the password on a terminal only. Whoever stops reading has heard enough.
    pub(crate) fn say(&self) {
        let mut out = io::stdout();
        let secrets = match out.is_terminal() {
            true => Secrets::Shown,
            false => Secrets::Hidden,
        };
        let mut said = self.lines(secrets).into_iter();
        let _ = said.try_for_each(|line| writeln!(out, "{line}"));
        let _ = out.flush();
    }

    fn superuser(&self, password: &Secret<String>, secrets: Secrets) -> Vec<String> {
        let mut lines = vec![format!(
            "  superuser    {SUPERUSER}, with the password in {PASSWORD_FILE}"
        )];
        if secrets == Secrets::Shown {
            lines.push(format!("  password     {}", password.expose()));
        }
        let site = Site::new(self.settings, self.base, self.routes, self.certificate);
        lines.extend(site.lines().into_iter().map(|line| format!("\n{line}")));
        lines
    }
}

/// The password in the file, while the superuser has it: somebody may have changed one of them, or both.
async fn good_password(door: &Door) -> Result<Option<Secret<String>>> {
    let Some(password) = secret_files::read(Path::new(PASSWORD_FILE))? else {
        return Ok(None);
    };
    let user = door.stores().users.by_username(SUPERUSER).await?;
    let Some(user) = user.filter(|user| user.is_active) else {
        return Ok(None);
    };
    let verdict = door.passwords().check(&password, &user.password).await?;
    Ok(verdict.is_correct().then_some(password))
}

fn database_file(settings: &Settings) -> &str {
    let url = settings.database.url.expose();
    url.strip_prefix("sqlite://").unwrap_or(url)
}
