//! [`Watch`]: who looks after a connection: whether its client dawdles, whether its permit is wanted, whether the server
//! ends.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::time::{Instant, Sleep, sleep};

use crate::activity::{Activity, Dawdled};
use crate::connection_limit::Permit;
use crate::drain::DrainHandle;
use crate::timeouts::Timeouts;

/// What is to be done with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Its buffers go until its client speaks again.
    Rest,
    /// It ends when its requests are answered.
    End,
    /// It ends now.
    Break(Dawdled),
}

/// Looks after a connection, and keeps its permit.
#[derive(Debug)]
pub(crate) struct Watch {
    plan: Plan,
    alarm: Pin<Box<Sleep>>,
    drain: DrainHandle,
    permit: Permit,
}

/// What is known of a connection, from which follows what is to be done with it, and when.
#[derive(Debug)]
struct Plan {
    activity: Activity,
    timeouts: Arc<Timeouts>,
    /// Since when the server ends.
    ending: Option<Instant>,
    /// When the connection was told to end.
    told: Option<Instant>,
}

impl Watch {
    pub(crate) fn new(timeouts: Arc<Timeouts>, drain: DrainHandle, permit: Permit) -> Self {
        Self {
            alarm: Box::pin(sleep(timeouts.header)),
            plan: Plan {
                activity: permit.activity().clone(),
                timeouts,
                ending: None,
                told: None,
            },
            drain,
            permit,
        }
    }

    /// The next order. It has to be polled whenever the connection was: what it waits for may have moved.
    pub(crate) async fn next(&mut self) -> Order {
        let Self {
            plan,
            alarm,
            drain,
            permit,
        } = self;
        loop {
            tokio::select! {
                order = poll_fn(|cx| plan.poll_due(alarm, cx)) => return plan.note(order),
                () = permit.wanted(), if plan.told.is_none() => {
                    if plan.activity.is_idle() {
                        return plan.note(Order::End);
                    }
                }
                () = drain.ending(), if plan.ending.is_none() => plan.ending = Some(Instant::now()),
            }
        }
    }
}

impl Plan {
    /// Waits until something is to be done. The alarm is set anew only where it would ring too late: mostly the client
    /// is quick, and the alarm that was set for one request is good for many.
    fn poll_due(&self, alarm: &mut Pin<Box<Sleep>>, cx: &mut Context<'_>) -> Poll<Order> {
        loop {
            let now = Instant::now();
            let step = self.step();
            if let Some((_, order)) = step.filter(|(at, _)| *at <= now) {
                return Poll::Ready(order);
            }
            let next = step.map_or(now + self.timeouts.keep_alive, |(at, _)| at);
            if alarm.is_elapsed() || next < alarm.deadline() {
                alarm.as_mut().reset(next);
            }
            ready!(alarm.as_mut().poll(cx));
        }
    }

    /// What is to be done next, and when, if nothing happens before.
    fn step(&self) -> Option<(Instant, Order)> {
        let dawdled = self.activity.deadline(&self.timeouts);
        match (self.told, dawdled) {
            (None, Some((at, Dawdled::Idle))) => {
                Self::sooner([self.rest(), self.last_call(), Some((at, Order::End))])
            }
            (None, dawdled) => Self::sooner([None, self.last_call(), dawdled.map(broken)]),
            (Some(told), Some((_, Dawdled::Idle))) => {
                let since = self.activity.idle_since().map_or(told, |idle| idle.max(told));
                Some((since + self.timeouts.header, Order::Break(Dawdled::Idle)))
            }
            (Some(_), dawdled) => dawdled.map(broken),
        }
    }

    /// Where the server ends: HTTP/2 tells its clients which requests still count, HTTP/1.1 cannot. There a request
    /// that is under way is waited for.
    fn last_call(&self) -> Option<(Instant, Order)> {
        let ending = self.ending?;
        match self.activity.is_http2() {
            true => Some((ending, Order::End)),
            false if self.activity.has_head() => None,
            false => Some((ending + self.timeouts.last_call, Order::End)),
        }
    }

    fn rest(&self) -> Option<(Instant, Order)> {
        self.activity.rest().map(|at| (at, Order::Rest))
    }

    fn sooner(steps: [Option<(Instant, Order)>; 3]) -> Option<(Instant, Order)> {
        steps.into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    fn note(&mut self, order: Order) -> Order {
        match order {
            Order::Rest => self.activity.no_rest(),
            Order::End | Order::Break(_) => drop(self.told.get_or_insert_with(Instant::now)),
        }
        order
    }
}

fn broken((at, dawdled): (Instant, Dawdled)) -> (Instant, Order) {
    (at, Order::Break(dawdled))
}
