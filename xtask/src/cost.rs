//! What one request costs: instructions and allocations, counted by valgrind's callgrind.
//!
//! The program that is counted is `crates/doorward/examples/cost`, which says what it does and what it leaves out.

mod profile;

use std::path::{Path, PathBuf};
use std::process::Command;

use comfy_table::{Table, presets};

use crate::run::{cargo, exists, root, run};
use profile::Profile;

/// How many requests are counted; the figures are of one.
const REQUESTS: u64 = 1000;

const CALLERS: [&str; 4] = ["bare", "token", "jwt", "session"];

const WAYS: [&str; 2] = ["called", "served"];

/// The one whose costs are told by module.
const TOLD: &str = "token";

/// Costs below that are not told by module.
const LEAST: u64 = 100;

/// Counts every kind of request, and prints a table of them, and one of the modules that a token's costs lie in.
pub(crate) fn run_all() -> Result<(), String> {
    if !exists("valgrind") {
        return Err("valgrind is missing: apt install valgrind".to_owned());
    }
    run(&mut cargo(&[
        "build",
        "--profile",
        "cost",
        "--package",
        "doorward",
        "--example",
        "cost",
    ]))?;
    let mut table = table(&["", "instructions", "allocations"]);
    let mut told = None;
    for way in WAYS {
        for caller in CALLERS {
            let profile = count(caller, way)?;
            table.add_row([
                format!("{caller}, {way}"),
                (profile.instructions() / REQUESTS).to_string(),
                format!("{:.1}", profile.allocations() as f64 / REQUESTS as f64),
            ]);
            if (caller, way) == (TOLD, "called") {
                told = Some(profile);
            }
        }
    }
    println!("of one request:\n{table}");
    if let Some(profile) = told {
        println!("of one request with a {TOLD}, called:\n{}", modules(&profile));
    }
    Ok(())
}

fn count(caller: &str, way: &str) -> Result<Profile, String> {
    let out = root().join(format!("target/cost/callgrind.{caller}.{way}"));
    let program = root().join("target/cost/examples/cost");
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--quiet", "--tool=callgrind", "--toggle-collect=*::measured"])
        .arg(argument("--callgrind-out-file=", &out))
        .arg(program)
        .args([caller, way, &REQUESTS.to_string()]);
    run(&mut valgrind)?;
    let text = std::fs::read_to_string(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    Ok(Profile::parse(&text))
}

fn argument(name: &str, path: &Path) -> PathBuf {
    PathBuf::from(format!("{name}{}", path.display()))
}

fn modules(profile: &Profile) -> Table {
    let mut modules: Vec<_> = profile.by_module().into_iter().collect();
    modules.sort_by_key(|(_, instructions)| std::cmp::Reverse(*instructions));
    let mut table = table(&["module", "instructions"]);
    for (module, instructions) in modules {
        let instructions = instructions / REQUESTS;
        if instructions >= LEAST {
            table.add_row([module, instructions.to_string()]);
        }
    }
    table
}

fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::ASCII_MARKDOWN)
        .set_header(head.to_vec());
    table
}
