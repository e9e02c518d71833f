//! What api.js makes the npm package's classes of. What can fail gives its error; none of it throws.

use js_sys::JSON;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::Detail;
use super::answer::envelope;
use super::checkpoint::{checkpoint_object, read_checkpoint};
use super::clients::{self, find};
use super::clock::timestamp;
use super::driver::{Call, Driver, Listener, Web};
use super::error::refused;
use super::host::{field, has_method, is_some, put};
use super::learned::learned_object;
use super::options::{Options, Refusal, refuse_kind, refuse_value, task_id};
use super::settings::{CALL_OPTIONS, TASK_OPTIONS, WAIT_OPTIONS, WATCH_OPTIONS, client, wait};
use crate::client::{Engine, Key, WaitSettings};
use crate::family::Family;
use crate::poll::{Timestamp, WaiterId, outcome};

#[wasm_bindgen(typescript_custom_section)]
const SERVICE: &str = include_str!("service.d.ts");

/// What was made, or the error that says why it was not: api.js throws it. A `Result` has its error told through
/// memory, which weighs more.
fn made<Made: Into<JsValue>>(made: Result<Made, Refusal>) -> JsValue {
    made.map_or_else(|refusal| refused(&refusal), Made::into)
}

/// Reads the options; sends nothing. Gives the client's number.
#[wasm_bindgen(js_name = openClient, skip_typescript)]
pub fn open_client(options: JsValue) -> JsValue {
    made(clients::add(|number| client(number, &options)))
}

/// Nobody holds the client any more.
#[wasm_bindgen(js_name = closeClient, skip_typescript)]
pub fn close_client(client: u32) {
    clients::remove(client);
}

/// A handle of a task of that family, by its place in [`Family::ALL`]; sends nothing.
#[wasm_bindgen(js_name = openTask, skip_typescript)]
pub fn open_task(client: u32, family: usize, id: JsValue, options: JsValue) -> JsValue {
    let family = Family::ALL.get(family).copied().unwrap_or(Family::FileImport);
    let open = |driver: &Driver| {
        let id = task_id(family, &id)?;
        let options = Options::read(&options, TASK_OPTIONS)?;
        let key = driver.engine.borrow_mut().open(family, id);
        Ok(Handle::new(driver, key, options, None))
    };
    find(client).map_or(JsValue::UNDEFINED, |driver| made(open(&driver)))
}

/// A handle of the task that a checkpoint speaks of, or of one alone, to be asked once; sends nothing.
#[wasm_bindgen(js_name = resumeTask, skip_typescript)]
pub fn resume_task(client: u32, checkpoint: JsValue, options: JsValue, is_alone: bool) -> JsValue {
    let resume = |driver: &Driver| {
        let checkpoint = read_checkpoint(&checkpoint)?;
        let options = Options::read(&options, TASK_OPTIONS)?;
        let mut engine = driver.engine.borrow_mut();
        let key = if is_alone { engine.resume_alone(&checkpoint) } else { engine.resume(&checkpoint) };
        drop(engine);
        options.put("isAlone", &is_alone.into());
        Ok(Handle::new(driver, key, options, checkpoint.deadline))
    };
    find(client).map_or(JsValue::UNDEFINED, |driver| made(resume(&driver)))
}

/// What api.js holds of a task: the `TaskOptions` that it was given; `key`, by which the engine knows it;
/// `deadlineMs`, which its checkpoint carries; and whether it `isAlone`.
struct Handle(Options);

impl From<Handle> for JsValue {
    fn from(handle: Handle) -> JsValue {
        handle.0.into()
    }
}

impl Handle {
    /// A resumed task keeps the deadline that it came with, unless it was given a time limit.
    fn new(driver: &Driver, key: Key, options: Options, kept: Option<Timestamp>) -> Handle {
        let handle = Handle(options);
        let limit = handle.settings(driver).timeout.filter(|_| handle.is_limited());
        let deadline =
            if handle.is_limited() { limit.map(|limit| driver.now_or_last().plus(limit)) } else { kept };
        handle.0.put_number("key", key.into());
        handle.0.put_number("deadlineMs", deadline.map_or(f64::NAN, |deadline| deadline.as_ms() as f64));
        handle
    }

    fn of(object: JsValue) -> Handle {
        Handle(Options::from(object))
    }

    fn key(&self) -> Key {
        self.0.number("key") as Key
    }

    /// Whether it is there to be asked once.
    fn is_alone(&self) -> bool {
        self.0.get("isAlone").as_bool() == Some(true)
    }

    fn is_limited(&self) -> bool {
        !self.0.number("timeoutMs").is_nan()
    }

    fn deadline(&self) -> Option<Timestamp> {
        timestamp(self.0.number("deadlineMs"))
    }

    fn settings(&self, driver: &Driver) -> WaitSettings {
        wait(&self.0, driver.engine.borrow().settings().wait)
    }
}

