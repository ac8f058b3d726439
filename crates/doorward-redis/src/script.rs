//! [`Script`]: a program that the server runs as one step.

use doorward_django::sliding_window::Algorithm;
use redis::{Cmd, ErrorKind, RedisResult, ServerErrorKind, Value};
use sha1::{Digest, Sha1};

use crate::connection::Connection;

/// A Lua script, called by its digest; it is sent in full only to a server that does not know it.
#[derive(Debug)]
pub(crate) struct Script {
    source: String,
    digest: String,
}

/// The scripts of both algorithms.
#[derive(Debug)]
pub(crate) struct Scripts {
    sliding_window: Script,
    gcra: Script,
}

/// What a script is called with: each rate's key, and its two numbers.
pub(crate) type Call = Vec<(String, [u64; 2])>;

impl Default for Scripts {
    fn default() -> Self {
        Self {
            sliding_window: Script::new(include_str!("sliding_window.lua").to_owned()),
            gcra: Script::new(include_str!("gcra.lua").to_owned()),
        }
    }
}

impl Scripts {
    pub(crate) fn of(&self, algorithm: Algorithm) -> &Script {
        match algorithm {
            Algorithm::SlidingWindow => &self.sliding_window,
            Algorithm::Gcra => &self.gcra,
        }
    }
}

impl Script {
    pub(crate) fn new(source: String) -> Self {
        let digest = Sha1::digest(source.as_bytes());
        let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { source, digest }
    }

    /// One round trip; two where the server has forgotten the script, or never knew it: another may be the primary since.
    pub(crate) async fn run(&self, connection: &Connection, call: &Call) -> RedisResult<Value> {
        let key = slot_key(call);
        let known = command("EVALSHA", &self.digest, call);
        match connection.ask(key, &known).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                connection.ask(key, &command("EVAL", &self.source, call)).await
            }
            answer => answer,
        }
    }
}

/// The key that says on which node of a cluster a script runs; the others share its slot.
fn slot_key(call: &Call) -> &str {
    call.first().map_or("", |(key, _)| key)
}

fn command(name: &str, script: &str, call: &Call) -> Cmd {
    let mut command = redis::cmd(name);
    command.arg(script).arg(call.len());
    for (key, _) in call {
        command.arg(key);
    }
    for (_, numbers) in call {
        command.arg(numbers);
    }
    command
}

#[cfg(test)]
impl Script {
    /// As [`Script::run`], for a script on a given clock.
    pub(crate) async fn run_at(
        &self,
        connection: &Connection,
        call: &Call,
        micros: i64,
    ) -> RedisResult<Value> {
        let mut command = command("EVAL", &self.source, call);
        connection.ask(slot_key(call), command.arg(micros)).await
    }
}

#[cfg(test)]
impl Scripts {
    /// The same scripts by a clock of the test's, which comes as the last argument; what they keep does not expire
    /// meanwhile.
    pub(crate) fn on_a_given_clock() -> Self {
        let changed = |source: &str| {
            let lines = [
                ("local time = redis.call('TIME')\n", ""),
                (
                    "tonumber(time[1]) * 1000000 + tonumber(time[2])",
                    "tonumber(ARGV[#ARGV])",
                ),
                ("local rest = 1000\n", "local rest = 100000\n"),
            ];
            let source = lines.iter().fold(source.to_owned(), |source, (line, other)| {
                assert_eq!(source.matches(line).count(), 1, "{line}");
                source.replace(line, other)
            });
            Script::new(source)
        };
        let scripts = Self::default();
        Self {
            sliding_window: changed(&scripts.sliding_window.source),
            gcra: changed(&scripts.gcra.source),
        }
    }
}
