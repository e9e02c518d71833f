//! What the npm package exports. Every call that gives a promise rejects and never throws.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::{Array, Function, JSON, Object, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::abort::{Abort, unless_aborted};
use super::answer::{envelope, ms};
use super::error::{WebTask, failed, refused};
use super::host::{Running, Underway, awaited, get, set};
use super::options::{Options, Refusal, refuse, show, task_id};
use super::settings::{CALL_OPTIONS, TASK_OPTIONS, WAIT_OPTIONS, WebClient, client, wait};
use super::{Detail, StatusBody};
use crate::client::{Finished, News, WaitSettings};
use crate::family::Family;
use crate::poll::outcome;

#[wasm_bindgen(typescript_custom_section)]
const SERVICE: &str = include_str!("service.d.ts");

/// See `HubSpotTasks` in service.d.ts.
#[wasm_bindgen(skip_typescript)]
pub struct HubSpotTasks {
    /// In the order of [`Family::ALL`].
    families: Vec<JsValue>,
}

#[wasm_bindgen]
impl HubSpotTasks {
    /// Reads the options; sends nothing.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<HubSpotTasks, JsValue> {
        let client = client(&options).map_err(|refusal| refused(&refusal))?;
        let family = |family: &Family| TaskFamily { client: client.clone(), family: *family }.into();
        Ok(HubSpotTasks { families: Family::ALL.iter().map(family).collect() })
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
}

/// See `TaskFamily` in service.d.ts.
#[wasm_bindgen(skip_typescript)]
pub struct TaskFamily {
    client: WebClient,
    family: Family,
}

#[wasm_bindgen]
impl TaskFamily {
    /// Asks once about a task.
    pub fn status(&self, id: &JsValue, options: JsValue) -> Promise {
        match self.handle(id, &JsValue::UNDEFINED) {
            Ok(task) => task.status(options),
            Err(refusal) => Promise::reject(&refused(&refusal)),
        }
    }

    /// A handle of a task; sends nothing.
    pub fn task(&self, id: &JsValue, options: JsValue) -> Result<Task, JsValue> {
        self.handle(id, &options).map_err(|refusal| refused(&refusal))
    }

    fn handle(&self, id: &JsValue, options: &JsValue) -> Result<Task, Refusal> {
        let id = task_id(self.family, id)?;
        let settings = wait(&Options::read(options, TASK_OPTIONS)?, self.client.settings().wait);
        Ok(Task { task: self.client.task(self.family, id), settings })
    }
}

/// See `Task` in service.d.ts.
#[wasm_bindgen(skip_typescript)]
pub struct Task {
    task: WebTask,
    settings: WaitSettings,
}

#[wasm_bindgen]
impl Task {
    /// The task's id, as it was given.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> JsValue {
        self.task.id().as_str().into()
    }

    /// The family's name.
    #[wasm_bindgen(getter)]
    pub fn family(&self) -> JsValue {
        self.task.family().name().into()
    }

    /// The newest status.
    #[wasm_bindgen(getter)]
    pub fn latest(&self) -> JsValue {
        self.task.latest().map_or(JsValue::UNDEFINED, |status| status.object().clone())
    }

    /// Asks once.
    pub fn status(&self, options: JsValue) -> Promise {
        let task = self.task.clone();
        let options = Options::read(&options, CALL_OPTIONS);
        promise(options.and_then(|options| Abort::read(&options)).map(|abort| {
            let running: Running = Box::pin(async move {
                match task.status().await {
                    Ok(status) => Ok(status.map_or_else(pending, |status| status.object().clone())),
                    Err(failure) => Err(failed(&failure, &task)),
                }
            });
            (abort, running)
        }))
    }

    /// Waits until the task is over.
    pub fn wait(&self, options: JsValue) -> Promise {
        promise(self.read_wait(&options))
    }

    fn read_wait(&self, options: &JsValue) -> Result<(Option<Abort>, Running), Refusal> {
        let options = Options::read(options, WAIT_OPTIONS)?;
        let on_status = options.get("onStatus").dyn_into().ok();
        let settings = wait(&options, self.settings);
        // Last, so that a refused call leaves no listener behind.
        let abort = Abort::read(&options)?;
        let running = run_wait(self.task.clone(), settings, on_status);
        Ok((abort, Box::pin(running)))
    }
}

