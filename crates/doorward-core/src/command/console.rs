//! [`Console`]: where commands write, and whom they ask.

use std::fmt::{self, Display};

use doorward_django::secret::Secret;

use super::{Failure, Terminal};

/// Standard output and error, and the person at the terminal, if there is one.
pub struct Console(Box<dyn Terminal>);

impl Console {
    /// A console that stands on that terminal.
    pub fn new(terminal: impl Terminal + 'static) -> Self {
        Self(Box::new(terminal))
    }

    /// Writes a line to standard output.
    ///
    /// # Errors
    /// That nobody reads it any more.
    pub fn say(&mut self, text: impl Display) -> Result<(), Failure> {
        Ok(self.0.say(&text.to_string())?)
    }

    /// Writes a line to standard error; where nobody reads that, so be it.
    pub fn warn(&mut self, text: impl Display) {
        self.0.warn(&text.to_string());
    }

    /// Whether there is somebody to ask.
    #[must_use]
    pub fn is_interactive(&self) -> bool {
        self.0.is_interactive()
    }

    /// Whether standard output is read by a person, and not kept in a file.
    #[must_use]
    pub fn shows_secrets(&self) -> bool {
        self.0.shows_secrets()
    }

    /// Asks the person at the terminal.
    ///
    /// # Errors
    /// That there is nobody, or that the question was not answered.
    pub fn ask(&mut self, prompt: &str) -> Result<String, Failure> {
        let answer = self.with_person()?.ask(prompt)?;
        self.answered(answer)
    }

    /// Asks the person at the terminal for something that is not shown.
    ///
    /// # Errors
    /// As [`Console::ask`].
    pub fn ask_secret(&mut self, prompt: &str) -> Result<Secret<String>, Failure> {
        let answer = self.with_person()?.ask_secret(prompt)?;
        self.answered(answer).map(Secret::new)
    }

    /// One line of standard input, for passwords that a script passes on.
    ///
    /// # Errors
    /// That none came.
    pub fn secret_line(&mut self) -> Result<Secret<String>, Failure> {
        let line = self.0.line()?.filter(|line| !line.is_empty());
        line.map(Secret::new)
            .ok_or_else(|| Failure::command("no password came on standard input"))
    }

    /// A variable of the environment that is set, be it to nothing.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    /// Who is logged in to the machine (`getpass.getuser`).
    #[must_use]
    pub fn system_username(&self) -> Option<String> {
        ["LOGNAME", "USER", "LNAME", "USERNAME"]
            .into_iter()
            .find_map(|name| self.variable(name).filter(|value| !value.is_empty()))
    }

    fn with_person(&mut self) -> Result<&mut dyn Terminal, Failure> {
        match self.0.is_interactive() {
            true => Ok(&mut *self.0),
            false => Err(Failure::command(
                "there is no terminal to ask at; see --help for how to go without",
            )),
        }
    }

    /// The cursor still stands behind the question where no answer came.
    fn answered(&mut self, answer: Option<String>) -> Result<String, Failure> {
        if answer.is_none() {
            self.warn("");
        }
        answer.ok_or_else(|| Failure::command("Operation cancelled."))
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Console")
    }
}
