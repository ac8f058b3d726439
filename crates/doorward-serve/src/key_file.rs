//! A file that holds a key, and nothing else: read where nobody else can have written it, written whole ([`Draft`]).

mod draft;

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::Path;

use doorward_django::secret::Secret;

pub use draft::Draft;

/// More than any key; a larger file is something else.
const LARGEST: u64 = 64 * 1024;

/// What a file holds, and so who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A secret: others may not read it.
    Secret,
    /// A public key or a certificate: others may read it, but not write it.
    PublicKey,
}

/// The text of a file. It blocks.
///
/// # Errors
/// What is wrong with it and what to do: it is missing, open to others, empty, or no regular file.
pub fn read(path: &Path, holds: Holds) -> Result<Secret<String>, String> {
    if holds_a_key(path) {
        return Err("this is a key and no file; name the file that holds it".to_owned());
    }
    let name = path.display();
    let failed = |error: std::io::Error| format!("{name}: {error}");
    // Opening a FIFO would wait for somebody to write to it.
    check(path, &fs::metadata(path).map_err(failed)?, holds)?;
    let file = File::open(path).map_err(failed)?;
    check(path, &file.metadata().map_err(failed)?, holds)?;
    let mut text = String::new();
    let read = file.take(LARGEST + 1).read_to_string(&mut text);
    let text = Secret::new(text);
    let length = read.map_err(failed)?;
    if length as u64 > LARGEST {
        return Err(format!("{name}: it is larger than 64 KiB, and so no key"));
    }
    if text.expose().trim().is_empty() {
        return Err(format!("{name}: the file is empty"));
    }
    Ok(text)
}

/// Whether the text of a key stands where a path is wanted: it must not be repeated.
fn holds_a_key(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.contains("-----BEGIN") || text.contains(char::is_control)
}

fn check(path: &Path, about: &Metadata, holds: Holds) -> Result<(), String> {
    let name = path.display();
    if !about.is_file() {
        return Err(format!("{name}: it is no regular file"));
    }
    let open = open_to(about);
    if open & 0o022 != 0 {
        return Err(format!("{name}: others may write it; run `chmod go-w {name}`"));
    }
    if holds == Holds::Secret && open & 0o007 != 0 {
        return Err(format!("{name}: others may read it; run `chmod 600 {name}`"));
    }
    Ok(())
}

/// The permissions of a file.
#[cfg(unix)]
fn open_to(about: &Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&about.permissions())
}

#[cfg(not(unix))]
fn open_to(_: &Metadata) -> u32 {
    0
}

/// The names of the key files of a directory, sorted: those that end in `.key` or `.pem` and do not begin with a dot. It blocks.
///
/// # Errors
/// What is wrong with it and what to do.
pub fn names(directory: &Path) -> Result<Vec<String>, String> {
    if holds_a_key(directory) {
        return Err("this is a key and no directory; name the directory that holds its file".to_owned());
    }
    let name = directory.display();
    let failed = |error: std::io::Error| format!("{name}: {error}");
    let about = fs::metadata(directory).map_err(failed)?;
    if !about.is_dir() {
        return Err(format!("{name}: it is no directory"));
    }
    // Where the sticky bit is set, only its owner can take a file's place.
    if open_to(&about) & 0o1002 == 0o002 {
        return Err(format!(
            "{name}: others may put keys there; run `chmod 700 {name}`"
        ));
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let file_name = entry.map_err(failed)?.file_name();
        names.extend(file_name.into_string().ok().filter(|name| is_key(name)));
    }
    names.sort_unstable();
    Ok(names)
}

fn is_key(name: &str) -> bool {
    let extension = Path::new(name).extension();
    !name.starts_with('.') && extension.is_some_and(|extension| extension == "key" || extension == "pem")
}
