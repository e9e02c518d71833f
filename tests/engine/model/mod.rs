//! What the engine should do, thought out anew and in the plainest way: lists that are searched from end to end, and no
//! thought of speed. Of the crate it takes what is tested by itself: one task's polling, the budget, what was learned.
//!
//! What follows from an input is expected to the letter, call by call and task by task. What follows from time alone
//! (to send, to time out) is checked when it comes: whether it may be, and, when nothing is left to do, whether anything
//! was left out.

mod calls;
mod outputs;
mod replies;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hubspot_async_tasks::engine::{CallId, Ending, Event, EventKind, Output, RequestId, Settings, TaskKey};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{
    Budget, Code, Fits, Learned, Pace, Pause, Phase, Schedule, SteadyTime, TaskPoll, Timestamp,
};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// `queue_deadline`: until when its deadline is put off while the task is queued.
    Wait {
        pace: Pace,
        deadline: Option<Timestamp>,
        queue_deadline: Option<Timestamp>,
        rests: bool,
    },
    Look,
    Once {
        deadline: Option<Timestamp>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    Open,
    /// Its end was decided.
    Over,
    /// It left: only what was decided before still comes.
    Left,
}

#[derive(Debug)]
pub struct Call {
    pub task: TaskKey,
    pub kind: Kind,
    pub state: State,
    /// Its place among all calls.
    order: u64,
    began_at: Timestamp,
    /// A look's, or a single poll's.
    request: Option<RequestId>,
    patient_until: Timestamp,
    /// What it will be told.
    expected: VecDeque<Output>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    UnderWay,
    Late,
    ToRepeat,
}

#[derive(Clone, Copy, Debug)]
struct Request {
    task: TaskKey,
    call: Option<CallId>,
    number: u32,
    sent_at: Timestamp,
    asks_for_details: bool,
    stage: Stage,
}

#[derive(Debug)]
struct Task {
    family: Family,
    phase: Phase,
    poll: TaskPoll,
    /// The words of its last poll's fault, as the driver keeps them.
    fault: Option<Code>,
    has_status: bool,
    /// Its poll, from when it is sent until its last answer.
    request: Option<RequestId>,
    /// When its next poll is due, while one is wanted.
    due: Option<Timestamp>,
    /// When its last poll was answered.
    polled_at: Option<Timestamp>,
    /// What the observer will hear.
    events: VecDeque<Event>,
    is_closed: bool,
}

pub struct Model {
    settings: Settings,
    time: SteadyTime,
    pub now: Timestamp,
    tasks: BTreeMap<TaskKey, Task>,
    pub calls: BTreeMap<CallId, Call>,
    next_order: u64,
    requests: BTreeMap<RequestId, Request>,
    unsent: Vec<CallId>,
    /// When each was answered, the oldest first.
    repeats: Vec<(Timestamp, RequestId)>,
    given_up: BTreeSet<RequestId>,
    budget: Budget,
    pub learned: [Learned; Family::COUNT],
    /// What that tells. Worked out where it changes, since it is asked for at each plan.
    fits: [Fits; Family::COUNT],
    pub pause: Option<Pause>,
    set_up_works: bool,
    /// Whether what was sent last, but for repeats, was a call.
    is_polls_turn: bool,
    /// Since when the budget was seen to hold polls back.
    held_since: Option<Timestamp>,
    pub is_turn_owed: bool,
}

impl Model {
    pub fn new(settings: Settings) -> Model {
        Model {
            budget: Budget::new(settings.rate_limit, settings.max_concurrent),
            learned: settings.learned.clone(),
            fits: settings.learned.each_ref().map(Learned::fits),
            settings,
            time: SteadyTime::default(),
            now: Timestamp::default(),
            tasks: BTreeMap::new(),
            calls: BTreeMap::new(),
            next_order: 0,
            requests: BTreeMap::new(),
            unsent: Vec::new(),
            repeats: Vec::new(),
            given_up: BTreeSet::new(),
            pause: None,
            set_up_works: false,
            is_polls_turn: false,
            held_since: None,
            is_turn_owed: false,
        }
    }

    /// When the task's next poll is due is settled anew; the poll under way is given up if nobody wants it.
    fn replan(&mut self, key: TaskKey) {
        let due = self.plan(key);
        let request = self.tasks[&key].request;
        if due.is_none() {
            self.give_up(request);
            self.task_mut(key).request = None;
        }
        let is_asked = self.tasks[&key].request.is_some();
        self.task_mut(key).due = due.filter(|_| !is_asked);
    }

    /// By the pace of the most eager one who attends.
    fn plan(&self, key: TaskKey) -> Option<Timestamp> {
        self.plan_for(key, self.attending(key))
    }

    /// The same of some of them.
    fn plan_for(&self, key: TaskKey, attending: Vec<CallId>) -> Option<Timestamp> {
        let task = &self.tasks[&key];
        let paces = attending.into_iter().filter_map(|id| match self.calls[&id].kind {
            Kind::Wait { pace, .. } => Some(pace),
            _ => None,
        });
        let pace = paces.min_by(|one, other| one.k().total_cmp(&other.k()))?;
        let schedule = Schedule { pace, ..self.settings.schedule };
        Some(task.poll.plan(self.now, schedule, &self.fits(task)).due)
    }

