//! Runs the engine for the npm package: on the host's callbacks, with one timer for all tasks of a client.
//!
//! Whatever may run the caller's code runs while nothing is borrowed. Run anew from inside, it returns at once, and the
//! one that runs already goes on.

use std::cell::{Cell, RefCell};

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::clients::find;
use super::clock::{delay_ms, no_timer};
use super::error::failed;
use super::host::{alarm, later, notify};
use super::results::{event_object, finished_object, pending, step_object};
use super::{Detail, FetchTransport, HostClock, StatusBody};
use crate::client::{Clock, Effect, Engine, Failure, Host, Key, News, Settings, WaitSettings};
use crate::family::Family;
use crate::poll::{Code, Timestamp};

/// The engine's host: who waits is an object of calls.js.
pub struct Web;

impl Host for Web {
    type Body = StatusBody;
    type Detail = Detail;
    type Listener = Listener;
}

/// One who waits, and the task it waits for.
#[derive(Clone)]
pub struct Listener {
    pub key: Key,
    pub call: Call,
    /// What its checkpoint goes by.
    pub settings: WaitSettings,
}

#[wasm_bindgen]
extern "C" {
    /// See calls.js.
    #[derive(Clone)]
    pub type Call;

    // Neither throws: calls.js is our own, and runs the caller's code later.
    #[wasm_bindgen(method)]
    fn tell(this: &Call, status: &JsValue);

    #[wasm_bindgen(method)]
    fn end(this: &Call, error: &JsValue, value: &JsValue, is_task_over: bool);
}

/// All that a client is.
pub struct Driver {
    /// By which the host knows it.
    number: u32,
    pub engine: RefCell<Engine<Web>>,
    transport: FetchTransport,
    clock: HostClock,
    on_event: Option<Function>,
    /// When it rings, and what stops it.
    alarm: RefCell<Option<(Timestamp, Function)>>,
    is_running: Cell<bool>,
}

/// Does what is due.
#[wasm_bindgen(skip_typescript)]
pub fn run(client: u32) {
    if let Some(driver) = find(client) {
        driver.run();
    }
}

/// The timer rang, if only nearly in time: it is to be set anew.
#[wasm_bindgen(skip_typescript)]
pub fn ring(client: u32) {
    if let Some(driver) = find(client) {
        driver.alarm.borrow_mut().take();
        driver.run();
    }
}

/// The page is shown again, or the network is back.
#[wasm_bindgen(skip_typescript)]
pub fn wake(client: u32) {
    if let Some(driver) = find(client) {
        driver.stop_alarm();
        let now = driver.now_or_last();
        driver.engine.borrow_mut().wake(now);
        driver.run();
    }
}

/// The request of that number was answered, or failed.
#[wasm_bindgen(skip_typescript)]
pub fn replied(client: u32, number: u32, answer: JsValue) {
    if let Some(driver) = find(client) {
        driver.replied(number, &answer);
    }
}

impl Driver {
    pub fn new(
        number: u32,
        transport: FetchTransport,
        clock: HostClock,
        settings: Settings,
        on_event: Option<Function>,
    ) -> Driver {
        Driver {
            number,
            engine: RefCell::new(Engine::new(settings)),
            transport,
            clock,
            on_event,
            alarm: RefCell::default(),
            is_running: Cell::default(),
        }
    }

    /// The time; fails when the clock does.
    #[inline(never)]
    pub fn now(&self) -> Result<Timestamp, Detail> {
        let clock = self.clock.now()?;
        Ok(self.engine.borrow_mut().time(clock))
    }

    /// The time, or the last one known: an answer must not be lost because the clock failed as it came.
    pub fn now_or_last(&self) -> Timestamp {
        self.now().unwrap_or_else(|_| self.engine.borrow().last_time())
    }

    fn replied(&self, number: u32, answer: &JsValue) {
        let now = self.now_or_last();
        let family = self.engine.borrow().family_of(number);
        let reply = self.transport.read(answer, family.unwrap_or(Family::FileImport), now);
        self.engine.borrow_mut().reply(number, now, reply);
        self.run();
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
                later(self.number);
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
                let sender = self.transport.sender();
                sender.send(self.number, question.number, repeats, &question.path);
            }
            // It fails where there is nothing to break off, and there is nobody to tell.
            Effect::Abort(number) => drop(self.transport.sender().give_up(number)),
            Effect::Late(number) => {
                let waited_for_token = self.transport.sender().give_up(number) == Ok(true);
                let now = self.now_or_last();
                let reply = FetchTransport::too_late(waited_for_token);
                self.engine.borrow_mut().reply(number, now, reply);
            }
            Effect::Tell(listener, News::Status(status)) => listener.call.tell(status.object()),
            Effect::Tell(listener, News::End(Ok(finished))) => {
                listener.call.end(&JsValue::UNDEFINED, &finished_object(&finished), true)
            }
            Effect::Tell(listener, News::End(Err(failure))) => {
                let is_task_over = matches!(failure.code, Code::Canceled | Code::Failed);
                let error = self.error(&failure, &listener);
                listener.call.end(&error, &JsValue::UNDEFINED, is_task_over)
            }
            Effect::Look(listener, Ok(status)) => {
                let status = status.map_or_else(pending, |status| status.object().clone());
                listener.call.end(&JsValue::UNDEFINED, &status, false)
            }
            Effect::Polled(listener, Ok(step)) => {
                let fault = step.fault.as_ref().map(|fault| self.error(fault, &listener));
                listener.call.end(&JsValue::UNDEFINED, &step_object(&step, fault), false)
            }
            Effect::Look(listener, Err(failure)) | Effect::Polled(listener, Err(failure)) => {
                listener.call.end(&self.error(&failure, &listener), &JsValue::UNDEFINED, false)
            }
            Effect::Happened(event) => {
                if let Some(observer) = &self.on_event {
                    notify(observer, &event_object(&event));
                }
            }
        }
    }

    fn error(&self, failure: &Failure<StatusBody, Detail>, about: &Listener) -> JsValue {
        let engine = self.engine.borrow();
        let name = engine.name_of(about.key).cloned();
        let checkpoint = engine.checkpoint(about.key, about.settings);
        drop(engine);
        failed(failure, name.as_ref(), checkpoint.as_ref())
    }

    fn set_alarm(&self) -> Result<(), Detail> {
        let now = self.now()?;
        let at = self.engine.borrow_mut().wake_at(now);
        if self.alarm.borrow().as_ref().map(|(at, _)| *at) == at {
            return Ok(());
        }
        self.stop_alarm();
        if let Some(at) = at {
            let stop = alarm(self.number, delay_ms(at.since(now)), self.clock.object());
            let stop = stop.map_err(|thrown| no_timer(&thrown))?;
            *self.alarm.borrow_mut() = Some((at, stop));
        }
        Ok(())
    }

    fn stop_alarm(&self) {
        let alarm = self.alarm.borrow_mut().take();
        if let Some((_, stop)) = alarm {
            // A clock that cannot clear: the timer will ring, and find nothing to do.
            let _ = stop.call0(&JsValue::UNDEFINED);
        }
    }
}
