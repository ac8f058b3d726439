//! [`Wake`]: what makes us look at files again.

use std::time::Duration;

/// How often files are looked at.
const PERIOD: Duration = Duration::from_secs(5);

/// Every five seconds, and at once at SIGHUP.
#[derive(Debug)]
pub struct Wake {
    timer: tokio::time::Interval,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
}

/// Why files are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It is time: nobody waits for a word.
    Period,
    /// Somebody asked for it, and wants to know what came of it.
    Asked,
}

impl Wake {
    /// From now on.
    ///
    /// # Errors
    /// A signal that cannot be listened to.
    pub fn new() -> std::io::Result<Self> {
        let mut timer = tokio::time::interval(PERIOD);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        Ok(Self {
            timer,
            #[cfg(unix)]
            hangup: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?,
        })
    }

    /// Waits until they are to be looked at.
    #[cfg(unix)]
    pub async fn next(&mut self) -> Cause {
        tokio::select! {
            _ = self.timer.tick() => Cause::Period,
            _ = self.hangup.recv() => Cause::Asked,
        }
    }

    /// Waits until they are to be looked at.
    #[cfg(not(unix))]
    pub async fn next(&mut self) -> Cause {
        self.timer.tick().await;
        Cause::Period
    }
}
