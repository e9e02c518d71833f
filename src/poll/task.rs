//! One task's polling as a state machine: events go in with the time, steps come out.
//!
//! ```
//! use std::time::Duration;
//! use hubspot_async_tasks::family::{Family, TaskId};
//! use hubspot_async_tasks::poll::{Answered, Schedule, Settled, Step, TaskPoll, Timestamp, Verdict, Code};
//!
//! let id = TaskId::new(Family::Export, "90151673")?;
//! let mut poll = TaskPoll::new(Family::Export, &id);
//! let start = Timestamp::from_ms(1_000);
//! let waiter = poll.join(start, Schedule::default(), Some(Duration::from_secs(60)));
//!
//! let Step::Ask(request) = poll.step(start, None) else { panic!("the first poll is at once") };
//! poll.answered(request, start, &Verdict::Stop(Code::Forbidden), Answered::default());
//! assert_eq!(poll.step(start, None), Step::Settle(waiter, Settled::Stopped(Code::Forbidden)));
//! assert_eq!(poll.step(start, None), Step::Idle);
//! # Ok::<(), hubspot_async_tasks::family::Refused>(())
//! ```

use std::time::Duration;

use super::schedule::{age, shortest};
use super::{Code, Envelope, Outcome, Pause, Phase, Schedule, Timestamp, Verdict, outcome};
use crate::family::{Family, TaskId};

/// One of those who wait for a task, as the state machine knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaiterId(u32);

/// One who waits for a task: how eagerly, and for how long at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiter {
    id: WaiterId,
    schedule: Schedule,
    deadline: Option<Timestamp>,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Tell this waiter how it ended, and take the next step.
    Settle(WaiterId, Settled),
    /// Send the request of this number, report its answer with [`TaskPoll::answered`], and take the next step.
    Ask(u32),
    /// Take the next step at this instant.
    WaitUntil(Timestamp),
    /// Nothing until something happens: an answer, or a new waiter.
    Idle,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Settled {
    /// The task is over.
    Ended {
        /// How the task ended; never [`Outcome::Running`].
        outcome: Outcome,
        /// How long after its completion that was seen, where HubSpot told when it completed.
        detection_delay: Option<Duration>,
    },
    /// Going on would not help: the code of the last fault.
    Stopped(Code),
    /// HubSpot demanded a pause beyond the waiter's deadline.
    Paused(Pause),
    /// The deadline came first.
    TimedOut,
}

/// What the state machine cannot know about an answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answered {
    /// What the server's clock said, where that can be read.
    pub server_time: Option<Timestamp>,
    /// What `Retry-After` asked for; on a good answer it holds back the task's next poll, once.
    pub retry_after: Option<Duration>,
    /// Whether this client ever had a valid answer. If not, repeated faults are taken for a wrong set-up.
    pub set_up_works: bool,
}

/// So many faults in a row, and the set-up is taken for wrong.
const SET_UP_FAULTS: u32 = 5;

/// The polling of one task, shared by all who wait for it.
#[derive(Debug)]
pub struct TaskPoll {
    family: Family,
    phase: Phase,
    /// When the task was asked for, by the local clock.
    origin: Option<Timestamp>,
    polls: u32,
    /// The number of the newest request.
    sent: u32,
    sent_at: Timestamp,
    /// The number of the newest request whose status was taken.
    taken: u32,
    in_flight: Option<u32>,
    /// When the last poll was answered; `None` asks for one at once.
    answered_at: Option<Timestamp>,
    not_before: Timestamp,
    /// Passing faults in a row.
    retries: u32,
    set_up_faults: u32,
    end: Option<Outcome>,
    /// How long after its completion the end was first seen.
    detection_delay: Option<Duration>,
    waiters: Vec<Waiter>,
    next_waiter: u32,
    /// Oldest first.
    settled: Vec<(WaiterId, Settled)>,
}

