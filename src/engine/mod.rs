//! All tasks of a client: who is asked when, and who is told what. It has no clock, sends nothing and calls nobody: a
//! driver tells it what happened, and asks it what to do.
//!
//! | file | its one job |
//! |---|---|
//! | `tasks` | the tasks that are known |
//! | `calls` | who waits for them: how a call begins, rests, leaves and ends |
//! | `requests` | when a request may be sent, which is next, and when one is late |
//! | `replies` | what a reply changes, and who is told of it |
//! | `pauses` | what a pause that HubSpot demands does |
//! | `learning` | the families, and what their finished tasks took |
//! | `outputs` | what is to be done |
//! | `settings` | what holds for all tasks |
//! | `slots` | things by number |
//!
//! # The contract
//! **In** go calls ([`wait`](Engine::wait), [`look`](Engine::look), [`poll_once`](Engine::poll_once),
//! [`errand`](Engine::errand), and how they
//! [`rest`](Engine::rest), [`attend`](Engine::attend), [`leave`](Engine::leave)), replies ([`reply`](Engine::reply)) and
//! news of the host ([`wake`](Engine::wake), [`turn`](Engine::turn)), each with what the clock says. No clock does any harm:
//! one that stands still or goes back, since a timer that rang counts as its time; one that jumps ahead, since what it
//! makes due is not asked before a timer of the shortest interval rang.
//!
//! **Out** comes [`next`](Engine::next), one [`Output`] at a time. After anything that goes in, the driver takes outputs
//! until it gets [`NewTurn`](Output::NewTurn), [`WaitUntil`](Output::WaitUntil) or [`Idle`](Output::Idle), and only then
//! puts in the next reply, since outputs speak of what the driver [kept](Kept) of the last one. Between two outputs calls
//! may begin, rest, attend and leave, and tasks be opened and closed.
//!
//! - A [`Send`](Output::Send) wants one [`reply`](Engine::reply), unless [`GiveUp`](Output::GiveUp) comes first. A
//!   [`Late`](Output::Late) wants it before anything else goes in, or the next output is taken. A request that is to be
//!   repeated keeps its number.
//! - Each call ends with one output that names it ([`Finished`](Output::Finished), [`Failed`](Output::Failed),
//!   [`Seen`](Output::Seen), [`Replied`](Output::Replied), [`Stepped`](Output::Stepped)), unless it leaves or its task is closed: then only what was
//!   decided before still comes, which the driver ignores. A number is not used again before that.
//! - **Told before sent**: what is told comes before what is sent, and who was told something or left has a turn of the
//!   host's before anything is sent: [`NewTurn`](Output::NewTurn). What is told counts from when its output is taken.
//!
//! ```
//! use hubspot_async_tasks::engine::{Engine, Output, Reply, Settings};
//! use hubspot_async_tasks::family::Family;
//! use hubspot_async_tasks::poll::{Answer, Code, Phase, Timestamp};
//!
//! let mut engine = Engine::new(Settings::default());
//! let now = Timestamp::from_ms(1_755_770_400_000);
//! let task = engine.open(Family::Export, Phase::of("90151673")).expect("a task");
//! let call = engine.wait(task, now, engine.settings().wait()).expect("a call");
//!
//! let Output::Send(send) = engine.next(now) else { panic!("the first poll is at once") };
//! assert!(matches!(engine.next(now), Output::WaitUntil(_)), "until it takes too long");
//!
//! let answer = Answer::Unsendable(Code::Network);
//! engine.reply(send.request, now, &Reply { answer, ..Reply::default() });
//! let Output::Failed(failed, failure) = engine.next(now) else { panic!("nothing can be sent here") };
//! assert_eq!((failed, failure.code), (call, Code::Network));
//! assert_eq!(engine.next(now), Output::Idle);
//! ```

mod calls;
mod learning;
mod outputs;
mod pauses;
mod replies;
mod requests;
mod settings;
mod slots;
mod tasks;

pub use calls::Effect;
pub use learning::FamilyKey;
pub use outputs::{
    Ending, Event, EventKind, Failure, Fault, FaultOf, Finished, Output, PollStep, Send, ThrottleReason,
};
pub use replies::{Kept, Reply};
pub use settings::{Settings, Timeout, WaitSettings};
pub use slots::{CallId, RequestId, TaskKey};

use calls::Call;
use learning::KnownFamily;
use outputs::Outputs;
use requests::{Decision, Request};
use slots::{Chain, Slots};
use tasks::Entry;

use crate::poll::{Budget, Code, Heap, Lag, Pause, Places, Queue, SteadyTime, Timestamp};

/// All tasks of a client.
#[derive(Debug)]
pub struct Engine {
    settings: Settings,
    time: SteadyTime,
    tasks: Slots<TaskKey, Entry>,
    calls: Slots<CallId, Call>,
    requests: Slots<RequestId, Request>,
    /// The tasks that want a poll, by when.
    queue: Queue,
    /// The calls that wait for a slot, the oldest first.
    unsent: Chain<CallId>,
    /// Those who wait, by deadline.
    deadlines: Heap,
    deadline_places: Places,
    /// Where each is in the heap of its task's paces.
    pace_places: Places,
    /// The requests under way, by when they take too long.
    timeouts: Heap,
    /// The requests that wait to be sent again, the one first that was answered first.
    repeats: Chain<RequestId>,
    request_places: Places,
    budget: Budget,
    /// The built-in ones first, in the order of [`Family::ALL`](crate::family::Family::ALL).
    families: Vec<KnownFamily>,
    /// The pause that HubSpot demanded last.
    pause: Option<Pause>,
    /// Whether there was a valid answer, ever.
    set_up_works: bool,
    /// Whether a call was sent last: then a poll that is due comes before the next call.
    is_polls_turn: bool,
    /// Since when the budget holds polls back.
    held_since: Option<Timestamp>,
    /// The task that was already reported as throttled; it is not reported twice.
    reported_throttled: Option<TaskKey>,
    outputs: Outputs,
}

