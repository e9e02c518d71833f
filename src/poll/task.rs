//! One task's polling as a state machine: events go in with the time, steps come out.
//!
//! ```
//! use hubspot_async_tasks::family::{Family, TaskId};
//! use hubspot_async_tasks::poll::{Answered, Code, Schedule, Settled, Span, Step, TaskPoll, Timestamp, Verdict};
//!
//! let id = TaskId::new(Family::Export, "90151673")?;
//! let mut poll = TaskPoll::new(Family::Export, &id);
//! let start = Timestamp::from_ms(1_000);
//! let waiter = poll.join(start, Schedule::default(), Some(Span::from_secs(60)), ());
//!
//! let Step::Ask(request) = poll.step(start, None) else { panic!("the first poll is at once") };
//! poll.answered(request, start, &Verdict::Stop(Code::Forbidden), Answered::default());
//! assert_eq!(poll.step(start, None), Step::Settle(waiter, Settled::Stopped(Code::Forbidden)));
//! assert_eq!(poll.step(start, None), Step::Idle);
//! # Ok::<(), hubspot_async_tasks::family::Refused>(())
//! ```

use std::mem;
use std::num::NonZeroU32;

use super::schedule::{age, shortest};
use super::time::earlier;
use super::{
    Checkpoint, Code, Envelope, Fits, Outcome, Pace, Pause, Phase, Plan, Schedule, Span, Standing, Timestamp,
    Verdict, outcome,
};
use crate::family::{ApiVersion, Family, TaskId};

/// One of those who wait for a task, as the state machine knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaiterId(u32);

impl WaiterId {
    /// A number for hosts that hand it out.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The waiter of that [number](WaiterId::number).
    pub fn numbered(number: u32) -> WaiterId {
        WaiterId(number)
    }
}

/// One who waits for a task: how eagerly, and for how long at most.
///
/// Small, since there are as many as waits: the bounds of its schedule are whole milliseconds.
#[derive(Debug)]
struct Waiter<Listener> {
    id: WaiterId,
    listener: Listener,
    /// One who rests wants nothing to be sent for now; its deadline goes on.
    rests: bool,
    pace: Pace,
    min_ms: u32,
    max_ms: u32,
    deadline: Option<Timestamp>,
}

impl<Listener> Waiter<Listener> {
    fn schedule(&self) -> Schedule {
        let ms = |ms: u32| Span::from_ms(ms.into());
        Schedule { pace: self.pace, min: ms(self.min_ms), max: ms(self.max_ms) }
    }
}

/// What a task's next step depends on besides the task.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Conditions {
    /// The pause that the client is in.
    pub pause: Option<Pause>,
    /// What the client learned of how long the tasks of this family take.
    pub learned: Fits,
}

/// A pause, and nothing learned.
impl From<Option<Pause>> for Conditions {
    fn from(pause: Option<Pause>) -> Self {
        Conditions { pause, learned: Fits::default() }
    }
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
        detection_delay: Option<Span>,
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
    pub retry_after: Option<Span>,
    /// How long the request was under way.
    pub took: Span,
    /// Whether this client ever had a valid answer. If not, repeated faults are taken for a wrong set-up.
    pub set_up_works: bool,
}

/// So many faults in a row, and the set-up is taken for wrong.
const SET_UP_FAULTS: u8 = 5;

/// The polling of one task, shared by all who wait for it, each with a `Listener` of the caller's.
///
/// Small, since there are as many as tasks.
#[derive(Debug)]
pub struct TaskPoll<Listener = ()> {
    family: Family,
    phase: Phase,
    /// When the task was asked for, by the local clock.
    origin: Option<Timestamp>,
    /// When HubSpot began to work on it, as far as that is known, by the local clock: it may have been queued before.
    processing: Option<Timestamp>,
    /// Whether it was seen before that.
    was_queued: bool,
    polls: u32,
    /// The number of the newest request.
    sent: u32,
    /// The number of the newest request whose status was taken.
    taken: u32,
    in_flight: Option<NonZeroU32>,
    /// Whether that request was answered already, and is to be sent again.
    is_to_be_repeated: bool,
    /// From when the interval to the next poll counts: the last poll's answer, or the start of a task whose start was
    /// seen. With `None` the next poll is due at `not_before`.
    answered_at: Option<Timestamp>,
    not_before: Timestamp,
    /// Passing faults in a row; they stop at the highest number.
    retries: u8,
    /// Those of them that may come of a wrong set-up.
    set_up_faults: u8,
    end: Option<Outcome>,
    /// How long after its completion the end was first seen: one more than the milliseconds.
    detection_delay: Option<NonZeroU32>,
    waiters: Vec<Waiter<Listener>>,
    next_waiter: u32,
    /// Whose wait is over, oldest first. Most of the time there is none, and then it takes no room.
    #[expect(clippy::box_collection, reason = "a queue of its own would take three words in each task")]
    settled: Option<Box<Vec<(WaiterId, Settled, Listener)>>>,
}

