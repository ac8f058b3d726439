//! [`Wake`]: what makes us look at files again.

use std::time::Duration;

/// How often files are looked at.
const PERIOD: Duration = Duration::from_secs(5);

/// Every five seconds, and at once at SIGHUP.
#[derive(Debug)]
pub(crate) struct Wake {
    timer: tokio::time::Interval,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
}

impl Wake {
    pub(crate) fn new() -> std::io::Result<Self> {
        let mut timer = tokio::time::interval(PERIOD);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        Ok(Self {
            timer,
            #[cfg(unix)]
            hangup: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?,
        })
    }

    #[cfg(unix)]
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.timer.tick() => {}
            _ = self.hangup.recv() => {}
        }
    }

    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) {
        self.timer.tick().await;
    }
}