impl Engine {
    /// An engine without tasks.
    pub fn new(settings: Settings) -> Self {
        Engine {
            budget: Budget::new(settings.rate_limit, settings.max_concurrent),
            families: learning::built_in(&settings.learned, settings.learns),
            settings,
            time: SteadyTime::default(),
            tasks: Slots::default(),
            calls: Slots::default(),
            requests: Slots::default(),
            queue: Queue::default(),
            unsent: Chain::default(),
            deadlines: Heap::default(),
            deadline_places: Places::default(),
            pace_places: Places::default(),
            timeouts: Heap::default(),
            repeats: Chain::default(),
            request_places: Places::default(),
            pause: None,
            set_up_works: false,
            is_polls_turn: false,
            held_since: None,
            reported_throttled: None,
            outputs: Outputs::default(),
        }
    }

    /// What all tasks share.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Somebody observes from now on: see [`Settings::has_observer`].
    pub fn observe(&mut self) {
        self.settings.has_observer = true;
    }

    /// The engine's time for what the clock says now: it never goes back.
    pub fn time(&mut self, clock: Timestamp) -> Timestamp {
        self.tick(clock)
    }

    #[inline(never)]
    fn tick(&mut self, clock: Timestamp) -> Timestamp {
        let now = self.time.at(clock);
        if let Some(lag) = self.time.lag() {
            self.mend(lag, now);
        }
        now
    }

    /// The newest time that was given.
    pub fn now(&self) -> Timestamp {
        self.time.last()
    }

    /// Perhaps no time passed since that instant: what goes by the time between requests begins anew. Deadlines and ages go
    /// by the clock, since a host that slept looks the same. With `None`, what failed for want of an answer is due now.
    fn reconsider(&mut self, in_doubt_since: Option<Timestamp>, now: Timestamp) {
        for key in self.tasks.ids() {
            let is_changed = |entry: &mut Entry| match in_doubt_since {
                None if entry.fault.is_some_and(Code::tells_nothing) => {
                    entry.poll.retry_now(now);
                    true
                }
                None => false,
                Some(from) => entry.poll.doubt(from, now, self.settings.schedule.min),
            };
            if self.tasks.get_mut(key).is_some_and(is_changed) {
                self.replan(key, now);
            }
        }
    }

    /// The clock had been set back, and now a timer tells how much time passed before: what was noted meanwhile was noted
    /// too early. Nothing else is: it goes by the timers that were set before.
    fn mend(&mut self, lag: Lag, now: Timestamp) {
        self.mend_calls(lag);
        self.mend_requests(lag);
        self.budget.mend(lag);
        for key in self.tasks.ids() {
            if self.tasks.get_mut(key).is_some_and(|entry| entry.poll.mend(lag)) {
                self.replan(key, now);
            }
        }
        if let Some(pause) = &mut self.pause {
            pause.until = lag.mend(pause.since, pause.until);
        }
        self.end_for_pause(now);
    }

    /// What to do now. See [the contract](self).
    pub fn next(&mut self, clock: Timestamp) -> Output {
        let now = self.tick(clock);
        if let Some(from) = self.time.doubt() {
            self.reconsider(Some(from), now);
        }
        loop {
            if let Some(output) = self.outputs.pop() {
                return output;
            }
            self.recycle();
            match self.decide(now) {
                Decision::Changed => {}
                Decision::AfterTurn => return Output::NewTurn,
                Decision::Nothing => break,
            }
        }
        let at = self.wake_at(now);
        self.time.expect_ring(at);
        at.map_or(Output::Idle, Output::WaitUntil)
    }

    /// No output speaks any more of what is over: its numbers may be used again.
    fn recycle(&mut self) {
        self.tasks.recycle();
        self.calls.recycle();
        self.requests.recycle();
    }

    /// A new task of the host began: whoever was told something before had time to react. `rang`: for which instant the
    /// timer was set that rang, if one did.
    pub fn turn(&mut self, rang: Option<Timestamp>) {
        self.outputs.is_turn_owed = false;
        self.time.ring(rang.unwrap_or_default());
    }

    /// The host was away, or the network is back: what failed for want of an answer is asked again at once.
    pub fn wake(&mut self, clock: Timestamp) {
        // A timer that did not ring says nothing then.
        self.time.expect_ring(None);
        let now = self.tick(clock);
        self.reconsider(None, now);
    }

    /// The driver ends all calls by itself, since its clock does not work: none of them is told anything, and what is
    /// under way is given up.
    pub fn abandon(&mut self) {
        let now = self.time.last();
        for id in self.calls.ids() {
            self.drop_call(id, now);
        }
        for key in self.tasks.ids() {
            self.replan(key, now);
        }
    }
}