impl<Listener> TaskPoll<Listener> {
    /// A task of which nothing is known but that it exists.
    pub fn new(family: Family, id: &TaskId) -> Self {
        TaskPoll {
            family,
            phase: Phase::of(id.as_str()),
            origin: None,
            processing: None,
            was_queued: false,
            polls: 0,
            sent: 0,
            taken: 0,
            in_flight: None,
            is_to_be_repeated: false,
            answered_at: None,
            not_before: Timestamp::default(),
            retries: 0,
            set_up_faults: 0,
            end: None,
            detection_delay: None,
            waiters: Vec::new(),
            next_waiter: 0,
            settled: None,
        }
    }

    /// The polling that a checkpoint stands for.
    pub fn resumed(checkpoint: &Checkpoint) -> Self {
        let mut poll = TaskPoll::new(checkpoint.family, &checkpoint.task_id);
        poll.origin = checkpoint.started;
        poll.processing = checkpoint.processing;
        poll.was_queued = checkpoint.was_queued;
        poll.polls = checkpoint.polls;
        poll.answered_at = checkpoint.started.filter(|_| checkpoint.due.is_none());
        poll.not_before = checkpoint.due.unwrap_or_default();
        poll.retries = checkpoint.faults.min(u8::MAX.into()) as u8;
        poll
    }

    /// Where the polling stands, for another process to carry on. `schedule` says when the next poll is due if nobody
    /// waits.
    pub fn checkpoint(
        &self,
        task_id: &TaskId,
        api_version: &ApiVersion,
        schedule: Schedule,
        learned: Fits,
    ) -> Checkpoint {
        let due = match self.answered_at {
            Some(at) => Some(at.plus(self.interval(at, schedule, learned)).max(self.not_before)),
            None => Some(self.not_before).filter(|due| *due > Timestamp::default()),
        };
        Checkpoint {
            family: self.family,
            task_id: task_id.clone(),
            api_version: api_version.clone(),
            started: self.origin,
            processing: self.processing,
            was_queued: self.was_queued,
            polls: self.polls,
            due,
            deadline: None,
            faults: self.retries.into(),
        }
    }

    /// How many polls were answered or failed.
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// Whether nobody asked or waited yet.
    pub fn is_untouched(&self) -> bool {
        self.sent == 0 && self.waiters.is_empty()
    }

    /// The first deadline of those who wait.
    pub fn first_deadline(&self) -> Option<Timestamp> {
        self.listening().fold(None, |first, waiter| earlier(first, waiter.deadline))
    }

    /// How the task ended; `None` while it has not.
    pub fn end(&self) -> Option<Outcome> {
        self.end
    }

    /// How long after its completion the end was seen, where HubSpot told when it completed.
    pub fn detection_delay(&self) -> Option<Span> {
        self.detection_delay.map(|more| Span::from_ms((more.get() - 1).into()))
    }

    /// Whether anybody wants it to be polled.
    pub fn has_waiters(&self) -> bool {
        self.listening().next().is_some()
    }

    /// Whether nobody wants it to be polled now, nor later.
    pub fn is_left(&self) -> bool {
        self.count() == 0
    }

    /// All who hear what becomes of the task.
    pub fn listeners(&self) -> impl Iterator<Item = &Listener> {
        let settled = self.settled.as_deref().map_or(&[][..], Vec::as_slice);
        settled
            .iter()
            .map(|(.., listener)| listener)
            .chain(self.waiters.iter().map(|waiter| &waiter.listener))
    }

    fn listening(&self) -> impl Iterator<Item = &Waiter<Listener>> {
        self.waiters.iter().filter(|waiter| !waiter.rests)
    }

    /// Somebody begins to wait, for `timeout` at most.
    ///
    /// A task that has ended is not asked again, unless its result has a short life: then once, for a fresh one.
    pub fn join(
        &mut self,
        now: Timestamp,
        schedule: Schedule,
        timeout: Option<Span>,
        listener: Listener,
    ) -> WaiterId {
        let id = WaiterId(self.next_waiter);
        self.next_waiter = self.next_waiter.wrapping_add(1);
        match self.end {
            Some(outcome) if !self.wants_fresh_result(outcome) => {
                let detection_delay = self.detection_delay();
                let how = Settled::Ended { outcome, detection_delay };
                self.settled.get_or_insert_default().push((id, how, listener));
                return id;
            }
            Some(_) => {
                self.end = None;
                self.answered_at = None;
                self.not_before = now;
            }
            None => {}
        }
        let deadline = timeout.map(|timeout| now.plus(timeout));
        self.want(now);
        let (min_ms, max_ms) = (whole_ms(schedule.min), whole_ms(schedule.max));
        // Most tasks have one who waits; a vector would begin with room for four.
        self.waiters.reserve_exact(1);
        let pace = schedule.pace;
        self.waiters.push(Waiter { id, listener, rests: false, pace, min_ms, max_ms, deadline });
        id
    }