impl TaskPoll {
    /// A task of which nothing is known but that it exists.
    pub fn new(family: Family, id: &TaskId) -> Self {
        TaskPoll {
            family,
            phase: Phase::of(id.as_str()),
            origin: None,
            polls: 0,
            sent: 0,
            sent_at: Timestamp::default(),
            taken: 0,
            in_flight: None,
            answered_at: None,
            not_before: Timestamp::default(),
            retries: 0,
            set_up_faults: 0,
            end: None,
            detection_delay: None,
            waiters: Vec::new(),
            next_waiter: 0,
            settled: Vec::new(),
        }
    }

    /// How many polls were answered or failed.
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// Whether anybody waits.
    pub fn has_waiters(&self) -> bool {
        !self.waiters.is_empty()
    }

    /// Somebody begins to wait, for `timeout` at most.
    ///
    /// A task that has ended is not asked again, unless its result has a short life: then once, for a fresh one.
    pub fn join(&mut self, now: Timestamp, schedule: Schedule, timeout: Option<Duration>) -> WaiterId {
        let id = WaiterId(self.next_waiter);
        self.next_waiter = self.next_waiter.wrapping_add(1);
        match self.end {
            Some(outcome) if !self.wants_fresh_result(outcome) => {
                let detection_delay = self.detection_delay;
                self.settled.push((id, Settled::Ended { outcome, detection_delay }));
                return id;
            }
            Some(_) => {
                self.end = None;
                self.answered_at = None;
            }
            None => {}
        }
        let deadline = timeout.map(|timeout| now.plus(timeout));
        self.waiters.push(Waiter { id, schedule, deadline });
        id
    }

    /// Somebody waits no longer. When nobody does, the answer to a request in flight is no longer wanted.
    pub fn leave(&mut self, id: WaiterId) {
        self.waiters.retain(|waiter| waiter.id != id);
        self.settled.retain(|(settled, _)| *settled != id);
        if self.waiters.is_empty() {
            self.in_flight = None;
        }
    }

    /// What to do now, given the pause that the client is in.
    pub fn step(&mut self, now: Timestamp, pause: Option<Pause>) -> Step {
        let pause = Pause::still(pause, now);
        if let (Some(pause), None) = (pause, self.in_flight) {
            self.settle(Settled::Paused(pause), &|waiter| {
                waiter.deadline.is_some_and(|deadline| deadline < pause.until)
            });
        }
        if !self.settled.is_empty() {
            let (id, settled) = self.settled.remove(0);
            return Step::Settle(id, settled);
        }
        if self.waiters.is_empty() || self.in_flight.is_some() {
            return Step::Idle;
        }
        let next = self.next_poll(now, pause);
        if next > now {
            return Step::WaitUntil(next);
        }
        let request = self.send(now);
        self.in_flight = Some(request);
        Step::Ask(request)
    }

    /// A request outside the schedule is about to be sent; its answer goes to [`TaskPoll::observed`].
    pub fn send(&mut self, now: Timestamp) -> u32 {
        self.origin.get_or_insert(now);
        self.sent_at = now;
        self.sent = self.sent.wrapping_add(1);
        self.sent
    }

    /// The poll of this number was answered, or failed. Says whether its status is news: nothing newer was seen.
    pub fn answered(&mut self, request: u32, now: Timestamp, verdict: &Verdict, about: Answered) -> bool {
        if self.in_flight != Some(request) {
            return false;
        }
        self.in_flight = None;
        self.answered_at = Some(now);
        self.polls = self.polls.saturating_add(1);
        self.count_faults(verdict);
        match *verdict {
            Verdict::Status(_) | Verdict::Empty => {
                self.not_before = now.plus(about.retry_after.unwrap_or_default());
            }
            Verdict::Retry { code, .. } if self.set_up_is_hopeless(about) => {
                self.settle(Settled::Stopped(code), &|_| true);
            }
            Verdict::Retry { at_least, .. } => self.not_before = now.plus(at_least),
            Verdict::Pause { lasts, .. } => self.not_before = now.plus(lasts),
            Verdict::Stop(code) => self.settle(Settled::Stopped(code), &|_| true),
        }
        let is_news = self.observed(request, now, verdict, about);
        self.settle(Settled::TimedOut, &|waiter| waiter.deadline.is_some_and(|deadline| deadline <= now));
        is_news
    }

