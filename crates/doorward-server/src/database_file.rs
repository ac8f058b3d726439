//! The file of an SQLite database: where it is, and why it cannot be written.

use std::path::{Path, PathBuf};

use doorward::settings::Settings;

/// The file of an SQLite database.
pub(crate) fn path(settings: &Settings) -> Option<PathBuf> {
    let rest = settings.database.url.expose().strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    (path != ":memory:").then(|| PathBuf::from(path))
}

/// Why this process cannot write that database: it lacks the right to write the file or to make one beside it, or
/// there is no room.
#[cfg(unix)]
pub(crate) fn not_writable(path: &Path) -> Option<String> {
    use rustix::fs::{Access, access};
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    for place in [path, folder] {
        if let Err(error) = access(place, Access::WRITE_OK) {
            return Some(format!("this user cannot write {}: {error}", place.display()));
        }
    }
    no_room(path)
}

/// That the disk of a database is full: not even a journal, or a log with its index, has room.
#[cfg(unix)]
pub(crate) fn no_room(path: &Path) -> Option<String> {
    const ROOM: u64 = 64 * 1024;
    let room = rustix::fs::statvfs(path).ok()?;
    let left = room.f_bavail.saturating_mul(room.f_frsize);
    (left < ROOM).then(|| format!("the disk of {} is full: {left} bytes are left", path.display()))
}

/// Elsewhere nobody tells.
#[cfg(not(unix))]
pub(crate) fn no_room(_: &Path) -> Option<String> {
    None
}

/// Elsewhere rights are not told beforehand.
#[cfg(not(unix))]
pub(crate) fn not_writable(_: &Path) -> Option<String> {
    None
}
