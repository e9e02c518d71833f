//! An engine under the eyes of its contract: whatever goes in is told to a [`Model`] too, and each output is compared
//! with what the model expects.

use hubspot_async_tasks::engine::{
    CallId, Engine, Kept, Output, Reply, RequestId, Settings, TaskKey, WaitSettings,
};
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Durations, Learned, Pace, Phase, Progress, Timestamp};

use crate::model::{Kind, Model};

/// What tasks took, family by family: as a whole, then the work alone.
fn seconds<'a>(learned: impl IntoIterator<Item = &'a Learned>) -> impl Iterator<Item = f64> {
    let both = learned.into_iter().flat_map(|learned| [&learned.whole, &learned.processing]);
    both.flat_map(Durations::seconds)
}

/// The engine's API, checked.
pub struct Watched {
    pub engine: Engine,
    pub model: Model,
    /// The request that must be answered before anything else.
    late: Option<RequestId>,
}

impl Watched {
    pub fn new(settings: Settings) -> Watched {
        Watched { engine: Engine::new(settings.clone()), model: Model::new(settings), late: None }
    }

    pub fn open(&mut self, family: Family, phase: Phase) -> TaskKey {
        let key = self.engine.open(family, phase).expect("a key");
        self.model.open(key, family, phase);
        key
    }

    pub fn resume(&mut self, key: TaskKey, progress: &Progress) {
        self.engine.resume(key, progress);
        self.model.resume(key, progress);
    }

    pub fn close(&mut self, key: TaskKey, clock: Timestamp) {
        self.engine.close(key, clock);
        self.model.close(key, clock);
    }

    pub fn wait(&mut self, key: TaskKey, clock: Timestamp, settings: WaitSettings) -> CallId {
        let id = self.engine.wait(key, clock, settings).expect("a known task");
        self.model.wait(id, key, clock, settings);
        id
    }

    pub fn look(&mut self, key: TaskKey, clock: Timestamp) -> CallId {
        let id = self.engine.look(key, clock).expect("a known task");
        self.model.ask(id, key, clock, Kind::Look);
        id
    }

    pub fn poll_once(&mut self, key: TaskKey, clock: Timestamp, deadline: Option<Timestamp>) -> CallId {
        let id = self.engine.poll_once(key, clock, deadline).expect("a known task");
        self.model.ask(id, key, clock, Kind::Once { deadline });
        id
    }

    pub fn leave(&mut self, id: CallId, clock: Timestamp) {
        self.engine.leave(id, clock);
        self.model.leave(id, clock);
    }

    pub fn rest(&mut self, id: CallId, clock: Timestamp) {
        self.engine.rest(id, clock);
        self.model.rest(id, clock);
    }

    pub fn attend(&mut self, id: CallId, clock: Timestamp) {
        self.engine.attend(id, clock);
        self.model.attend(id, clock);
    }

    pub fn reply(&mut self, id: RequestId, clock: Timestamp, reply: &Reply) -> Kept {
        assert!(self.late.is_none_or(|late| late == id), "another reply comes before that of a late request");
        self.late = None;
        let kept = self.engine.reply(id, clock, reply);
        assert_eq!(kept, self.model.reply(id, clock, reply), "what is to be kept of the reply");
        let learned = Family::ALL.iter().filter_map(|family| self.engine.learned(*family));
        assert!(seconds(learned).eq(seconds(&self.model.learned)), "what was learned");
        kept
    }

    pub fn wake(&mut self, clock: Timestamp) {
        self.engine.wake(clock);
        self.model.wake(clock);
    }

    pub fn turn(&mut self) {
        self.engine.turn(None);
        self.model.is_turn_owed = false;
    }

    /// A turn in which the timer rang that was set for that instant.
    pub fn ring(&mut self, at: Timestamp) {
        self.engine.turn(Some(at));
        self.model.is_turn_owed = false;
        self.model.ring(at);
    }

    pub fn abandon(&mut self) {
        self.engine.abandon();
        self.model.abandon();
    }

    pub fn progress(&self, key: TaskKey, pace: Pace) -> Progress {
        let progress = self.engine.progress(key, pace).expect("a known task");
        assert_eq!(progress, self.model.progress(key, pace));
        progress
    }

    pub fn next(&mut self, clock: Timestamp) -> Output {
        assert_eq!(self.late, None, "a late request is answered at once");
        let output = self.engine.next(clock);
        self.model.check(clock, &output);
        if let Output::Late(id) = output {
            self.late = Some(id);
        }
        output
    }
}