/// The handle is gone.
#[wasm_bindgen(js_name = closeTask, skip_typescript)]
pub fn close_task(client: u32, key: Key) {
    act(client, |engine, now| engine.release(key, now));
}

/// Does that at the present time, and then what is due.
fn act(client: u32, act: impl FnOnce(&mut Engine<Web>, Timestamp)) {
    if let Some(driver) = find(client) {
        let now = driver.now_or_last();
        act(&mut driver.engine.borrow_mut(), now);
        driver.run();
    }
}

/// What the client learned of how long tasks take.
#[wasm_bindgen(skip_typescript)]
pub fn learned(client: u32) -> JsValue {
    find(client).map_or(JsValue::UNDEFINED, |driver| learned_object(driver.engine.borrow().learned()))
}

/// The newest status.
#[wasm_bindgen(skip_typescript)]
pub fn latest(client: u32, key: Key) -> JsValue {
    let latest = find(client).and_then(|driver| driver.engine.borrow().latest(key));
    latest.map_or(JsValue::UNDEFINED, |status| status.object().clone())
}

/// Where the task's polling stands.
#[wasm_bindgen(skip_typescript)]
pub fn checkpoint(client: u32, handle: JsValue) -> JsValue {
    let handle = Handle::of(handle);
    let of = |driver: &Driver| {
        let settings = handle.settings(driver);
        driver.engine.borrow().checkpoint(handle.key(), settings)
    };
    let Some(mut checkpoint) = find(client).and_then(|driver| of(&driver)) else {
        return JsValue::UNDEFINED;
    };
    checkpoint.deadline = handle.deadline();
    checkpoint_object(&checkpoint)
}

// What waits and looks take and give is calls.js's: `call` is told, and has `signal` and `onStatus`.

/// Asks outside the schedule; or, where the task is alone, once as its checkpoint says.
#[wasm_bindgen(skip_typescript)]
pub fn look(client: u32, handle: JsValue, options: JsValue, call: Call) -> JsValue {
    let handle = Handle::of(handle);
    let begin = |driver: &Driver| {
        read_call(&Options::read(&options, CALL_OPTIONS)?, &call)?;
        let now = driver.now()?;
        let (key, settings) = (handle.key(), handle.settings(driver));
        let listener = Listener { key, call, settings };
        let mut engine = driver.engine.borrow_mut();
        Ok(match handle.is_alone() {
            true => engine.once(key, now, handle.deadline(), listener),
            false => engine.look(key, now, listener),
        })
    };
    find(client).map_or(JsValue::UNDEFINED, |driver| made(begin(&driver)))
}

/// Gives up a look.
#[wasm_bindgen(js_name = hangUp, skip_typescript)]
pub fn hang_up(client: u32, id: u32) {
    act(client, |engine, now| engine.hang_up(id, now));
}

/// Begins to wait. An iterator has no `onStatus`.
#[wasm_bindgen(skip_typescript)]
pub fn join(client: u32, handle: JsValue, options: JsValue, call: Call, has_handler: bool) -> JsValue {
    let handle = Handle::of(handle);
    let begin = |driver: &Driver| {
        let table = if has_handler { WAIT_OPTIONS } else { WATCH_OPTIONS };
        let options = Options::read(&options, table)?;
        let now = driver.now()?;
        let mut settings = wait(&options, handle.settings(driver));
        let is_limited = !options.number("timeoutMs").is_nan() || handle.is_limited();
        if let (Some(deadline), false) = (handle.deadline(), is_limited) {
            settings.timeout = Some(deadline.since(now));
        }
        read_call(&options, &call)?;
        let key = handle.key();
        let listener = Listener { key, call, settings };
        let id = driver.engine.borrow_mut().join(key, now, settings, listener);
        Ok(id.map_or(u32::MAX, WaiterId::number))
    };
    find(client).map_or(JsValue::UNDEFINED, |driver| made(begin(&driver)))
}

/// Waits no longer.
#[wasm_bindgen(skip_typescript)]
pub fn leave(client: u32, key: Key, id: u32) {
    act(client, |engine, now| engine.leave(key, WaiterId::numbered(id), now));
}

/// Wants nothing to be sent for now.
#[wasm_bindgen(skip_typescript)]
pub fn rest(client: u32, key: Key, id: u32) {
    act(client, |engine, now| engine.rest(key, WaiterId::numbered(id), now));
}

/// Waits again; nothing is sent before the next `run`.
#[wasm_bindgen(skip_typescript)]
pub fn attend(client: u32, key: Key, id: u32) {
    if let Some(driver) = find(client) {
        let now = driver.now_or_last();
        driver.engine.borrow_mut().attend(key, WaiterId::numbered(id), now);
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
    if is_some(&signal) && !is_signal() {
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
