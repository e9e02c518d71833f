//! One task's polling: what was asked and answered so far, and so when the next poll is due.
//!
//! It knows nobody who waits. [`engine`](crate::engine) says how eagerly the task is wanted, and whom an end concerns.
//!
//! ```
//! use hubspot_async_tasks::family::Family;
//! use hubspot_async_tasks::poll::{Answered, Code, Fits, Phase, Schedule, TaskPoll, Timestamp, Verdict};
//!
//! let mut poll = TaskPoll::new(Family::Export, Phase::of("90151673"));
//! let start = Timestamp::from_ms(1_000);
//! poll.want(start, start);
//! assert_eq!(poll.plan(start, Schedule::default(), &Fits::default()).due, start, "the first poll is at once");
//!
//! let request = poll.sent(start);
//! let heard = poll.answered(request, start, &Verdict::Stop(Code::Forbidden), Answered::default());
//! assert_eq!(heard.stops, Some(Code::Forbidden));
//! ```

use std::num::NonZeroU32;

use super::schedule::age;
use super::verdict::LONGEST_PAUSE;
use super::{
    Code, Envelope, Estimate, Fits, Lag, Learned, LearnedPhase, Outcome, Phase, Plan, Progress, Schedule,
    Span, Timestamp, Verdict, outcome,
};
use crate::family::{Rules, Standing};

/// What the polling cannot know about an answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answered {
    /// What the server's clock said, where that can be read.
    pub server_time: Option<Timestamp>,
    /// What `Retry-After` asked for; on a good answer it holds back the task's next poll, once.
    pub retry_after: Option<Span>,
    /// How long the request was under way.
    pub took: Span,
    /// Whether this client ever had a valid answer. If not, faults in a row are taken for a wrong set-up.
    pub set_up_works: bool,
}

/// What an answer changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Whether its status is the newest that was seen.
    pub is_newest: bool,
    /// Why going on would not help.
    pub stops: Option<Code>,
}

/// Without a good answer, ever, so many requests in a row that brought none mean that the set-up is wrong.
const SET_UP_STOPS_AT: u8 = 3;

/// For so long HubSpot may not know everywhere what was started.
const NEW_FOR: Span = Span::from_secs(10);

/// After about 2.5 minutes at the interactive pace, and 10 at that of a batch.
const DETAILS_AT: u32 = 24;

/// The polling of one task. Small, since there are as many as tasks.
#[derive(Debug)]
pub struct TaskPoll {
    rules: Rules,
    phase: Phase,
    /// When the task was asked for, by the local clock.
    origin: Option<Timestamp>,
    /// When HubSpot began to work on it, as far as that is known, by the local clock: it may have been queued before.
    processing: Option<Timestamp>,
    /// Whether it was seen before that.
    was_queued: bool,
    /// Whether this client started it.
    is_started_here: bool,
    polls: u32,
    /// The number of the newest request.
    sent: u32,
    /// The number of the newest request whose status was taken.
    taken: u32,
    /// From when the interval to the next poll counts: the last poll's answer, or the start of a task whose start was
    /// seen. With `None` the next poll is due at `not_before`.
    answered_at: Option<Timestamp>,
    not_before: Timestamp,
    /// Passing faults in a row; they stop at the highest number.
    retries: u8,
    /// At so many of the last fault's kind in a row it is no passing one. Each kind has its own number.
    stops_at: u8,
    /// How many of that kind there were in a row.
    of_kind: u8,
    end: Option<Outcome>,
    /// How long after its completion the end was first seen: one more than the milliseconds.
    detection_delay: Option<NonZeroU32>,
}

impl TaskPoll {
    /// A task of which nothing is known but that it exists.
    pub fn new(rules: impl Into<Rules>, phase: Phase) -> Self {
        TaskPoll {
            rules: rules.into(),
            phase,
            origin: None,
            processing: None,
            was_queued: false,
            is_started_here: false,
            polls: 0,
            sent: 0,
            taken: 0,
            answered_at: None,
            not_before: Timestamp::default(),
            retries: 0,
            stops_at: Verdict::NEVER,
            of_kind: 0,
            end: None,
            detection_delay: None,
        }
    }

    /// A task that this client started now: its first poll comes after the shortest interval.
    pub fn started(rules: impl Into<Rules>, phase: Phase, now: Timestamp, min: Span) -> Self {
        TaskPoll {
            origin: Some(now),
            not_before: now.plus(min),
            is_started_here: true,
            ..TaskPoll::new(rules, phase)
        }
    }

    /// Whether HubSpot may not know it everywhere yet, since it was started just now.
    pub fn is_new_at_hubspot(&self, now: Timestamp) -> bool {
        self.is_started_here && age(self.origin, now) < NEW_FOR
    }

