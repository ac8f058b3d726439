//! The project's own tasks; `cargo xtask` lists them.

#![expect(clippy::print_stdout, reason = "a task speaks to the person who runs it")]

mod bench;
mod cost;
mod extra;
mod fuzz;
mod golden;
mod new_crate;
mod nodes;
mod python;
mod recipes;
mod report;
mod run;
mod settings;
mod test;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test [--all]   every test, the comparison with Django included; ends with a table of what ran
                           (--all: what would be skipped is a failure)
cargo xtask tidy           sizes, direction of the crates, layers of their modules, names
cargo xtask settings       writes the tables of the guide's page of settings from their types
cargo xtask recipes [NAME] how many files besides its own each feature is named in; with a name, which they are
cargo xtask golden         makes the vectors of interop/ anew by running Django
cargo xtask bench [--quick] how fast we are beside Django and bare axum, in one run; into measurements.md
                           (--quick: three scenarios, onto the terminal)
cargo xtask cost           what one request costs, in instructions and allocations (needs valgrind)
cargo xtask new-crate      makes a crate by `doorward new` outside the workspace, tests it, runs it, logs in
cargo xtask extra          what needs more tools (deny, hack, fuzz, book) or time: every scenario on every kind of database,
                           long faults under several processes, the release before beside this tree";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match *words {
        ["test"] => test::run(test::Skipping::Told),
        ["test", "--all"] => test::run(test::Skipping::Fails),
        ["tidy"] => tidy::run(),
        ["settings"] => settings::run(),
        ["recipes"] => recipes::run(),
        ["recipes", name] => recipes::run_for(name),
        ["golden"] => golden::run(),
        ["bench"] => bench::run_all(bench::Extent::Whole),
        ["bench", "--quick"] => bench::run_all(bench::Extent::Quick),
        ["cost"] => cost::run_all(),
        ["new-crate"] => new_crate::run().map(|told| println!("{told}")),
        ["extra"] => extra::run_extra(),
        _ => Err(format!("usage:\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            println!("{problem}");
            ExitCode::FAILURE
        }
    }
}
