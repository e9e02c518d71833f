//! What index.js makes the npm package's classes of. What can fail gives its error; none of it throws.

use std::rc::Rc;

use js_sys::JSON;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::Detail;
use super::answer::envelope;
use super::checkpoint::{checkpoint_object, read_checkpoint};
use super::driver::{Call, Driver, Listener};
use super::error::refused;
use super::host::{field, has_method, is_some, put};
use super::learned::learned_object;
use super::options::{Options, Refusal, refuse_kind, refuse_value, task_id};
use super::settings::{CALL_OPTIONS, TASK_OPTIONS, WAIT_OPTIONS, WATCH_OPTIONS, client, wait};
use crate::client::{Key, WaitSettings};
use crate::family::Family;
use crate::poll::{Timestamp, WaiterId, outcome};

#[wasm_bindgen(typescript_custom_section)]
const SERVICE: &str = include_str!("service.d.ts");

/// A client, as index.js holds it, and the host while something is under way.
#[wasm_bindgen(skip_typescript)]
pub struct ClientHandle(pub(super) Rc<Driver>);

/// What was made, or the error that says why it was not: index.js throws it. A `Result` has its error told through
/// memory, which weighs more.
fn made<Made: Into<JsValue>>(made: Result<Made, Refusal>) -> JsValue {
    made.map_or_else(|refusal| refused(&refusal), Made::into)
}

/// Reads the options; sends nothing.
#[wasm_bindgen(js_name = openClient, skip_typescript)]
pub fn open_client(options: JsValue) -> JsValue {
    made(client(&options).map(ClientHandle))
}

#[wasm_bindgen]
impl ClientHandle {
    /// A handle of a task of that family, by its place in [`Family::ALL`]; sends nothing.
    pub fn task(&self, family: usize, id: JsValue, options: JsValue) -> JsValue {
        made(self.open(Family::ALL.get(family).copied().unwrap_or(Family::FileImport), &id, &options))
    }

    fn open(&self, family: Family, id: &JsValue, options: &JsValue) -> Result<TaskHandle, Refusal> {
        let id = task_id(family, id)?;
        let options = Options::read(options, TASK_OPTIONS)?;
        let key = self.0.engine.borrow_mut().open(family, id);
        Ok(TaskHandle::new(&self.0, key, &options))
    }

    /// A handle of the task that a checkpoint speaks of, or of one alone, to be asked once; sends nothing.
    pub fn resume(&self, checkpoint: JsValue, options: JsValue, is_alone: bool) -> JsValue {
        made(self.reopen(&checkpoint, &options, is_alone))
    }

    fn reopen(&self, checkpoint: &JsValue, options: &JsValue, is_alone: bool) -> Result<TaskHandle, Refusal> {
        let checkpoint = read_checkpoint(checkpoint)?;
        let options = Options::read(options, TASK_OPTIONS)?;
        let mut engine = self.0.engine.borrow_mut();
        let key = if is_alone { engine.resume_alone(&checkpoint) } else { engine.resume(&checkpoint) };
        drop(engine);
        let mut task = TaskHandle::new(&self.0, key, &options);
        task.is_alone = is_alone;
        if task.keeps_deadline {
            task.deadline = checkpoint.deadline;
        }
        Ok(task)
    }

    /// What the client learned of how long tasks take.
    pub fn learned(&self) -> JsValue {
        learned_object(self.0.engine.borrow().learned())
    }
}

/// A task, as index.js holds it.
#[wasm_bindgen(skip_typescript)]
pub struct TaskHandle {
    driver: Rc<Driver>,
    key: Key,
    settings: WaitSettings,
    /// The deadline that its checkpoint carries.
    deadline: Option<Timestamp>,
    /// Whether the waits' own time limit was not given: a resumed task keeps the deadline it came with.
    keeps_deadline: bool,
    /// Whether it is there to be asked once.
    is_alone: bool,
}

impl Drop for TaskHandle {
    fn drop(&mut self) {
        let now = self.driver.now_or_last();
        self.driver.engine.borrow_mut().release(self.key, now);
        self.driver.run();
    }
}

impl TaskHandle {
    fn new(driver: &Rc<Driver>, key: Key, options: &Options) -> TaskHandle {
        let default = driver.engine.borrow().settings().wait;
        let settings = wait(options, default);
        let is_limited = !options.number("timeoutMs").is_nan();
        let limit = settings.timeout.filter(|_| is_limited);
        let deadline = limit.map(|timeout| driver.now_or_last().plus(timeout));
        let keeps_deadline = !is_limited;
        TaskHandle { driver: driver.clone(), key, settings, deadline, keeps_deadline, is_alone: false }
    }

