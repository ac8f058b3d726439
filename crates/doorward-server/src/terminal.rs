//! [`ProcessTerminal`]: the streams and the environment of this process, and the person at its terminal.

mod interrupt;

use std::borrow::Cow;
use std::io::{self, BufRead, IsTerminal, Read, Write};

use doorward::command::{Console, Terminal};

use crate::environment;

/// The longest line that is read.
const LONGEST_LINE: u64 = 64 * 1024;

/// The console of this process, whose program is called so, where it is not the ready one.
pub(crate) fn console(program: Option<String>) -> Console {
    Console::new(ProcessTerminal {
        program,
        ..ProcessTerminal::default()
    })
}

/// A line in which commands are those of the program that is running: advice names them as the ready one has them.
fn of_program<'a>(line: &'a str, program: Option<&str>) -> Cow<'a, str> {
    match program {
        Some(program) if line.contains("`doorward ") => {
            line.replace("`doorward ", &format!("`{program} ")).into()
        }
        _ => line.into(),
    }
}

/// Standard input, output and error.
#[derive(Default)]
struct ProcessTerminal {
    program: Option<String>,
    watch: interrupt::Watch,
}

impl Terminal for ProcessTerminal {
    fn say(&mut self, line: &str) -> io::Result<()> {
        let mut out = io::stdout();
        writeln!(out, "{}", of_program(line, self.program.as_deref()))?;
        out.flush()
    }

    fn warn(&mut self, line: &str) {
        let line = of_program(line, self.program.as_deref());
        let _ = writeln!(io::stderr(), "{line}");
    }

    fn is_interactive(&self) -> bool {
        io::stdin().is_terminal()
    }

    fn shows_secrets(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn ask(&mut self, prompt: &str) -> io::Result<Option<String>> {
        self.watch.start();
        let mut out = io::stdout();
        out.write_all(prompt.as_bytes())?;
        out.flush()?;
        self.line()
    }

    fn ask_secret(&mut self, prompt: &str) -> io::Result<Option<String>> {
        self.watch.start();
        match rpassword::prompt_password(prompt) {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let read = io::stdin().lock().take(LONGEST_LINE).read_line(&mut line)?;
        let text = line.trim_end_matches(['\r', '\n']).to_owned();
        Ok((read > 0).then_some(text))
    }

    fn variable(&self, name: &str) -> Option<String> {
        environment::variable(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_names_the_commands_of_the_program() {
        let advice = "run `doorward migrate` (doorward.E002), then `doorward check --deploy`";
        assert_eq!(of_program(advice, None), advice);
        assert_eq!(
            of_program(advice, Some("shop")),
            "run `shop migrate` (doorward.E002), then `shop check --deploy`"
        );
    }
}
