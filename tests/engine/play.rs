//! The engine's driver, server and clock: it takes what is to be done, answers from a script, and jumps to the next
//! instant at which something happens. Whatever it does is [`Watched`].

use std::collections::{BTreeMap, VecDeque};

use hubspot_async_tasks::engine::{
    CallId, Event, Failure, Finished, Output, PollStep, RequestId, Send, Settings, TaskKey, WaitSettings,
};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Code, Outcome, Pace, Phase, Schedule, Span, Timestamp};

use crate::say::{Say, pause, retry};
use crate::watched::Watched;

/// When nothing happened.
pub const NEVER: [u64; 0] = [];

/// When every play begins, by the local clock. All other numbers of these tests are milliseconds after it.
pub const START: u64 = 1_755_770_400_000;
/// Its phase is 1.0356246709823609.
pub const ID: &str = "90151673";

pub fn at(ms: u64) -> Timestamp {
    Timestamp::from_ms(START + ms)
}

pub fn ms(ms: u64) -> Span {
    Span::from_ms(ms)
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    Finished(Finished),
    Failed(Failure),
    Seen,
    Stepped(PollStep),
}

/// The same in short, of a wait or a look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum How {
    Ended {
        outcome: Outcome,
        detection_delay: Option<Span>,
    },
    Failed(Code),
    /// HubSpot demanded a pause that lasts for so long still.
    Paused(Code, u64),
    Seen,
}

impl End {
    pub fn how(self) -> How {
        match self {
            End::Finished(Finished { outcome, detection_delay, .. }) => {
                How::Ended { outcome, detection_delay }
            }
            End::Failed(Failure { code, retry_after: Some(lasts), .. }) => How::Paused(code, lasts.as_ms()),
            End::Failed(Failure { code, .. }) => How::Failed(code),
            End::Seen => How::Seen,
            End::Stepped(step) => panic!("a single poll: {step:?}"),
        }
    }
}

pub fn succeeded() -> How {
    How::Ended { outcome: Outcome::Succeeded, detection_delay: None }
}

pub fn timed_out() -> How {
    How::Failed(Code::Timeout)
}

/// One who called. (The engine uses the numbers of calls again.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller(usize);

/// A request that was sent and has no answer.
struct Flight {
    request: RequestId,
    task: TaskKey,
    answered_at: u64,
    say: Say,
}

/// What the server says of a task, in turn; the last is said for ever.
struct Script(VecDeque<Say>);

impl Script {
    fn next(&mut self) -> Say {
        let last = self.0.len() == 1;
        let say = if last { self.0.front().copied() } else { self.0.pop_front() };
        say.expect("a script")
    }
}

pub struct Play {
    pub watched: Watched,
    /// The task that the play is about.
    pub task: TaskKey,
    pub now: u64,
    /// When the timer rings that is set.
    rings_at: Option<u64>,
    scripts: BTreeMap<TaskKey, Script>,
    /// The same of looks and single polls.
    call_scripts: BTreeMap<CallId, Script>,
    calls: Vec<CallId>,
    /// Whose a call is.
    callers: BTreeMap<CallId, Caller>,
    flights: Vec<Flight>,
    /// The newest status text of each task.
    texts: BTreeMap<TaskKey, u32>,
    /// At which instants something was to be done, or an answer came.
    pub instants: Vec<u64>,
    /// When each poll of the task was sent.
    pub asked: Vec<u64>,
    /// When each request was sent.
    pub sent: Vec<(u64, Send)>,
    /// When each request was given up.
    pub given_up: Vec<u64>,
    /// When the request timeout of each came.
    pub late: Vec<u64>,
    /// When each status was told, and to whom.
    pub told: Vec<(u64, Caller)>,
    /// When each call ended, and how.
    pub ends: Vec<(u64, Caller, End)>,
    pub events: Vec<(TaskKey, Event)>,
}

impl Play {
    pub fn with(settings: Settings, family: Family, script: impl IntoIterator<Item = Say>) -> Play {
        let mut watched = Watched::new(settings);
        let task = watched.open(family, Phase::of(ID));
        Play {
            watched,
            task,
            now: 0,
            scripts: BTreeMap::from([(task, Script(script.into_iter().collect()))]),
            call_scripts: BTreeMap::new(),
            calls: Vec::new(),
            callers: BTreeMap::new(),
            flights: Vec::new(),
            texts: BTreeMap::new(),
            instants: Vec::new(),
            asked: Vec::new(),
            sent: Vec::new(),
            given_up: Vec::new(),
            rings_at: None,
            late: Vec::new(),
            told: Vec::new(),
            ends: Vec::new(),
            events: Vec::new(),
        }
    }

    pub fn new(family: Family, script: impl IntoIterator<Item = Say>) -> Play {
        Play::with(Settings { has_observer: true, ..Settings::default() }, family, script)
    }

    pub fn file_import(script: impl IntoIterator<Item = Say>) -> Play {
        Play::new(Family::FileImport, script)
    }

