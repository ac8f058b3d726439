//! [`Terminal`]: what a program lends to its commands.

use std::io;

/// What a [`Console`](super::Console) stands on: the streams and the environment of a process, or those of a test.
pub trait Terminal: Send + Sync {
    /// Writes a line to standard output, at once.
    ///
    /// # Errors
    /// That nobody reads it any more.
    fn say(&mut self, line: &str) -> io::Result<()>;

    /// Writes a line to standard error; where nobody reads that, so be it.
    fn warn(&mut self, line: &str);

    /// Whether there is somebody to ask.
    fn is_interactive(&self) -> bool;

    /// Whether standard output is read by a person, and not kept in a file.
    fn shows_secrets(&self) -> bool;

    /// The answer to a question, without its end of line; `None` where no more will come.
    ///
    /// # Errors
    /// That it could not be read.
    fn ask(&mut self, prompt: &str) -> io::Result<Option<String>>;

    /// The same, and the answer is not shown.
    ///
    /// # Errors
    /// As [`Terminal::ask`].
    fn ask_secret(&mut self, prompt: &str) -> io::Result<Option<String>>;

    /// A line of standard input, without its end; `None` where no more will come.
    ///
    /// # Errors
    /// As [`Terminal::ask`].
    fn line(&mut self) -> io::Result<Option<String>>;

    /// A variable of the environment that is set, be it to nothing; one that is no UTF-8 counts as not set.
    fn variable(&self, name: &str) -> Option<String>;
}
