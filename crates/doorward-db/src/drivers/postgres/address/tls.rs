//! `sslmode` and what belongs to it, as libpq means them
//! (<https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION>).

use std::fs::File;
use std::path::{Path, PathBuf};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::parameters::Parameters;
use crate::sql::{DatabaseError, Result};

/// Where systems keep the authorities that they trust.
const OF_THE_SYSTEM: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The ways to connect to one server, in their order: a second one is tried where the first is refused.
pub(super) fn ways(options: PgConnectOptions, parameters: &Parameters<'_>) -> Result<Vec<PgConnectOptions>> {
    if options.get_socket().is_some() || options.get_host().starts_with('/') {
        return Ok(vec![options.ssl_mode(PgSslMode::Disable)]);
    }
    let root = root(parameters)?;
    let mode = mode(&options, parameters, root.as_ref())?;
    check_files(parameters)?;
    let options = match &root {
        Some(Root::File(path) | Root::System(Some(path))) => options.ssl_root_cert(path),
        Some(Root::System(None)) | None => options,
    };
    let ways = match mode {
        PgSslMode::Allow => vec![PgSslMode::Disable, PgSslMode::Require],
        PgSslMode::Prefer => vec![PgSslMode::Prefer, PgSslMode::Disable],
        // A file of authorities is there to be asked.
        PgSslMode::Require if root.is_some() => vec![PgSslMode::VerifyCa],
        mode => vec![mode],
    };
    Ok(ways
        .into_iter()
        .map(|mode| options.clone().ssl_mode(mode))
        .collect())
}

/// Whom a server's certificate has to come from.
enum Root {
    File(PathBuf),
    /// Whoever the system trusts; where it keeps no file, those that we know.
    System(Option<PathBuf>),
}

fn root(parameters: &Parameters<'_>) -> Result<Option<Root>> {
    Ok(match parameters.value("sslrootcert").as_deref() {
        None => None,
        Some("system") => {
            let mut known = OF_THE_SYSTEM.iter().map(PathBuf::from);
            Some(Root::System(known.find(|path| path.exists())))
        }
        Some(path) => {
            readable(path, "sslrootcert")?;
            Some(Root::File(path.into()))
        }
    })
}

fn mode(options: &PgConnectOptions, parameters: &Parameters<'_>, root: Option<&Root>) -> Result<PgSslMode> {
    let written = parameters.value("sslmode");
    let mode = match (&written, root) {
        (Some(written), _) => written.parse().map_err(|_| unfit(MODES))?,
        (None, Some(Root::System(_))) => PgSslMode::VerifyFull,
        (None, _) => options.get_ssl_mode(),
    };
    if matches!(mode, PgSslMode::VerifyFull) {
        return Ok(mode);
    }
    match (mode, root) {
        (_, Some(Root::System(_))) => Err(unfit("`sslrootcert=system` goes with `sslmode=verify-full` only")),
        (PgSslMode::VerifyCa, None) => Err(unfit(
            "`sslmode=verify-ca` wants the authority's certificate as `sslrootcert=FILE`; `verify-full` asks for the \
             server's name too",
        )),
        _ => Ok(mode),
    }
}

const MODES: &str = "`sslmode` is one of disable, allow, prefer, require, verify-ca, verify-full";

fn check_files(parameters: &Parameters<'_>) -> Result<()> {
    match (parameters.value("sslcert"), parameters.value("sslkey")) {
        (None, None) => Ok(()),
        (Some(certificate), Some(key)) => {
            readable(&certificate, "sslcert")?;
            private(&key, &readable(&key, "sslkey")?)
        }
        _ => Err(unfit("`sslcert` and `sslkey` go together")),
    }
}

fn readable(path: &str, parameter: &str) -> Result<File> {
    File::open(path).map_err(|error| {
        DatabaseError::unusable(path, format!("`{parameter}` of the database's address: {error}"))
    })
}

/// As libpq has it: nobody else may read a key; one of root's a group may.
#[cfg(unix)]
fn private(path: &str, file: &File) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let problem = |problem: String| DatabaseError::unusable(Path::new(path), problem);
    let metadata = file.metadata().map_err(|error| problem(error.to_string()))?;
    let forbidden = if metadata.uid() == 0 { 0o027 } else { 0o077 };
    match metadata.mode() & forbidden {
        0 => Ok(()),
        _ => Err(problem("others may read this key; `chmod 600` it".to_owned())),
    }
}

#[cfg(not(unix))]
fn private(_: &str, _: &File) -> Result<()> {
    Ok(())
}

fn unfit(why: &'static str) -> DatabaseError {
    DatabaseError::Unfit(why)
}