    pub fn scheduled(schedule: Schedule, script: impl IntoIterator<Item = Say>) -> Play {
        Play::with(Settings { schedule, ..Settings::default() }, Family::FileImport, script)
    }

    /// One more task.
    pub fn open(&mut self, family: Family, script: impl IntoIterator<Item = Say>) -> TaskKey {
        let task = self.watched.open(family, Phase::of("7"));
        self.scripts.insert(task, Script(script.into_iter().collect()));
        task
    }

    fn called(&mut self, call: CallId) -> Caller {
        let caller = Caller(self.calls.len());
        self.calls.push(call);
        self.callers.insert(call, caller);
        caller
    }

    /// Waits for another task.
    pub fn wait_for(&mut self, task: TaskKey, pace: Pace, timeout: Option<u64>) -> Caller {
        let settings = WaitSettings { pace, timeout: timeout.map(ms).into() };
        let call = self.watched.wait(task, at(self.now), settings);
        self.called(call)
    }

    /// The same, with the default of everything.
    pub fn wait_for_by_default(&mut self, task: TaskKey) -> Caller {
        let call = self.watched.wait(task, at(self.now), WaitSettings::default());
        self.called(call)
    }

    pub fn wait_with(&mut self, settings: WaitSettings) -> Caller {
        let call = self.watched.wait(self.task, at(self.now), settings);
        self.called(call)
    }

    /// From now on the server says this of a task.
    pub fn says(&mut self, task: TaskKey, say: Say) {
        self.scripts.insert(task, Script([say].into()));
    }

    pub fn join(&mut self, pace: Pace, timeout: Option<u64>) -> Caller {
        self.wait_for(self.task, pace, timeout)
    }

    /// Joins with the pace of those who say nothing of it.
    pub fn wait(&mut self, timeout: u64) -> Caller {
        self.join(self.watched.engine.settings().schedule.pace, Some(timeout))
    }

    /// Looks at the task; to that request the server says this, in turn.
    pub fn look(&mut self, script: impl IntoIterator<Item = Say>) -> Caller {
        self.look_at(self.task, script)
    }

    /// The same of another task.
    pub fn look_at(&mut self, task: TaskKey, script: impl IntoIterator<Item = Say>) -> Caller {
        let call = self.watched.look(task, at(self.now));
        self.call_scripts.insert(call, Script(script.into_iter().collect()));
        self.called(call)
    }

    /// Polls once.
    pub fn poll_once(&mut self, task: TaskKey, deadline: Option<u64>, say: Say) -> Caller {
        let call = self.watched.poll_once(task, at(self.now), deadline.map(at));
        self.call_scripts.insert(call, Script([say].into()));
        self.called(call)
    }

    /// HubSpot demands a pause of whoever asks, here for another task.
    pub fn demand_pause(&mut self, until: u64, code: Code) -> &mut Play {
        let other = self.open(Family::Export, []);
        self.look_at(other, [pause(code, until - self.now)]);
        self.until(self.now)
    }

    /// The call of one who called and is not over.
    fn call_of(&self, caller: Caller) -> CallId {
        let call = self.calls[caller.0];
        assert_eq!(self.callers.get(&call), Some(&caller), "its number is another's by now");
        call
    }

    pub fn leave(&mut self, caller: Caller) {
        self.watched.leave(self.call_of(caller), at(self.now));
    }

    pub fn rest(&mut self, caller: Caller) {
        self.watched.rest(self.call_of(caller), at(self.now));
    }

    pub fn attend(&mut self, caller: Caller) {
        self.watched.attend(self.call_of(caller), at(self.now));
    }

    /// Lets time pass, up to that instant and with all that happens in it.
    pub fn until(&mut self, end: u64) -> &mut Play {
        while let Some(next) = self.next_instant().filter(|next| *next <= end) {
            self.come(next);
            self.instants.push(next);
        }
        self.come(end);
        self
    }

    /// Lets time pass until nothing happens any more.
    pub fn run_out(&mut self) -> &mut Play {
        while let Some(next) = self.next_instant() {
            self.come(next);
            self.instants.push(next);
        }
        self
    }

    /// A timer rings: that is a new turn of the host's.
    pub fn come(&mut self, now: u64) {
        if let Some(rings_at) = self.rings_at.filter(|at| *at <= now) {
            self.watched.ring(at(rings_at));
        } else if now > self.now {
            self.watched.turn();
        }
        self.now = now;
    }

    /// Does all that can be done now, and says when something happens next.
    fn next_instant(&mut self) -> Option<u64> {
        loop {
            let wake = self.drain();
            if !self.answer_due() {
                let answers = self.flights.iter().map(|flight| flight.answered_at);
                return wake.into_iter().chain(answers).min();
            }
        }
    }

