//! `shop import FILE`: products from lines `name,price,stock`, with a bar that shows how far it got.

use std::path::{Path, PathBuf};

use clap::Args;
use doorward::Door;
use doorward::command::{Command, Console, Failure};
use doorward::database::Opening;
use indicatif::ProgressBar;

use crate::store::Store;

const ABOUT: &str = "Import products from a file of lines `name,price,stock`";

#[derive(Debug, Args)]
struct Import {
    /// The file; prices are in cents.
    file: PathBuf,
}

pub(crate) fn command() -> Command {
    Command::on_tables(
        "import",
        ABOUT,
        |_| Opening::Existing,
        |door, options: Import, console| Box::pin(run(door, options, console)),
    )
}

/// All lines are read before the first one is written: a file with a mistake changes nothing.
async fn run(door: &Door, options: Import, console: &mut Console) -> Result<(), Failure> {
    let lines = read(&options.file)?;
    let bar = ProgressBar::new(lines.len() as u64);
    let store = Store(door.database()?);
    for line in &lines {
        store.put(&line.name, line.price, line.stock).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    console.say(format_args!("Imported {} product(s).", lines.len()))
}

/// A line of the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    name: String,
    price: i64,
    stock: i64,
}

fn read(path: &Path) -> Result<Vec<Line>, Failure> {
    let failed = |error| Failure::command(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(failed)?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let wrong = |number: usize| {
        let place = number + 1;
        Failure::command(format!(
            "{}:{place}: a line is `name,price,stock`, such as `Anvil,1250,3`",
            path.display()
        ))
    };
    lines
        .map(|(number, line)| parse(line).ok_or_else(|| wrong(number)))
        .collect()
}

/// A name of at most 100 characters, a price in cents, and how many there are.
pub(crate) fn parse(line: &str) -> Option<Line> {
    let mut parts = line.split(',').map(str::trim);
    let (name, price, stock) = (parts.next()?, parts.next()?, parts.next()?);
    let is_name = !name.is_empty() && name.chars().count() <= 100;
    let amount = |text: &str| text.parse::<i64>().ok().filter(|number| *number >= 0);
    let line = Line {
        name: name.to_owned(),
        price: amount(price)?,
        stock: amount(stock)?,
    };
    (is_name && parts.next().is_none()).then_some(line)
}
