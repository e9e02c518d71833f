//! The timers for what is to come: one, unless the clock was set back or stands still.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::poll::{Span, Timestamp};

/// A timer that is set.
struct Alarm<Ring> {
    until: Timestamp,
    /// What the clock said when it was set.
    clock: Timestamp,
    ring: Pin<Box<Ring>>,
}

/// Those that are set, and how one is.
pub(super) struct Alarms<Ring, Set> {
    set: Set,
    alarms: Vec<Alarm<Ring>>,
}

impl<Rang, Ring, Set> Alarms<Ring, Set>
where
    Ring: Future<Output = Rang>,
    Set: Fn(Span) -> Ring,
{
    pub fn new(set: Set) -> Self {
        Alarms { set, alarms: Vec::new() }
    }

    /// The first that rings: for which instant it was set, and what came of it.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<(Timestamp, Rang)> {
        for place in 0..self.alarms.len() {
            if let Poll::Ready(rang) = self.alarms[place].ring.as_mut().poll(context) {
                return Poll::Ready((self.alarms.swap_remove(place).until, rang));
            }
        }
        Poll::Pending
    }

    /// One is to ring then, or before; `clock` is what the clock says now, and `now` the engine's time. `is_stale`: one that
    /// was set before must not ring at once.
    ///
    /// Those that were set before the clock was set back alone know how much time had passed. And by a clock that may stand
    /// still, one that rings too early is better than one that is set anew.
    pub fn ring_at(&mut self, until: Timestamp, now: Timestamp, clock: Timestamp, is_stale: bool) {
        self.alarms.retain(|alarm| {
            let stands = alarm.clock == clock && alarm.until < until;
            alarm.clock > clock || !is_stale && (alarm.until == until || stands)
        });
        if self.alarms.iter().all(|alarm| alarm.until > until) {
            let ring = Box::pin((self.set)(until.since(now)));
            self.alarms.push(Alarm { until, clock, ring });
        }
    }

    /// None is to ring.
    pub fn clear(&mut self) {
        self.alarms.clear();
    }
}