    /// One who waits wants nothing to be sent until it attends again. It still hears how the task ends.
    pub fn rest(&mut self, id: WaiterId) {
        self.waiters.iter_mut().filter(|waiter| waiter.id == id).for_each(|waiter| waiter.rests = true);
        self.forget_unwanted();
    }

    /// One who rested waits again; it has timed out if its deadline passed meanwhile.
    pub fn attend(&mut self, id: WaiterId, now: Timestamp) {
        self.want(now);
        self.waiters.iter_mut().filter(|waiter| waiter.id == id).for_each(|waiter| waiter.rests = false);
        self.settle(Settled::TimedOut, &|waiter| {
            waiter.id == id && waiter.deadline.is_some_and(|deadline| deadline < now)
        });
    }

    /// The polls' network may be back: what failed for want of an answer is due now.
    pub fn retry_now(&mut self, now: Timestamp) {
        if self.set_up_faults > 0 {
            self.retries = 0;
            self.not_before = now;
            self.answered_at = None;
        }
    }

    /// One that was never asked is late from when somebody wants it on.
    fn want(&mut self, now: Timestamp) {
        if !self.has_waiters() && self.answered_at.is_none() {
            self.not_before = self.not_before.max(now);
        }
    }

    /// The deadline of some who wait has come, and their last poll cannot be sent; nor, if it was to be sent again, can
    /// the one in flight.
    pub fn expire(&mut self, now: Timestamp) {
        self.in_flight = None;
        self.settle(Settled::TimedOut, &|waiter| {
            !waiter.rests && waiter.deadline.is_some_and(|deadline| deadline <= now)
        });
    }

    /// Somebody waits no longer; says whether it did. When nobody does, the answer to a request in flight is no longer
    /// wanted.
    pub fn leave(&mut self, id: WaiterId) -> bool {
        if let Some(place) = self.waiters.iter().position(|waiter| waiter.id == id) {
            self.waiters.remove(place);
            self.forget_unwanted();
            return true;
        }
        let Some(settled) = &mut self.settled else {
            return false;
        };
        let place = settled.iter().position(|(settled, ..)| *settled == id);
        place.map(|place| settled.remove(place)).is_some()
    }

    fn count(&self) -> usize {
        self.waiters.len() + self.settled.as_ref().map_or(0, |settled| settled.len())
    }

    /// Nobody waits any longer: gives all who did.
    pub fn leave_all(&mut self) -> impl Iterator<Item = Listener> + use<Listener> {
        self.settle(Settled::TimedOut, &|_| true);
        let settled = self.settled.take().unwrap_or_default();
        settled.into_iter().map(|(.., listener)| listener)
    }

    fn forget_unwanted(&mut self) {
        if !self.has_waiters() {
            self.in_flight = None;
        }
    }

    /// What to do now.
    pub fn step(&mut self, now: Timestamp, conditions: impl Into<Conditions>) -> Step {
        let conditions = conditions.into();
        if let Some((id, settled, _)) = self.next_settled(now, &conditions) {
            return Step::Settle(id, settled);
        }
        match self.plan(now, &conditions) {
            None => Step::Idle,
            Some(plan) if plan.due > now => Step::WaitUntil(plan.due),
            Some(_) => Step::Ask(self.ask(now)),
        }
    }

    /// One whose wait is over, if there is one.
    pub fn next_settled(
        &mut self,
        now: Timestamp,
        conditions: &Conditions,
    ) -> Option<(WaiterId, Settled, Listener)> {
        let is_under_way = self.in_flight.is_some() && !self.is_to_be_repeated;
        if let (Some(pause), false) = (Pause::still(conditions.pause, now), is_under_way) {
            self.settle(Settled::Paused(pause), &|waiter| {
                !waiter.rests && waiter.deadline.is_some_and(|deadline| deadline < pause.until)
            });
        }
        let next = self.settled.as_mut().and_then(|settled| (!settled.is_empty()).then(|| settled.remove(0)));
        if next.is_none() {
            self.settled = None;
        }
        next
    }

    /// When the next poll is due, and how urgent it is then; `None` while none is wanted.
    pub fn plan(&self, now: Timestamp, conditions: &Conditions) -> Option<Plan> {
        if self.in_flight.is_some() || !self.has_waiters() {
            return None;
        }
        let pause = Pause::still(conditions.pause, now).map_or(self.not_before, |pause| pause.until);
        let interval = self.shortest_interval(conditions);
        let due = self.answered_at.map_or(self.not_before, |at| at.plus(interval));
        let due = due.max(self.not_before).max(pause);
        let deadline = self.first_deadline();
        Some(Plan {
            due: deadline.map_or(due, |deadline| deadline.min(due)),
            asked: self.answered_at.unwrap_or(self.not_before).min(now),
            interval,
            deadline,
        })
    }

