//! [`Console`]: where commands write, and whom they ask.

mod interrupt;
mod tip;

use std::fmt::{self, Display};
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::process::ExitCode;

use doorward::django::secret::Secret;

pub(crate) use tip::tip;

use crate::failure::Failure;

/// The longest line that is read.
const LONGEST_LINE: u64 = 64 * 1024;

/// Standard output and error, and the person at the terminal, if there is one.
pub struct Console {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    person: Option<Box<dyn Person>>,
}

/// Whom a command asks.
pub(crate) trait Person: Send {
    /// The answer to a question, without its end of line; `None` where no more will come.
    fn ask(&mut self, prompt: &str) -> io::Result<Option<String>>;

    /// The same, and the answer is not shown.
    fn ask_secret(&mut self, prompt: &str) -> io::Result<Option<String>>;
}

impl Console {
    pub(crate) fn of_process() -> Self {
        let person = || -> Box<dyn Person> { Box::new(AtTerminal::default()) };
        Self {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            person: io::stdin().is_terminal().then(person),
        }
    }

    /// Writes a line to standard output.
    ///
    /// # Errors
    /// That nobody reads it any more.
    pub fn say(&mut self, text: impl Display) -> Result<(), Failure> {
        writeln!(self.out, "{text}")?;
        Ok(self.out.flush()?)
    }

    /// Writes a line to standard error; where nobody reads that, so be it.
    pub fn warn(&mut self, text: impl Display) {
        let _ = writeln!(self.err, "{text}");
    }

    /// Whether there is somebody to ask.
    #[must_use]
    pub fn is_interactive(&self) -> bool {
        self.person.is_some()
    }

    /// Whether standard output is read by a person, and not kept in a file.
    pub(crate) fn shows_secrets(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Asks the person at the terminal.
    ///
    /// # Errors
    /// That there is nobody, or that the question was not answered.
    pub fn ask(&mut self, prompt: &str) -> Result<String, Failure> {
        let answer = self.person()?.ask(prompt)?;
        self.answered(answer)
    }

    /// Asks the person at the terminal for something that is not shown.
    ///
    /// # Errors
    /// As [`Console::ask`].
    pub fn ask_secret(&mut self, prompt: &str) -> Result<Secret<String>, Failure> {
        let answer = self.person()?.ask_secret(prompt)?;
        self.answered(answer).map(Secret::new)
    }

    fn person(&mut self) -> Result<&mut Box<dyn Person>, Failure> {
        let nobody = || Failure::command("there is no terminal to ask at; see --help for how to go without");
        self.person.as_mut().ok_or_else(nobody)
    }

    /// The cursor still stands behind the question where no answer came.
    fn answered(&mut self, answer: Option<String>) -> Result<String, Failure> {
        if answer.is_none() {
            self.warn("");
        }
        answer.ok_or_else(|| Failure::command("Operation cancelled."))
    }

    /// Tells of a failure, and with which exit code it ends.
    pub(crate) fn fail(&mut self, failure: &Failure) -> ExitCode {
        match failure {
            Failure::Quiet => ExitCode::from(1),
            Failure::CommandLine(error) => self.answer(error),
            Failure::Command(message) => {
                self.warn(format_args!("Error: {message}"));
                ExitCode::from(1)
            }
            Failure::Settings(message) => {
                for line in message.lines() {
                    self.warn(format_args!("Error: {line}"));
                }
                ExitCode::from(2)
            }
        }
    }

    /// What the command line is told of itself: help, version, or a mistake.
    fn answer(&mut self, error: &clap::Error) -> ExitCode {
        match tip(error) {
            Some(tip) => self.warn(tip),
            None => drop(error.print()),
        }
        let code = u8::try_from(error.exit_code()).unwrap_or(2);
        ExitCode::from(code)
    }
}

/// One line of standard input, for passwords that a script passes on.
pub(crate) fn secret_line() -> Result<Secret<String>, Failure> {
    let line = line()?.filter(|line| !line.is_empty());
    line.map(Secret::new)
        .ok_or_else(|| Failure::command("no password came on standard input"))
}

fn line() -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = io::stdin().lock().take(LONGEST_LINE).read_line(&mut line)?;
    let text = line.trim_end_matches(['\r', '\n']).to_owned();
    Ok((read > 0).then_some(text))
}

#[derive(Default)]
struct AtTerminal {
    watch: interrupt::Watch,
}

impl Person for AtTerminal {
    fn ask(&mut self, prompt: &str) -> io::Result<Option<String>> {
        self.watch.start();
        let mut out = io::stdout();
        out.write_all(prompt.as_bytes())?;
        out.flush()?;
        line()
    }

    fn ask_secret(&mut self, prompt: &str) -> io::Result<Option<String>> {
        self.watch.start();
        match rpassword::prompt_password(prompt) {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Console")
    }
}

#[cfg(test)]
pub(crate) mod fake {
    //! A console whose answers are known beforehand.

    use std::collections::VecDeque;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What was written, to both outputs.
    #[derive(Clone, Default)]
    pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

    impl Written {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Scripted(VecDeque<String>, Written);

    impl Person for Scripted {
        fn ask(&mut self, prompt: &str) -> io::Result<Option<String>> {
            writeln!(self.1, "{prompt}")?;
            Ok(self.0.pop_front())
        }

        fn ask_secret(&mut self, prompt: &str) -> io::Result<Option<String>> {
            self.ask(prompt)
        }
    }

    /// Somebody who gives these answers in turn.
    pub(crate) fn console(answers: &[&str]) -> (Console, Written) {
        let written = Written::default();
        let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let console = Console {
            out: Box::new(written.clone()),
            err: Box::new(written.clone()),
            person: Some(Box::new(Scripted(answers, written.clone()))),
        };
        (console, written)
    }
}