    /// A request outside the schedule was answered: its status counts, its faults are the asker's.
    pub fn observed(&mut self, request: u32, now: Timestamp, verdict: &Verdict, about: Answered) -> bool {
        // An answer that was overtaken must not make a finished task run again.
        if request < self.taken {
            return false;
        }
        let Verdict::Status(envelope) = verdict else {
            return false;
        };
        self.taken = request;
        self.set_origin(envelope, now, about);
        let outcome = outcome(envelope, Some(self.family));
        if outcome == Outcome::Running {
            self.end = None;
            self.detection_delay = None;
        } else {
            let seen = self.server_time(now, about);
            // A second look at an export finds nothing new.
            let detection_delay = self.detection_delay.or(envelope.completed_at.map(|at| seen.since(at)));
            self.detection_delay = detection_delay;
            self.end = Some(outcome);
            self.settle(Settled::Ended { outcome, detection_delay }, &|_| true);
        }
        true
    }

    fn wants_fresh_result(&self, outcome: Outcome) -> bool {
        outcome.is_success() && self.family.result_lives().is_some()
    }

    fn count_faults(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Status(_) | Verdict::Empty => self.retries = 0,
            Verdict::Retry { .. } => self.retries = self.retries.saturating_add(1),
            Verdict::Pause { .. } | Verdict::Stop(_) => {}
        }
        match verdict {
            Verdict::Retry { code: Code::Network | Code::InvalidResponse, .. } => self.set_up_faults += 1,
            _ => self.set_up_faults = 0,
        }
    }

    fn set_up_is_hopeless(&self, about: Answered) -> bool {
        !about.set_up_works && self.set_up_faults >= SET_UP_FAULTS
    }

    /// What the server's clock says now: the local one's time where the two agree, since the `Date` header has whole
    /// seconds only and the answer was under way for a while.
    fn server_time(&self, now: Timestamp, about: Answered) -> Timestamp {
        about.server_time.map_or(now, |date| {
            let latest = date.plus(Duration::from_secs(1)).plus(now.since(self.sent_at));
            if (date..=latest).contains(&now) { now } else { date }
        })
    }

    /// The task's age is the server's affair where its clock can be read, so that a wrong local clock does no harm.
    fn set_origin(&mut self, envelope: &Envelope, now: Timestamp, about: Answered) {
        if let (Some(_), Some(requested)) = (about.server_time, envelope.requested_at) {
            let age = self.server_time(now, about).since(requested);
            self.origin = Some(Timestamp::from_ms(now.as_ms().saturating_sub(age.as_millis() as u64)));
        }
    }

    /// When the next poll is due; never after the first deadline, so that its last request is sent exactly then.
    fn next_poll(&self, now: Timestamp, pause: Option<Pause>) -> Timestamp {
        let due = self.answered_at.map_or(now, |at| at.plus(self.interval(at)));
        let due = due.max(self.not_before).max(pause.map_or(now, |pause| pause.until));
        let deadlines = self.waiters.iter().filter_map(|waiter| waiter.deadline);
        deadlines.fold(due, Timestamp::min)
    }

    fn interval(&self, answered_at: Timestamp) -> Duration {
        let age = age(self.origin, answered_at);
        let schedules = self.waiters.iter().map(|waiter| waiter.schedule);
        shortest(schedules, |schedule| {
            let interval = schedule.interval(age, self.phase);
            match self.retries {
                0 => interval,
                count => interval.max(schedule.retry_interval(count, self.phase)),
            }
        })
    }

    fn settle(&mut self, how: Settled, which: &dyn Fn(&Waiter) -> bool) {
        let settled = &mut self.settled;
        self.waiters.retain(|waiter| {
            let is_done = which(waiter);
            if is_done {
                settled.push((waiter.id, how));
            }
            !is_done
        });
        if self.waiters.is_empty() {
            self.in_flight = None;
        }
    }
}