    /// Whether the request in flight waits to be sent again.
    pub fn repeats(&mut self, waits: bool) {
        self.is_to_be_repeated = waits;
    }

    /// The poll is sent now: its number.
    pub fn ask(&mut self, now: Timestamp) -> u32 {
        let request = self.send(now);
        self.in_flight = NonZeroU32::new(request);
        self.is_to_be_repeated = false;
        request
    }

    /// A request outside the schedule is about to be sent; its answer goes to [`TaskPoll::observed`].
    pub fn send(&mut self, now: Timestamp) -> u32 {
        self.origin.get_or_insert(now);
        self.sent = self.sent.saturating_add(1);
        self.sent
    }

    /// The poll of this number was answered, or failed. Says whether its status is news: nothing newer was seen.
    pub fn answered(&mut self, request: u32, now: Timestamp, verdict: &Verdict, about: Answered) -> bool {
        if self.in_flight.is_none_or(|number| number.get() != request) {
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
        self.set_processing(envelope, now);
        let outcome = outcome(envelope, Some(self.family));
        if outcome == Outcome::Running {
            self.end = None;
            self.detection_delay = None;
        } else {
            let seen = self.server_time(now, about);
            // A second look at an export finds nothing new.
            let delay = envelope.completed_at.map(|at| whole_ms(seen.since(at)));
            let more = delay.and_then(|ms| NonZeroU32::new(ms.saturating_add(1)));
            self.detection_delay = self.detection_delay.or(more);
            let detection_delay = self.detection_delay();
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
            Verdict::Retry { code: Code::Network | Code::InvalidResponse, .. } => {
                self.set_up_faults = self.set_up_faults.saturating_add(1);
            }
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
            let latest = date.plus(Span::from_secs(1)).plus(about.took);
            if (date..=latest).contains(&now) { now } else { date }
        })
    }

    /// The task's age is the server's affair where its clock can be read, so that a wrong local clock does no harm.
    fn set_origin(&mut self, envelope: &Envelope, now: Timestamp, about: Answered) {
        if let (Some(_), Some(requested)) = (about.server_time, envelope.requested_at) {
            let age = self.server_time(now, about).since(requested);
            self.origin = Some(Timestamp::from_ms(now.as_ms().saturating_sub(age.as_ms())));
        }
    }

    /// The interval of the most eager of those who wait.
    fn shortest_interval(&self, conditions: &Conditions) -> Span {
        let at = self.answered_at.unwrap_or_default();
        let schedules = self.listening().map(|waiter| waiter.schedule());
        shortest(schedules, |schedule| self.interval(at, schedule, conditions.learned))
    }

    fn interval(&self, answered_at: Timestamp, schedule: Schedule, learned: Fits) -> Span {
        let (begin, learned) = match self.processing {
            Some(begin) => (Some(begin), learned.processing),
            None => (self.origin, learned.whole),
        };
        let interval = schedule.interval(age(begin, answered_at), self.phase, learned);
        match self.retries {
            0 => interval,
            count => interval.max(schedule.retry_interval(count.into(), self.phase)),
        }
    }

    /// Its age counts anew when HubSpot begins to work on it: what is left has nothing to do with how long it was
    /// queued. (Simulated: half the delay for queued exports, at about as many requests; figures in docs/polling.md.)
    fn set_processing(&mut self, envelope: &Envelope, now: Timestamp) {
        if envelope.standing == Standing::Running {
            self.was_queued = true;
            self.processing = None;
        } else if envelope.standing != Standing::Processing {
            self.processing = None;
        } else if let (Some(requested), Some(started), Some(origin)) =
            (envelope.requested_at, envelope.started_at, self.origin)
        {
            // By the server's dates alone: its clock may be another than this one's.
            self.processing = Some(origin.plus(started.since(requested)).min(now));
        } else if self.was_queued {
            self.processing.get_or_insert(now);
        }
    }

    fn settle(&mut self, how: Settled, which: &dyn Fn(&Waiter<Listener>) -> bool) {
        if self.waiters.iter().any(which) {
            let settled = self.settled.get_or_insert_default();
            for waiter in mem::take(&mut self.waiters) {
                if which(&waiter) {
                    settled.push((waiter.id, how, waiter.listener));
                } else {
                    self.waiters.push(waiter);
                }
            }
        }
        self.forget_unwanted();
    }
}

/// Stops at the highest number: seven weeks.
fn whole_ms(span: Span) -> u32 {
    u32::try_from(span.as_ms()).unwrap_or(u32::MAX)
}
