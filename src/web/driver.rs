//! Runs the engine for the npm package: on the host's callbacks, with one timer for all tasks of a client.
//!
//! Whatever may run the caller's code runs while nothing is borrowed. Run anew from inside, it returns at once, and the
//! one that runs already goes on.

use std::cell::{Cell, RefCell};

use wasm_bindgen::JsValue;

use super::clock::delay_ms;
use super::host::{alarm, give_up, late, later, notify, send, stop_alarm, time};
use super::told::{Call, ms};
use super::{Detail, StatusBody, answer};
use crate::client::{Effect, Engine, Event, Host, News, Settings, What};
use crate::family::{Family, percent_encoded};
use crate::poll::Timestamp;

/// The engine's host: who waits is an object of told.js.
pub struct Web;

impl Host for Web {
    type Body = StatusBody;
    type Detail = Detail;
    type Listener = Call;
}

/// All that a client is. What it was given (fetch, token, clock, observer) is the host's, which calls for the client that
/// it means.
pub struct Driver {
    pub engine: RefCell<Engine<Web>>,
    /// When it rings, and what stops it.
    alarm: RefCell<Option<(Timestamp, JsValue)>>,
    is_running: Cell<bool>,
}

impl Driver {
    pub fn new(settings: Settings) -> Driver {
        Driver {
            engine: RefCell::new(Engine::new(settings)),
            alarm: RefCell::default(),
            is_running: Cell::default(),
        }
    }

    /// The time; fails when the clock does.
    #[inline(never)]
    pub fn now(&self) -> Result<Timestamp, Detail> {
        let clock = time().map_err(Detail::of)?;
        Ok(self.engine.borrow_mut().time(Timestamp::from_ms(clock as u64)))
    }

    /// The time, or the last one known: an answer must not be lost because the clock failed as it came.
    pub fn now_or_last(&self) -> Timestamp {
        self.now().unwrap_or_else(|_| self.engine.borrow().last_time())
    }

    /// The request of that number was answered, or failed.
    pub fn replied(&self, number: u32, answer: &JsValue) {
        let now = self.now_or_last();
        let family = self.engine.borrow().family_of(number);
        let reply = answer::read(answer, family.unwrap_or(Family::FileImport), now);
        self.engine.borrow_mut().reply(number, now, reply);
    }

    /// Does whatever can be done now, and sets the timer for what comes next.
    pub fn run(&self) {
        if self.is_running.replace(true) {
            return;
        }
        let done = self.work().and_then(|()| self.set_alarm());
        if let Err(detail) = done {
            self.engine.borrow_mut().stop_all(&detail);
            self.tell_all();
            self.stop_alarm();
        }
        self.is_running.set(false);
    }

    /// Fails when the clock does.
    fn work(&self) -> Result<(), Detail> {
        loop {
            let is_anybody_told = self.tell_all();
            let now = self.now()?;
            if is_anybody_told && self.engine.borrow_mut().wake_at(now).is_some_and(|at| at <= now) {
                // An abort that they ask for comes first: nothing may be sent after it.
                later();
                return Ok(());
            }
            if !self.engine.borrow_mut().decide(now) {
                return Ok(());
            }
        }
    }

    /// Does what is decided; says whether somebody heard of a status.
    fn tell_all(&self) -> bool {
        let mut is_anybody_told = false;
        loop {
            let effect = self.engine.borrow_mut().take_effect();
            let Some(effect) = effect else {
                return is_anybody_told;
            };
            is_anybody_told |= matches!(effect, Effect::Tell(_, News::Status(_)));
            self.take(effect);
        }
    }

    fn take(&self, effect: Effect<Web>) {
        match effect {
            Effect::Send(question) => {
                let repeats = question.repeats.unwrap_or_default();
                send(question.number, repeats, &question.path);
            }
            Effect::Abort(number) => give_up(number),
            Effect::Late(number) => self.replied(number, &late(number)),
            Effect::Tell(call, News::Status(status)) => call.tell(status.kept()),
            Effect::Tell(call, News::End(Ok(finished))) => call.finished(&finished),
            Effect::Look(call, Ok(status)) => {
                call.seen(&status.map_or(JsValue::UNDEFINED, |status| status.kept().clone()))
            }
            Effect::Polled(call, Ok(step)) => call.stepped(&step),
            Effect::Tell(call, News::End(Err(failure)))
            | Effect::Look(call, Err(failure))
            | Effect::Polled(call, Err(failure)) => call.fail(&call.failure(&failure)),
            Effect::Happened(event) => self.notify(&event),
        }
    }

    /// See `TaskEvent` in service.d.ts.
    fn notify(&self, event: &Event<StatusBody>) {
        let (number, none) = (f64::from, f64::NAN);
        let (kind, word, first, second, third) = match &event.what {
            What::Asked { poll } => ("asked", JsValue::UNDEFINED, number(*poll), none, none),
            What::Answered { poll, http_status, took } => {
                ("answered", JsValue::UNDEFINED, number(*poll), (*http_status).into(), ms(Some(*took)))
            }
            What::Changed(status) => ("changed", status.word(), none, none, none),
            What::Retrying { code, delay } => ("retrying", code.name().into(), ms(Some(*delay)), none, none),
            What::Throttled { reason, delay } => {
                ("throttled", reason.name().into(), ms(Some(*delay)), none, none)
            }
            What::Finished { how, polls, detection_delay } => {
                ("finished", how.name().into(), number(*polls), ms(*detection_delay), none)
            }
        };
        let (family, id) = (event.task.family as usize, percent_encoded(event.task.id.as_str()));
        notify(kind, family, &id, event.at.as_ms() as f64, &word, first, second, third);
    }

    fn set_alarm(&self) -> Result<(), Detail> {
        let now = self.now()?;
        let at = self.engine.borrow_mut().wake_at(now);
        if self.alarm.borrow().as_ref().map(|(at, _)| *at) == at {
            return Ok(());
        }
        self.stop_alarm();
        if let Some(at) = at {
            let alarm = alarm(delay_ms(at.since(now)));
            *self.alarm.borrow_mut() = Some((at, alarm.map_err(Detail::of)?));
        }
        Ok(())
    }

    pub fn stop_alarm(&self) {
        let alarm = self.alarm.borrow_mut().take();
        if let Some((_, alarm)) = alarm {
            stop_alarm(&alarm);
        }
    }
}
