//! Pages in a real browser.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::run::{cargo, exists, root, run};

/// What a person does, and what has to be built for it.
struct Walk {
    step: &'static str,
    script: &'static str,
    packages: &'static [&'static str],
}

const WALKS: [Walk; 2] = [
    Walk {
        step: "login pages, in Chromium",
        script: "login.py",
        packages: &["doorward-server"],
    },
    Walk {
        step: "a single-page application, in Chromium",
        script: "spa.py",
        packages: &["doorward-server", "spa"],
    },
];

/// A person logs in and out, where a browser is installed.
pub(crate) fn log_in(report: &mut Report, interpreter: &Path) {
    for walk in &WALKS {
        if exists("chromium") && exists("chromedriver") {
            report.ran(walk.step, walk.go(interpreter).map(|()| String::new()));
        } else {
            report.skipped(walk.step, "apt-get install chromium chromium-driver");
        }
    }
}

impl Walk {
    fn go(&self, interpreter: &Path) -> Result<(), String> {
        let packages = self.packages.iter().flat_map(|name| ["--package", name]);
        let build: Vec<&str> = std::iter::once("build").chain(packages).collect();
        run(&mut cargo(&build))?;
        run(&mut self.command(interpreter))
    }

    fn command(&self, interpreter: &Path) -> Command {
        let mut command = Command::new(interpreter);
        command.arg(root().join("interop/browser").join(self.script));
        command.arg("--binaries").arg(root().join("target/debug"));
        command.args(["--chromium", "chromium", "--chromedriver", "chromedriver"]);
        command
    }
}
