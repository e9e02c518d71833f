//! What the npm package exports. Every call that gives a promise rejects and never throws.

use std::rc::Rc;

use js_sys::JSON;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::Detail;
use super::answer::envelope;
use super::checkpoint::{checkpoint_object, read_checkpoint};
use super::driver::{Call, Driver, Listener};
use super::error::refused;
use super::host::{field, has_method, is_some, put, put_number, show_kind};
use super::learned::learned_object;
use super::options::{Options, Refusal, Takes, refuse, show, task_id};
use super::settings::{CALL_OPTIONS, TASK_OPTIONS, WAIT_OPTIONS, WATCH_OPTIONS, client, wait};
use crate::client::{Key, WaitSettings};
use crate::family::Family;
use crate::poll::{Timestamp, WaiterId, outcome};

#[wasm_bindgen(typescript_custom_section)]
const SERVICE: &str = include_str!("service.d.ts");

/// See `HubSpotTasks` in service.d.ts.
#[wasm_bindgen(skip_typescript)]
pub struct HubSpotTasks {
    driver: Rc<Driver>,
    /// In the order of [`Family::ALL`].
    families: Vec<JsValue>,
}

#[wasm_bindgen]
impl HubSpotTasks {
    /// Reads the options; sends nothing.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<HubSpotTasks, JsValue> {
        let driver = client(&options).map_err(|refusal| refused(&refusal))?;
        let family = |family: &Family| TaskFamily { driver: driver.clone(), family: *family }.into();
        let families = Family::ALL.iter().map(family).collect();
        Ok(HubSpotTasks { driver, families })
    }

    /// File imports from a URL.
    #[wasm_bindgen(getter, js_name = fileImports)]
    pub fn file_imports(&self) -> JsValue {
        self.family(Family::FileImport)
    }

    /// Folder updates.
    #[wasm_bindgen(getter, js_name = folderUpdates)]
    pub fn folder_updates(&self) -> JsValue {
        self.family(Family::FolderUpdate)
    }

    /// CRM exports.
    #[wasm_bindgen(getter)]
    pub fn exports(&self) -> JsValue {
        self.family(Family::Export)
    }

    /// Source-code extracts.
    #[wasm_bindgen(getter, js_name = sourceCodeExtracts)]
    pub fn source_code_extracts(&self) -> JsValue {
        self.family(Family::SourceCodeExtract)
    }

    fn family(&self, family: Family) -> JsValue {
        self.families.get(family as usize).cloned().unwrap_or_default()
    }

    /// A handle of the task that a checkpoint speaks of; sends nothing.
    pub fn resume(&self, checkpoint: &JsValue, options: &JsValue) -> Result<Task, JsValue> {
        let begin = || {
            let checkpoint = read_checkpoint(checkpoint)?;
            let options = Options::read(options, TASK_OPTIONS)?;
            let key = self.driver.engine.borrow_mut().resume(&checkpoint);
            let mut task = Task::new(&self.driver, key, &options);
            if task.keeps_deadline {
                task.deadline = checkpoint.deadline;
            }
            Ok(task)
        };
        begin().map_err(|refusal| refused(&refusal))
    }

    /// Asks once about the task that a checkpoint speaks of: the call hears how. Gives the task.
    pub fn once(&self, checkpoint: &JsValue, options: &JsValue, call: &JsValue) -> Result<Task, JsValue> {
        let begin = || {
            let checkpoint = read_checkpoint(checkpoint)?;
            let now = self.driver.now()?;
            read_call(&Options::read(options, CALL_OPTIONS)?, call)?;
            let mut engine = self.driver.engine.borrow_mut();
            let key = engine.resume_alone(&checkpoint);
            let settings = engine.settings().wait;
            let listener = Listener { key, call: call.unchecked_ref::<Call>().clone(), settings };
            let id = engine.once(key, now, checkpoint.deadline, listener);
            drop(engine);
            put_number(call, "id", id.into());
            Task::new_once(&self.driver, key)
        };
        begin().map_err(|refusal| refused(&refusal))
    }

    /// What the client learned of how long tasks take.
    pub fn learned(&self) -> JsValue {
        learned_object(self.driver.engine.borrow().learned())
    }
}

/// See `TaskFamily` in service.d.ts.
#[wasm_bindgen(skip_typescript)]
pub struct TaskFamily {
    driver: Rc<Driver>,
    family: Family,
}

#[wasm_bindgen]
impl TaskFamily {
    /// A handle of a task; sends nothing.
    pub fn task(&self, id: &JsValue, options: &JsValue) -> Result<Task, JsValue> {
        let begin = || {
            let id = task_id(self.family, id)?;
            let options = Options::read(options, TASK_OPTIONS)?;
            let key = self.driver.engine.borrow_mut().open(self.family, id);
            Ok(Task::new(&self.driver, key, &options))
        };
        begin().map_err(|refusal: Refusal| refused(&refusal))
    }
}

/// See `Task` in service.d.ts.
#[wasm_bindgen(skip_typescript)]
pub struct Task {
    driver: Rc<Driver>,
    key: Key,
    settings: WaitSettings,
    /// The deadline that its checkpoint carries.
    deadline: Option<Timestamp>,
    /// Whether the waits' own time limit was not given: a resumed task keeps the deadline it came with.
    keeps_deadline: bool,
}