    fn begin_wait(&self, options: &JsValue, call: Call, has_handler: bool) -> Result<u32, Refusal> {
        let table = if has_handler { WAIT_OPTIONS } else { WATCH_OPTIONS };
        let options = Options::read(options, table)?;
        let now = self.driver.now()?;
        let mut settings = wait(&options, self.settings);
        let is_limited = !options.number("timeoutMs").is_nan();
        if let (Some(deadline), true, false) = (self.deadline, self.keeps_deadline, is_limited) {
            settings.timeout = Some(deadline.since(now));
        }
        read_call(&options, &call)?;
        let listener = Listener { key: self.key, call, settings };
        let id = self.driver.engine.borrow_mut().join(self.key, now, settings, listener);
        Ok(id.map_or(u32::MAX, WaiterId::number))
    }

    fn begin_look(&self, options: &JsValue, call: Call) -> Result<u32, Refusal> {
        read_call(&Options::read(options, CALL_OPTIONS)?, &call)?;
        let now = self.driver.now()?;
        let listener = Listener { key: self.key, call, settings: self.settings };
        let mut engine = self.driver.engine.borrow_mut();
        Ok(match self.is_alone {
            true => engine.once(self.key, now, self.deadline, listener),
            false => engine.look(self.key, now, listener),
        })
    }
}

/// What the waits' and looks' methods take and give is calls.js's: `call` is told, and has `signal` and `onStatus`.
#[wasm_bindgen]
impl TaskHandle {
    /// The newest status.
    pub fn latest(&self) -> JsValue {
        let latest = self.driver.engine.borrow().latest(self.key);
        latest.map_or(JsValue::UNDEFINED, |status| status.object().clone())
    }

    /// Where its polling stands.
    pub fn checkpoint(&self) -> JsValue {
        let checkpoint = self.driver.engine.borrow().checkpoint(self.key, self.settings);
        let Some(mut checkpoint) = checkpoint else {
            return JsValue::UNDEFINED;
        };
        checkpoint.deadline = self.deadline;
        checkpoint_object(&checkpoint)
    }

    /// Asks once.
    pub fn look(&self, options: JsValue, call: Call) -> JsValue {
        made(self.begin_look(&options, call))
    }

    /// Gives up a look.
    #[wasm_bindgen(js_name = hangUp)]
    pub fn hang_up(&self, id: u32) {
        let now = self.driver.now_or_last();
        self.driver.engine.borrow_mut().hang_up(id, now);
        self.driver.run();
    }

    /// Begins to wait. An iterator has no `onStatus`.
    pub fn join(&self, options: JsValue, call: Call, has_handler: bool) -> JsValue {
        made(self.begin_wait(&options, call, has_handler))
    }

    /// Waits no longer.
    pub fn leave(&self, id: u32) {
        let now = self.driver.now_or_last();
        self.driver.engine.borrow_mut().leave(self.key, WaiterId::numbered(id), now);
        self.driver.run();
    }

    /// Wants nothing to be sent for now.
    pub fn rest(&self, id: u32) {
        let now = self.driver.now_or_last();
        self.driver.engine.borrow_mut().rest(self.key, WaiterId::numbered(id), now);
        self.driver.run();
    }

    /// Waits again.
    pub fn attend(&self, id: u32) {
        let now = self.driver.now_or_last();
        self.driver.engine.borrow_mut().attend(self.key, WaiterId::numbered(id), now);
    }

    /// Does what is due.
    pub fn run(&self) {
        self.driver.run();
    }
}

/// Puts what concerns the host alone into the call: `signal` and `onStatus`.
fn read_call(options: &Options, call: &JsValue) -> Result<(), Refusal> {
    let signal = options.get("signal");
    let is_signal = || {
        signal.is_object()
            && field(&signal, "aborted").as_bool().is_some()
            && ["addEventListener", "removeEventListener"].iter().all(|name| has_method(&signal, name))
    };
    if !signal.is_undefined() && !is_signal() {
        return Err(refuse_kind("signal", &signal, "an AbortSignal"));
    }
    for name in ["signal", "onStatus"] {
        put(call, name, &options.get(name));
    }
    Ok(())
}

/// What a status says about its task.
#[wasm_bindgen(js_name = outcomeOf, skip_typescript)]
pub fn outcome_of(status: JsValue, family: JsValue) -> JsValue {
    made(read_outcome(&status, &family))
}

fn read_outcome(status: &JsValue, family: &JsValue) -> Result<&'static str, Refusal> {
    let named = family.as_string().and_then(|name| Family::named(&name));
    if named.is_none() && is_some(family) {
        let takes = "\"fileImport\", \"folderUpdate\", \"export\" or \"sourceCodeExtract\"";
        return Err(refuse_value("family", family, takes));
    }
    let takes = "an object with a string status";
    // Written out and parsed again: what reads it then meets no getters.
    let text = JSON::stringify(status).map(JsValue::from);
    let text = text.map_err(|thrown| Detail::thrown("status: reading it threw", &thrown))?;
    // What JSON does not know gives no text, and no text gives no status.
    let plain = text.as_string().and_then(|text| JSON::parse(&text).ok()).unwrap_or_default();
    let envelope = envelope(&plain).ok_or_else(|| refuse_value("status", status, takes))?;
    Ok(outcome(&envelope, named).name())
}
