//! Known answers, made by running Django.

use std::process::Command;

use crate::python;
use crate::run;

/// Runs every script of `interop/golden`; each writes its file in `interop/vectors`.
pub(crate) fn run_scripts() -> Result<Vec<String>, String> {
    let interpreter = python::reference()?;
    let folder = run::root().join("interop/golden");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("interop/golden: {error}"))?;
    let mut scripts: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    scripts.retain(|path| path.extension().is_some_and(|end| end == "py"));
    scripts.sort();
    for script in &scripts {
        run::run(Command::new(&interpreter).arg(script).current_dir(run::root()))?;
    }
    Ok(scripts
        .iter()
        .filter_map(|path| path.file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect())
}

pub(crate) fn run() -> Result<(), String> {
    run_scripts().map(|scripts| println!("made anew by {}", scripts.join(", ")))
}