impl Drop for Task {
    fn drop(&mut self) {
        let now = self.driver.now_or_last();
        self.driver.engine.borrow_mut().release(self.key, now);
        self.driver.run();
    }
}

impl Task {
    fn new(driver: &Rc<Driver>, key: Key, options: &Options) -> Task {
        let default = driver.engine.borrow().settings().wait;
        let settings = wait(options, default);
        let is_limited = !options.number("timeoutMs").is_nan();
        let limit = settings.timeout.filter(|_| is_limited);
        let deadline = limit.map(|timeout| driver.now_or_last().plus(timeout));
        Task { driver: driver.clone(), key, settings, deadline, keeps_deadline: !is_limited }
    }

    fn new_once(driver: &Rc<Driver>, key: Key) -> Result<Task, Refusal> {
        let settings = driver.engine.borrow().settings().wait;
        Ok(Task { driver: driver.clone(), key, settings, deadline: None, keeps_deadline: false })
    }

    fn listener(&self, call: &JsValue, settings: WaitSettings) -> Listener {
        Listener { key: self.key, call: call.unchecked_ref::<Call>().clone(), settings }
    }

    fn begin_wait(
        &self,
        options: &JsValue,
        table: &[(&'static str, Takes)],
        call: &JsValue,
    ) -> Result<u32, Refusal> {
        let options = Options::read(options, table)?;
        let now = self.driver.now()?;
        let mut settings = wait(&options, self.settings);
        let is_limited = !options.number("timeoutMs").is_nan();
        if let (Some(deadline), true, false) = (self.deadline, self.keeps_deadline, is_limited) {
            settings.timeout = Some(deadline.since(now));
        }
        read_call(&options, call)?;
        let listener = self.listener(call, settings);
        let id = self.driver.engine.borrow_mut().join(self.key, now, settings, listener);
        Ok(id.map_or(u32::MAX, WaiterId::number))
    }
}

/// What the waits' and looks' methods take and give is calls.js's: `call` is told, and has `signal` and `onStatus`.
#[wasm_bindgen]
impl Task {
    /// The task's id, as it was given.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> JsValue {
        let engine = self.driver.engine.borrow();
        engine.name_of(self.key).map(|name| name.id.as_str().into()).unwrap_or_default()
    }

    /// The family's name.
    #[wasm_bindgen(getter)]
    pub fn family(&self) -> JsValue {
        let engine = self.driver.engine.borrow();
        engine.name_of(self.key).map(|name| name.family.name().into()).unwrap_or_default()
    }

    /// The newest status.
    #[wasm_bindgen(getter)]
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
    pub fn look(&self, options: &JsValue, call: &JsValue) -> Result<u32, JsValue> {
        let begin = || {
            read_call(&Options::read(options, CALL_OPTIONS)?, call)?;
            let now = self.driver.now()?;
            Ok(self.driver.engine.borrow_mut().look(self.key, now, self.listener(call, self.settings)))
        };
        begin().map_err(|refusal: Refusal| refused(&refusal))
    }

    /// Gives up a look, or a single poll.
    #[wasm_bindgen(js_name = hangUp)]
    pub fn hang_up(&self, id: u32) {
        let now = self.driver.now_or_last();
        self.driver.engine.borrow_mut().hang_up(id, now);
        self.driver.run();
    }

    /// Begins to wait.
    pub fn join(&self, options: &JsValue, call: &JsValue) -> Result<u32, JsValue> {
        self.begin_wait(options, WAIT_OPTIONS, call).map_err(|refusal| refused(&refusal))
    }

    /// The same for an iterator, which has no `onStatus`.
    pub fn watch(&self, options: &JsValue, call: &JsValue) -> Result<u32, JsValue> {
        self.begin_wait(options, WATCH_OPTIONS, call).map_err(|refusal| refused(&refusal))
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
        return Err(refuse("signal", &show_kind(&signal), "an AbortSignal"));
    }
    for name in ["signal", "onStatus"] {
        put(call, name, &options.get(name));
    }
    Ok(())
}

/// What a status says about its task.
#[wasm_bindgen(js_name = outcomeOf, skip_typescript)]
pub fn outcome_of(status: &JsValue, family: &JsValue) -> Result<JsValue, JsValue> {
    read_outcome(status, family).map(JsValue::from).map_err(|refusal| refused(&refusal))
}

fn read_outcome(status: &JsValue, family: &JsValue) -> Result<&'static str, Refusal> {
    let named = family.as_string().and_then(|name| Family::named(&name));
    if named.is_none() && is_some(family) {
        let takes = "\"fileImport\", \"folderUpdate\", \"export\" or \"sourceCodeExtract\"";
        return Err(refuse("family", &show(family), takes));
    }
    let takes = "an object with a string status";
    // Written out and parsed again: what reads it then meets no getters.
    let text = JSON::stringify(status).map(JsValue::from);
    let text = text.map_err(|thrown| Detail::thrown("status: reading it threw", &thrown))?;
    // What JSON does not know gives no text, and no text gives no status.
    let plain = text.as_string().and_then(|text| JSON::parse(&text).ok()).unwrap_or_default();
    let envelope = envelope(&plain).ok_or_else(|| refuse("status", &show(status), takes))?;
    Ok(outcome(&envelope, named).name())
}
