//! The connections, a thread each.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use crate::chain::{Asking, list};
use crate::connection::Connection;
use crate::plan::Plan;
use crate::tally::{Tally, Told};

/// After a connection that broke.
const PAUSE: Duration = Duration::from_millis(1);

/// Asks as planned.
pub(crate) fn run(plan: &Plan) -> io::Result<Told> {
    let requests = list(&plan.ask)?;
    let all = (0..plan.connections).map(|number| Asking::new(&plan.ask, &requests, number, plan.connections));
    let all = all.collect::<io::Result<Vec<_>>>()?;
    let begun = Instant::now();
    let tally = thread::scope(|scope| {
        let workers: Vec<_> = all
            .into_iter()
            .enumerate()
            .map(|(number, asking)| scope.spawn(move || Worker { plan, begun, number }.run(asking)))
            .collect();
        workers
            .into_iter()
            .filter_map(|worker| worker.join().ok())
            .fold(Tally::default(), Tally::add)
    });
    Ok(tally.told(plan.seconds))
}

struct Worker<'a> {
    plan: &'a Plan,
    begun: Instant,
    number: usize,
}

impl Worker<'_> {
    fn run(&self, mut asking: Asking<'_>) -> Tally {
        let (mut tally, mut connection) = (Tally::default(), Connection::new(&self.plan.address));
        let (warm, end) = (self.begun + self.plan.warm_up(), self.begun + self.plan.whole());
        for round in 0.. {
            let due = self.due(round);
            if due >= end {
                break;
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
            match connection.ask(asking.request()) {
                Ok(answer) => {
                    asking.go_on(&answer);
                    if due >= warm {
                        tally.note(answer.status, due.elapsed());
                    }
                }
                Err(_) => {
                    tally.note_broken();
                    thread::sleep(PAUSE);
                }
            }
        }
        tally
    }

    /// When the request of that round is to be sent: now, or at its time in a rate that waits for nobody, so that who is late
    /// is late for those behind as well.
    fn due(&self, round: u32) -> Instant {
        let Some(rate) = self.plan.rate else {
            return Instant::now();
        };
        let place = f64::from(round) * self.plan.connections as f64 + self.number as f64;
        self.begun + Duration::from_secs_f64(place / rate)
    }
}
