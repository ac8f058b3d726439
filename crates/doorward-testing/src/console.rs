//! [`TestConsole`]: a console whose answers are known beforehand.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use doorward_core::Door;
use doorward_core::command::{Command, Console, Failure, Terminal};

/// A console for tests of commands: its answers are known beforehand, and what is written to it is kept.
///
/// ```
/// use doorward_testing::TestConsole;
///
/// let mut console = TestConsole::new(["Alice"]);
/// let name = console.ask("Whom? ").unwrap();
/// console.say(format_args!("Hello {name}.")).unwrap();
/// assert_eq!(console.text(), "Whom? \nHello Alice.\n");
/// ```
pub struct TestConsole {
    console: Console,
    written: Written,
}

/// What was written, to both outputs.
type Written = Arc<Mutex<String>>;

impl TestConsole {
    /// Somebody sits at it who gives these answers in turn.
    pub fn new<'a>(answers: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of(Scripted {
            answers: lines(answers),
            is_interactive: true,
            ..Scripted::default()
        })
    }

    /// A script writes these lines to its standard input, and has set these variables.
    pub fn script<'a>(
        input: impl IntoIterator<Item = &'a str>,
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let variables = variables.into_iter();
        Self::of(Scripted {
            answers: lines(input),
            variables: variables
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            ..Scripted::default()
        })
    }

    fn of(terminal: Scripted) -> Self {
        Self {
            written: Arc::clone(&terminal.written),
            console: Console::new(terminal),
        }
    }

    /// Runs a command at it, with the options that somebody types behind its name.
    ///
    /// # Errors
    /// Options that cannot be read, and what the command could not do.
    pub async fn run<'a>(
        &mut self,
        command: &Command,
        door: &Door,
        typed: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Failure> {
        let line = command.line().clone().no_binary_name(true);
        let matches = line.try_get_matches_from(typed)?;
        command.run(&matches, door, &mut self.console).await
    }

    /// What was written so far, to both outputs; questions too.
    #[must_use]
    pub fn text(&self) -> String {
        self.written
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Deref for TestConsole {
    type Target = Console;

    fn deref(&self) -> &Console {
        &self.console
    }
}

impl DerefMut for TestConsole {
    fn deref_mut(&mut self) -> &mut Console {
        &mut self.console
    }
}

impl fmt::Debug for TestConsole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TestConsole")
    }
}

fn lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> VecDeque<String> {
    lines.into_iter().map(str::to_owned).collect()
}

#[derive(Default)]
struct Scripted {
    answers: VecDeque<String>,
    variables: HashMap<String, String>,
    is_interactive: bool,
    written: Written,
}

impl Terminal for Scripted {
    fn say(&mut self, line: &str) -> io::Result<()> {
        self.warn(line);
        Ok(())
    }

    fn warn(&mut self, line: &str) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        *written += line;
        written.push('\n');
    }

    fn is_interactive(&self) -> bool {
        self.is_interactive
    }

    fn shows_secrets(&self) -> bool {
        self.is_interactive
    }

    fn ask(&mut self, prompt: &str) -> io::Result<Option<String>> {
        self.warn(prompt);
        self.line()
    }

    fn ask_secret(&mut self, prompt: &str) -> io::Result<Option<String>> {
        self.ask(prompt)
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        Ok(self.answers.pop_front())
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }
}
