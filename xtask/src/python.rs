//! The Python that has Django: a virtual environment below `target/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{exists, root, run};

/// The interpreter of a virtual environment with the reference's requirements; made when it is not there.
pub(crate) fn reference() -> Result<PathBuf, String> {
    if !exists("python3") {
        return Err("python3 is not installed".to_owned());
    }
    let requirements = root().join("interop/reference/requirements.txt");
    let wanted = std::fs::read_to_string(&requirements).map_err(|error| error.to_string())?;
    let folder = root().join("target/reference-python");
    let stamp = folder.join("installed-requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(interpreter(&folder));
    }
    install(&folder, &requirements)?;
    std::fs::write(&stamp, wanted).map_err(|error| error.to_string())?;
    Ok(interpreter(&folder))
}

fn install(folder: &Path, requirements: &Path) -> Result<(), String> {
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(folder))?;
    let mut pip = Command::new(interpreter(folder));
    run(pip
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ])
        .arg(requirements))
}

fn interpreter(folder: &Path) -> PathBuf {
    folder.join("bin/python")
}