    /// Takes outputs until there is nothing to do, and says until when. Each new turn begins at once.
    fn drain(&mut self) -> Option<u64> {
        loop {
            match self.take_turn() {
                Output::NewTurn => self.watched.turn(),
                Output::WaitUntil(instant) => return Some(instant.as_ms() - START),
                _ => return None,
            }
        }
    }

    /// Takes outputs as long as there is something to do in this turn of the host; gives the one that says it is not.
    pub fn take_turn(&mut self) -> Output {
        for _ in 0..100_000 {
            match self.watched.next(at(self.now)) {
                Output::WaitUntil(instant) => {
                    self.rings_at = Some(instant.as_ms() - START);
                    return Output::WaitUntil(instant);
                }
                rest @ (Output::NewTurn | Output::Idle) => {
                    self.rings_at = None;
                    return rest;
                }
                output => self.take(output),
            }
        }
        panic!("outputs without end");
    }

    /// Does one thing.
    pub fn take(&mut self, output: Output) {
        match output {
            Output::Send(send) => self.send(send),
            Output::GiveUp(request) => {
                self.given_up.push(self.now);
                self.flights.retain(|flight| flight.request != request);
            }
            Output::Late(request) => {
                self.late.push(self.now);
                let place = self.flights.iter().position(|flight| flight.request == request);
                let flight = self.flights.remove(place.expect("under way"));
                self.answer(Flight { say: retry(Code::Network), ..flight });
            }
            Output::Status(call) => self.told.push((self.now, self.callers[&call])),
            Output::Finished(call, finished) => self.end(call, End::Finished(finished)),
            Output::Failed(call, failure) => self.end(call, End::Failed(failure)),
            Output::Seen(call) => self.end(call, End::Seen),
            Output::Stepped(call, step) => self.end(call, End::Stepped(step)),
            Output::Happened(task, event) => self.events.push((task, event)),
            Output::NewTurn | Output::WaitUntil(_) | Output::Idle | Output::Replied(_) => {
                panic!("{output:?} is nothing to do")
            }
        }
    }

    fn end(&mut self, call: CallId, end: End) {
        self.ends.push((self.now, self.callers[&call], end));
    }

    fn send(&mut self, send: Send) {
        let script = match send.call {
            Some(call) => self.call_scripts.get_mut(&call),
            None => self.scripts.get_mut(&send.task),
        };
        let say = script.expect("a script").next();
        self.sent.push((self.now, send));
        if send.task == self.task && send.call.is_none() {
            self.asked.push(self.now);
            assert!(self.asked.len() < 5_000, "asks without end");
        }
        let (request, task, answered_at) = (send.request, send.task, self.now + say.after);
        self.flights.push(Flight { request, task, answered_at, say });
    }

    /// The first answer that is there; says whether there was one.
    fn answer_due(&mut self) -> bool {
        let Some(place) = self.flights.iter().position(|flight| flight.answered_at <= self.now) else {
            return false;
        };
        let flight = self.flights.remove(place);
        self.answer(flight);
        true
    }

    /// What is under way for a task is answered now.
    pub fn answer_now(&mut self, task: TaskKey, say: Say) {
        let is_its = |flight: &Flight| flight.task == task;
        let place = self.flights.iter().position(is_its).expect("under way");
        let flight = self.flights.remove(place);
        self.answer(Flight { say, ..flight });
    }

    fn answer(&mut self, flight: Flight) {
        let Say { mut reply, text, .. } = flight.say;
        reply.is_same_status = self.texts.get(&flight.task) == Some(&text);
        if self.watched.reply(flight.request, at(self.now), &reply).status {
            self.texts.insert(flight.task, text);
        }
    }

    /// How that call ended, and when. Fails unless it did so once.
    pub fn end_of(&self, caller: Caller) -> (u64, How) {
        let mut ends = self.ends.iter().filter(|(_, ended, _)| *ended == caller);
        let (at, _, end) = ends.next().expect("the call ended");
        assert_eq!(ends.next(), None, "ended twice");
        (*at, end.how())
    }

    pub fn has_ended(&self, caller: Caller) -> bool {
        self.ends.iter().any(|(_, ended, _)| *ended == caller)
    }

    /// How many requests are under way.
    pub fn under_way(&self) -> usize {
        self.flights.len()
    }

    /// How many polls of the task were answered or failed.
    pub fn polls(&self) -> u32 {
        self.watched.progress(self.task, Pace::INTERACTIVE).polls
    }
}

/// An instant `wait` after another, as a clock of whole milliseconds has it.
pub fn later(ms: u64, wait: Span) -> u64 {
    at(ms).plus(wait).as_ms() - START
}

/// The poll times of a task that answers at once, by the theory.
pub fn theory(schedule: Schedule, first: u64, last: u64) -> Vec<u64> {
    let next = |asked: &u64| Some(later(*asked, schedule.interval(ms(*asked), Phase::of(ID), None)));
    std::iter::successors(Some(first), next).take_while(|asked| *asked <= last).collect()
}
