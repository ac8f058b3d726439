//! The Python that has Django: a virtual environment below `target/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{exists, root, run};

/// The interpreter of a virtual environment with the reference's requirements; made when it is not there.
pub(crate) fn reference() -> Result<PathBuf, String> {
    environment("reference-python", &["interop/reference/requirements.txt"])
}

/// One with what is measured beside us, too.
pub(crate) fn bench() -> Result<PathBuf, String> {
    let requirements = [
        "interop/reference/requirements.txt",
        "interop/bench/requirements.txt",
    ];
    environment("bench-python", &requirements)
}

/// The interpreter of the environment of that name, which has what those files require.
fn environment(name: &str, requirements: &[&str]) -> Result<PathBuf, String> {
    if !exists("python3") {
        return Err("python3 is not installed".to_owned());
    }
    let files: Vec<_> = requirements.iter().map(|file| root().join(file)).collect();
    let wanted = files
        .iter()
        .map(std::fs::read_to_string)
        .collect::<Result<String, _>>();
    let wanted = wanted.map_err(|error| error.to_string())?;
    let folder = root().join("target").join(name);
    let stamp = folder.join("installed-requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(interpreter(&folder));
    }
    install(&folder, &files)?;
    std::fs::write(&stamp, wanted).map_err(|error| error.to_string())?;
    Ok(interpreter(&folder))
}

fn install(folder: &Path, requirements: &[PathBuf]) -> Result<(), String> {
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(folder))?;
    let mut pip = Command::new(interpreter(folder));
    run(pip
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(requirements.iter().flat_map(|file| [Path::new("-r"), file])))
}

fn interpreter(folder: &Path) -> PathBuf {
    folder.join("bin/python")
}