    /// The polling that another process began. That process's clock may be ahead: what it says of the future is put right
    /// when the task is [wanted](TaskPoll::want) and [sent](TaskPoll::sent) for.
    pub fn resumed(rules: impl Into<Rules>, phase: Phase, progress: &Progress) -> Self {
        TaskPoll {
            origin: progress.started,
            processing: progress.processing,
            was_queued: progress.was_queued,
            polls: progress.polls,
            answered_at: progress.started.filter(|_| progress.due.is_none()),
            not_before: progress.due.unwrap_or_default(),
            retries: progress.faults.min(u8::MAX.into()) as u8,
            ..TaskPoll::new(rules, phase)
        }
    }

    /// Where the polling stands, for another process to carry on. `schedule` says when the next poll is due if nobody
    /// waits.
    pub fn progress(&self, schedule: Schedule, learned: &Fits) -> Progress {
        let due = match self.answered_at {
            Some(at) => Some(at.plus(self.interval(at, schedule, learned)).max(self.not_before)),
            None => Some(self.not_before).filter(|due| *due > Timestamp::default()),
        };
        Progress {
            started: self.origin,
            processing: self.processing,
            was_queued: self.was_queued,
            polls: self.polls,
            due,
            faults: self.retries.into(),
        }
    }

    /// What its family's tasks are like.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// The task's phase.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// How many polls were answered or failed.
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// Whether nothing was ever sent for it.
    pub fn is_unasked(&self) -> bool {
        self.sent == 0
    }

    /// How the task ended; `None` while it has not.
    pub fn end(&self) -> Option<Outcome> {
        self.end
    }

    /// How long after its completion the end was seen, where HubSpot told when it completed.
    pub fn detection_delay(&self) -> Option<Span> {
        self.detection_delay.map(|more| Span::from_ms((more.get() - 1).into()))
    }

    /// Somebody wants it from now on, where nobody did. One that was never asked is due at that instant at the latest, and
    /// late from now on.
    pub fn want(&mut self, now: Timestamp, last_due: Timestamp) {
        if self.answered_at.is_none() {
            self.not_before = self.not_before.max(now);
        }
        // After that, and not before: in the other order rustc 1.95 compiles it wrongly for WebAssembly.
        if self.is_unasked() {
            self.answered_at = self.answered_at.map(|at| at.min(now));
            self.not_before = self.not_before.min(last_due);
        }
    }

    /// Forgets its end where its result has a short life, so that a fresh one is asked for; says whether it has ended.
    pub fn stays_ended(&mut self, now: Timestamp) -> bool {
        let Some(outcome) = self.end else {
            return false;
        };
        if outcome.is_success() && self.rules.is_short_lived {
            self.end = None;
            self.answered_at = None;
            self.not_before = now;
        }
        self.end.is_some()
    }

    /// The network may be back, and the last poll failed for want of an answer: it is repeated as soon as it may be.
    pub fn retry_now(&mut self, now: Timestamp) {
        self.retries = 0;
        self.not_before = self.not_before.max(now);
        self.answered_at = None;
    }

    /// Whether the next poll asks for the task's details, since its status told nothing for so long: at the 24th poll, and
    /// each time that there were twice as many. By their number, since that is all that the next process knows.
    pub fn asks_for_details(&self) -> bool {
        let next = self.polls.saturating_add(1);
        self.rules.has_details && next.is_multiple_of(DETAILS_AT) && (next / DETAILS_AT).is_power_of_two()
    }

    /// Its details told nothing: its status is asked at this instant.
    pub fn ask_again_at(&mut self, at: Timestamp) {
        self.answered_at = None;
        self.not_before = self.not_before.max(at);
    }

    /// Whether HubSpot wants no poll of it now, since its last answer was a fault that said so.
    pub fn is_held_back(&self, now: Timestamp) -> bool {
        self.retries > 0 && self.not_before > now
    }

    /// Perhaps no time passed between these instants: the interval begins anew where less than the shortest one (with its
    /// phase) is sure to have passed of it. Says whether that is so of this task.
    pub fn doubt(&mut self, from: Timestamp, now: Timestamp, min: Span) -> bool {
        let shortest = Span::from_ms(min.as_ms() - min.as_ms() / 8);
        let is_young = self.answered_at.is_some_and(|at| at.plus(shortest) > from);
        if is_young {
            self.answered_at = Some(now);
        }
        is_young
    }

    /// What was noted too early is put off. Says whether that is so of this task.
    pub fn mend(&mut self, lag: Lag) -> bool {
        let Some(noted) = self.answered_at.filter(|at| *at >= lag.since) else {
            return false;
        };
        self.answered_at = Some(noted.plus(lag.by));
        self.not_before = self.not_before.plus(lag.by);
        true
    }

    /// When the next poll is due, and how urgent it is then.
    pub fn plan(&self, now: Timestamp, schedule: Schedule, learned: &Fits) -> Plan {
        let interval = self.interval(self.answered_at.unwrap_or_default(), schedule, learned);
        let due = self.answered_at.map_or(self.not_before, |at| at.plus(interval));
        Plan {
            asked: self.answered_at.unwrap_or(self.not_before).min(now),
            interval,
            due: due.max(self.not_before),
        }
    }

    /// A request is sent now: gives its number among the task's requests.
    pub fn sent(&mut self, now: Timestamp) -> u32 {
        self.origin = Some(self.origin.unwrap_or(now).min(now));
        self.processing = self.processing.map(|at| at.min(now));
        self.sent = self.sent.saturating_add(1);
        self.sent
    }