    fn fits(&self, task: &Task) -> Fits {
        if self.settings.learns { self.fits[task.family as usize].clone() } else { Fits::default() }
    }

    fn happen(&mut self, key: TaskKey, kind: EventKind) {
        let at = self.now;
        if self.settings.has_observer {
            self.task_mut(key).events.push_back(Event { at, kind });
        }
    }

    fn ended(&mut self, key: TaskKey, how: Ending) {
        let poll = &self.tasks[&key].poll;
        let (polls, detection_delay) = (poll.polls(), poll.detection_delay());
        self.happen(key, EventKind::Finished { how, polls, detection_delay });
    }

    fn tick(&mut self, clock: Timestamp) {
        self.now = self.time.at(clock);
        self.mend();
    }

    /// What was noted too early, since the clock had been set back, is put off.
    fn mend(&mut self) {
        let Some(lag) = self.time.lag() else {
            return;
        };
        for call in self.calls.values_mut() {
            if let Kind::Wait { deadline, queue_deadline, .. } = &mut call.kind {
                for deadline in [deadline, queue_deadline].into_iter().flatten() {
                    *deadline = lag.mend(call.began_at, *deadline);
                }
            }
            // The patience of a repeat counts from its answer.
            let from = call.patient_until.since(Timestamp::default().plus(self.settings.request_timeout));
            call.patient_until = lag.mend(Timestamp::default().plus(from), call.patient_until);
            call.began_at = lag.mend(call.began_at, call.began_at);
        }
        for request in self.requests.values_mut() {
            request.sent_at = lag.mend(request.sent_at, request.sent_at);
        }
        for (answered_at, _) in &mut self.repeats {
            *answered_at = lag.mend(*answered_at, *answered_at);
        }
        self.budget.mend(lag);
        for key in self.tasks.keys().copied().collect::<Vec<_>>() {
            if !self.tasks[&key].is_closed && self.task_mut(key).poll.mend(lag) {
                self.replan(key);
            }
        }
        if let Some(pause) = &mut self.pause {
            pause.until = lag.mend(pause.since, pause.until);
        }
        self.end_for_pause();
    }

    /// Perhaps no time passed since some instant.
    fn doubt(&mut self) {
        let Some(from) = self.time.doubt() else {
            return;
        };
        let (now, min) = (self.now, self.settings.schedule.min);
        for key in self.tasks.keys().copied().collect::<Vec<_>>() {
            if !self.tasks[&key].is_closed && self.task_mut(key).poll.doubt(from, now, min) {
                self.replan(key);
            }
        }
    }

    /// The timer rang that was set for that instant.
    pub fn ring(&mut self, at: Timestamp) {
        self.time.ring(at);
    }

    /// Until when it is paused for certain: it may be later than it seems.
    fn surely_paused_until(&self) -> Option<Timestamp> {
        let pause = self.still_paused()?;
        Some(Timestamp::from_ms(pause.until.as_ms().saturating_sub(self.time.may_lag().as_ms())))
    }

    fn still_paused(&self) -> Option<Pause> {
        self.pause.filter(|pause| pause.until > self.now)
    }

    fn task_mut(&mut self, key: TaskKey) -> &mut Task {
        self.tasks.get_mut(&key).expect("a known task")
    }

    fn call_mut(&mut self, id: CallId) -> &mut Call {
        self.calls.get_mut(&id).expect("a known call")
    }

    /// The open calls of which that is so, the oldest first.
    fn open_calls(&self, is_meant: impl Fn(&Call) -> bool) -> Vec<CallId> {
        let is_open = |call: &Call| call.state == State::Open;
        let meant = self.calls.iter().filter(|(_, call)| is_open(call) && is_meant(call));
        let mut meant: Vec<_> = meant.map(|(id, call)| (call.order, *id)).collect();
        meant.sort_unstable();
        meant.into_iter().map(|(_, id)| id).collect()
    }

    fn is_open(&self, id: CallId) -> bool {
        self.calls.get(&id).is_some_and(|call| call.state == State::Open)
    }

    fn waits(&self, key: TaskKey) -> Vec<CallId> {
        self.open_calls(|call| call.task == key && matches!(call.kind, Kind::Wait { .. }))
    }

    fn attending(&self, key: TaskKey) -> Vec<CallId> {
        self.open_calls(|call| call.task == key && matches!(call.kind, Kind::Wait { rests: false, .. }))
    }

    pub fn deadline_of(&self, id: CallId) -> Option<Timestamp> {
        match self.calls[&id].kind {
            Kind::Wait { deadline, .. } => deadline,
            _ => None,
        }
    }

    /// An open wait's task, and whether it rests.
    fn rests_of(&mut self, id: CallId) -> Option<(TaskKey, &mut bool)> {
        match self.calls.get_mut(&id).filter(|call| call.state == State::Open) {
            Some(Call { task, kind: Kind::Wait { rests, .. }, .. }) => Some((*task, rests)),
            _ => None,
        }
    }

    /// Whether the task's poll was sent and has no answer yet.
    fn is_under_way(&self, key: TaskKey) -> bool {
        let request = self.tasks[&key].request.map(|id| self.requests[&id]);
        request.is_some_and(|request| request.stage != Stage::ToRepeat)
    }
}
