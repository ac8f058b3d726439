//! The scenarios of `interop/conformance`: the tutorial beside the reference site.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::run::{cargo, root, run};

/// Scenarios whose features belong to a later release, by name, and what they wait for.
const LATER: [(&str, &str); 2] = [
    ("model_permissions_", "permissions on models"),
    ("products_", "products in full"),
];

/// Runs the scenarios that this release serves.
pub(crate) fn compare(report: &mut Report, interpreter: &Path) {
    let candidate = root().join("target/debug/tutorial");
    let built = run(&mut cargo(&["build", "--package", "tutorial"]));
    let compared = built.and_then(|()| run(&mut scenarios(interpreter, &candidate)));
    report.ran("conformance, on SQLite", compared.map(|()| String::new()));
    for (names, feature) in LATER {
        report.skipped(
            &format!("conformance {names}*"),
            &format!("a later release brings {feature}"),
        );
    }
}

fn scenarios(interpreter: &Path, candidate: &Path) -> Command {
    let later = LATER.map(|(names, _)| names).join("|");
    let mut command = Command::new(interpreter);
    command.arg(root().join("interop/conformance/run.py"));
    command.arg("--python").arg(interpreter);
    command
        .arg("--candidate")
        .arg(format!("'{}' --bind 127.0.0.1:{{port}}", candidate.display()));
    command.arg("-k").arg(format!("^(?!({later}))"));
    command
}