    /// The poll of this number was answered, or failed.
    pub fn answered(&mut self, request: u32, now: Timestamp, verdict: &Verdict, about: Answered) -> Heard {
        self.answered_at = Some(now);
        self.polls = self.polls.saturating_add(1);
        self.count_faults(verdict, about);
        let mut stops = None;
        match *verdict {
            Verdict::Status(_) | Verdict::Empty => {
                self.not_before = now.plus(about.retry_after.unwrap_or_default().min(LONGEST_PAUSE));
            }
            Verdict::Retry { code, at_least, .. } => {
                self.not_before = now.plus(at_least);
                if self.of_kind >= self.stops_at {
                    // Whoever waits for it afterwards begins anew.
                    (self.retries, self.of_kind) = (0, 0);
                    stops = Some(code);
                } else if self.stops_at == SET_UP_STOPS_AT {
                    // After 1 and 2 s, whatever its intervals: whoever sets something up waits for the verdict.
                    self.answered_at = None;
                    self.not_before = self.not_before.max(now.plus(Span::from_secs(self.of_kind.into())));
                }
            }
            Verdict::Pause { lasts, .. } => self.not_before = now.plus(lasts),
            Verdict::Stop(code) => stops = Some(code),
        }
        Heard { is_newest: self.observed(request, now, verdict, about), stops }
    }

    /// A request outside the schedule was answered: its status counts, its faults are the asker's. Says whether its
    /// status is the newest that was seen.
    pub fn observed(&mut self, request: u32, now: Timestamp, verdict: &Verdict, about: Answered) -> bool {
        // An answer that was overtaken must not make a finished task run again.
        if request < self.taken {
            return false;
        }
        let Verdict::Status(envelope) = verdict else {
            return false;
        };
        self.taken = request;
        // Faults before it and after it are not in a row.
        self.stops_at = Verdict::NEVER;
        self.set_origin(envelope, now, about);
        self.set_processing(envelope, now);
        let outcome = outcome(envelope, self.rules);
        if outcome == Outcome::Running {
            self.end = None;
            self.detection_delay = None;
        } else {
            let seen = self.server_time(now, about);
            // A second look at an export finds nothing new.
            let delay = envelope.completed_at.map(|at| whole_ms(seen.since(at)));
            let more = delay.and_then(|ms| NonZeroU32::new(ms.saturating_add(1)));
            self.detection_delay = self.detection_delay.or(more);
            self.end = Some(outcome);
        }
        true
    }

    fn count_faults(&mut self, verdict: &Verdict, about: Answered) {
        let before = std::mem::replace(&mut self.stops_at, Verdict::NEVER);
        match *verdict {
            Verdict::Status(_) | Verdict::Empty => self.retries = 0,
            Verdict::Retry { code, stops_at, .. } => {
                let may_be_set_up = !about.set_up_works && code.tells_nothing();
                self.stops_at = if may_be_set_up { SET_UP_STOPS_AT } else { stops_at };
                self.retries = self.retries.saturating_add(1);
            }
            Verdict::Pause { .. } | Verdict::Stop(_) => {}
        }
        if self.stops_at != before || self.stops_at == Verdict::NEVER {
            self.of_kind = 0;
        }
        self.of_kind += 1;
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

    /// How long it is likely still to take; `None` where that is not known, or it is over. Of a task that was never asked,
    /// as if it began now.
    pub fn estimate(&self, now: Timestamp, learned: &Learned) -> Option<Estimate> {
        if self.end.is_some() {
            return None;
        }
        let (begin, phase) = self.stage();
        learned.durations(phase).estimate(age(begin, now))
    }

    /// From when on its age counts, and what that age is compared with.
    fn stage(&self) -> (Option<Timestamp>, LearnedPhase) {
        match self.processing {
            Some(begin) => (Some(begin), LearnedPhase::Processing),
            None => (self.origin, LearnedPhase::Whole),
        }
    }

    fn interval(&self, answered_at: Timestamp, schedule: Schedule, learned: &Fits) -> Span {
        let (begin, phase) = self.stage();
        let learned = match phase {
            LearnedPhase::Whole => &learned.whole,
            LearnedPhase::Processing => &learned.processing,
        };
        let interval = schedule.interval(age(begin, answered_at), self.phase, learned.as_ref());
        match self.retries {
            0 => interval,
            count => interval.max(schedule.retry_interval(count.into(), self.phase)),
        }
    }

    /// Its age counts anew when HubSpot begins to work on it: what is left has nothing to do with how long it was
    /// queued. (Simulated: half the delay for queued exports, at about as many requests; figures in docs/polling.md.)
    fn set_processing(&mut self, envelope: &Envelope, now: Timestamp) {
        if envelope.standing == Standing::Queued {
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
}

/// Stops at the highest number: seven weeks.
fn whole_ms(span: Span) -> u32 {
    u32::try_from(span.as_ms()).unwrap_or(u32::MAX)
}