/// What a task is before HubSpot said anything of it.
fn pending() -> JsValue {
    let status = Object::new();
    set(&status, "status", &"PENDING".into());
    status.into()
}

/// The promise of a call whose arguments were read already: a refused one rejects.
fn promise(call: Result<(Option<Abort>, Running), Refusal>) -> Promise {
    match call {
        Ok((abort, running)) => future_to_promise(unless_aborted(abort, running)),
        Err(refusal) => Promise::reject(&refused(&refusal)),
    }
}

async fn run_wait(
    task: WebTask,
    settings: WaitSettings,
    on_status: Option<Function>,
) -> Result<JsValue, JsValue> {
    let mut handlers = Handlers::none();
    let mut wait = task.wait(settings).map_err(|failure| failed(&failure, &task))?;
    loop {
        let news = poll_fn(|context| match handlers.poll(context) {
            Poll::Ready(Err(thrown)) => Poll::Ready(Err(thrown)),
            Poll::Ready(Ok(())) | Poll::Pending => wait.poll_next(context).map(Ok),
        });
        match news.await? {
            News::Status(status) => {
                handlers.call(on_status.as_ref(), &status)?;
                // An abort that the handler asked for comes first: nothing may be sent after it.
                JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await?;
            }
            News::End(Err(failure)) => return Err(failed(&failure, &task)),
            News::End(Ok(finished)) => {
                poll_fn(|context| handlers.poll(context)).await?;
                return Ok(finished_object(&finished));
            }
        }
    }
}

/// What `onStatus` returned, as far as it was promises: one promise of all of them.
struct Handlers {
    all: Promise,
    /// The same, until it settled.
    open: Option<Underway>,
}

impl Handlers {
    fn none() -> Handlers {
        Handlers { all: Promise::resolve(&JsValue::UNDEFINED), open: None }
    }

    fn call(&mut self, on_status: Option<&Function>, status: &StatusBody) -> Result<(), JsValue> {
        let Some(on_status) = on_status else {
            return Ok(());
        };
        let returned = on_status.call1(&JsValue::UNDEFINED, status.object())?;
        if returned.is_object() {
            self.all = Promise::all(&Array::of2(&self.all, &returned));
            self.open = Some(Underway::new(awaited(&self.all)?));
        }
        Ok(())
    }

    /// Ready when none is open, or one has rejected.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), JsValue>> {
        let Some(open) = &mut self.open else {
            return Poll::Ready(Ok(()));
        };
        let settled = Pin::new(open).poll(context);
        if settled.is_ready() {
            self.open = None;
        }
        settled.map_ok(|_| ())
    }
}

fn finished_object(finished: &Finished<StatusBody>) -> JsValue {
    let object = Object::new();
    let status = finished.status.object();
    set(&object, "outcome", &finished.outcome.name().into());
    set(&object, "status", status);
    set(&object, "result", &get(status, "result").unwrap_or_default());
    set(&object, "polls", &finished.polls.into());
    if let Some(delay) = finished.detection_delay {
        set(&object, "detectionDelayMs", &ms(delay));
    }
    object.into()
}

/// What a status says about its task.
#[wasm_bindgen(js_name = outcomeOf, skip_typescript)]
pub fn outcome_of(status: &JsValue, family: &JsValue) -> Result<JsValue, JsValue> {
    read_outcome(status, family).map(JsValue::from).map_err(|refusal| refused(&refusal))
}

fn read_outcome(status: &JsValue, family: &JsValue) -> Result<&'static str, Refusal> {
    let named = family.as_string().and_then(|name| Family::named(&name));
    if named.is_none() && super::host::is_some(family) {
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
