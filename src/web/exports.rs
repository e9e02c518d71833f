//! What api.js makes the npm package's classes of. What can fail gives what is wrong, as an object; none of it throws.
//!
//! Numbers that the caller did not give are NaN. options.js checked all but ids and API versions.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::answer::{envelope_of, span};
use super::clients::{self, find};
use super::clock::timestamp;
use super::driver::Driver;
use super::given::refusal;
use super::host::{item, number, numbers, push};
use super::told::{Call, checkpoint_object, ms};
use crate::client::{Key, Settings, WaitSettings};
use crate::family::{ApiVersion, Family, TaskId};
use crate::poll::{Checkpoint, Durations, Learned, Pace, RateLimit, Schedule, WaiterId, outcome};

#[wasm_bindgen(typescript_custom_section)]
const SERVICE: &str = include_str!("service.d.ts");

/// `given` is what the caller gave, for the message.
fn api_version(codes: &JsValue, given: &JsValue) -> Result<ApiVersion, JsValue> {
    ApiVersion::new(&text(codes)).map_err(|refused| refusal("apiVersion", given, refused.takes))
}

fn task_id(family: Family, codes: &JsValue, given: &JsValue) -> Result<TaskId, JsValue> {
    TaskId::new(family, &text(codes)).map_err(|refused| refusal("taskId", given, refused.takes))
}

/// A text, which comes as its code points: wasm-bindgen's way weighs 0.5 kB more.
#[inline(never)]
fn text(codes: &JsValue) -> String {
    all_numbers(codes)
        .map(|code| char::from_u32(code as u32).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Beyond its end a list has NaN.
fn all_numbers(list: &JsValue) -> impl Iterator<Item = f64> {
    (0..).map(|at| number(list, at)).take_while(|number| !number.is_nan())
}

/// By its place in [`Family::ALL`].
fn family_at(place: usize) -> Option<Family> {
    Family::ALL.get(place).copied()
}

/// Opens a client, and gives its number. Sends nothing. `durations` are lists of seconds, as [`learned`] gives them.
#[wasm_bindgen(js_name = openClient, skip_typescript)]
pub fn open_client(
    version: JsValue,
    given_version: JsValue,
    options: JsValue,
    durations: JsValue,
) -> JsValue {
    let mut settings = Settings::default();
    set_up(&mut settings, &options);
    let Schedule { min, max, .. } = settings.wait.schedule;
    if min > max {
        return refusal("minIntervalMs", &ms(Some(min)).into(), "no more than maxIntervalMs");
    }
    if !given_version.is_undefined() {
        match api_version(&version, &given_version) {
            Ok(version) => settings.api_version = Rc::new(version),
            Err(wrong) => return wrong,
        }
    }
    for (place, learned) in settings.learned.iter_mut().enumerate() {
        record_all(&mut learned.whole, &item(&durations, 2 * place));
        record_all(&mut learned.processing, &item(&durations, 2 * place + 1));
    }
    clients::add(Driver::new(settings)).into()
}

fn set_up(settings: &mut Settings, options: &JsValue) {
    let [min, max, pace, timeout, request_timeout, max_concurrent, requests, per, learns, observes] =
        numbers(options);
    (settings.learns, settings.has_observer) = (learns > 0.0, observes > 0.0);
    set_wait(&mut settings.wait, pace, timeout);
    let schedule = &mut settings.wait.schedule;
    schedule.min = span(min).unwrap_or(schedule.min);
    schedule.max = span(max).unwrap_or(schedule.max);
    settings.request_timeout = span(request_timeout).unwrap_or(settings.request_timeout);
    if !max_concurrent.is_nan() {
        settings.max_concurrent = max_concurrent as usize;
    }
    if let Some(per) = span(per) {
        settings.rate_limit = Some(RateLimit { requests: requests as u32, per });
    } else if requests == 0.0 {
        settings.rate_limit = None;
    }
}

/// What a task or a wait says of it, over what holds without.
fn set_wait(settings: &mut WaitSettings, pace: f64, timeout_ms: f64) {
    settings.schedule.pace = Pace::new(pace).unwrap_or(settings.schedule.pace);
    if let Some(timeout) = span(timeout_ms) {
        settings.timeout = Some(timeout).filter(|_| timeout_ms.is_finite());
    }
}

#[inline(never)]
fn record_all(durations: &mut Durations, seconds: &JsValue) {
    all_numbers(seconds).for_each(|took| durations.record_seconds(took));
}

/// Two lists for each family, in the order of [`Family::ALL`].
fn durations(learned: &[Learned; 4], place: usize) -> &Durations {
    let learned = &learned[place / 2 % 4];
    if place.is_multiple_of(2) { &learned.whole } else { &learned.processing }
}

/// What the client learned of how long tasks take: adds one of its lists to `seconds`.
#[wasm_bindgen(skip_typescript)]
pub fn learned(client: u32, place: usize, seconds: JsValue) {
    if let Some(driver) = find(client) {
        let engine = driver.engine.borrow();
        durations(engine.learned(), place).seconds().for_each(|took| push(&seconds, took));
    }
}

/// Nobody holds the client any more.
#[wasm_bindgen(js_name = closeClient, skip_typescript)]
pub fn close_client(client: u32) {
    clients::remove(client);
}

/// A handle of a task of that family; gives the task's key. Sends nothing.
#[wasm_bindgen(js_name = openTask, skip_typescript)]
pub fn open_task(client: u32, family: usize, id: JsValue, given_id: JsValue) -> JsValue {
    let (Some(driver), Some(family)) = (find(client), family_at(family)) else {
        return JsValue::UNDEFINED;
    };
    match task_id(family, &id, &given_id) {
        Ok(id) => driver.engine.borrow_mut().open(family, id).into(),
        Err(wrong) => wrong,
    }
}

/// A handle of the task that a checkpoint speaks of, or of one alone, to be asked once. Sends nothing.
#[wasm_bindgen(js_name = resumeTask, skip_typescript)]
pub fn resume_task(
    client: u32,
    checkpoint: JsValue,
    id: JsValue,
    given_id: JsValue,
    version: JsValue,
    given_version: JsValue,
) -> JsValue {
    let [family, polls, faults, queued, started, processing, due, is_alone] = numbers(&checkpoint);
    let (Some(driver), Some(family)) = (find(client), family_at(family as usize)) else {
        return JsValue::UNDEFINED;
    };
    let task_id = match task_id(family, &id, &given_id) {
        Ok(id) => id,
        Err(wrong) => return wrong,
    };
    let api_version = match api_version(&version, &given_version) {
        Ok(version) => version,
        Err(wrong) => return wrong,
    };
    let checkpoint = Checkpoint {
        family,
        task_id,
        api_version,
        started: timestamp(started),
        processing: timestamp(processing),
        was_queued: queued > 0.0,
        polls: polls as u32,
        due: timestamp(due),
        deadline: None,
        faults: faults as u32,
    };
    let mut engine = driver.engine.borrow_mut();
    if is_alone > 0.0 { engine.resume_alone(&checkpoint) } else { engine.resume(&checkpoint) }.into()
}

/// When a time limit that begins now is over; NaN for never.
#[wasm_bindgen(skip_typescript)]
pub fn deadline(client: u32, timeout_ms: f64) -> f64 {
    let timeout = span(timeout_ms).filter(|_| timeout_ms.is_finite());
    let driver = find(client).zip(timeout);
    driver.map_or(f64::NAN, |(driver, timeout)| driver.now_or_last().plus(timeout).as_ms() as f64)
}

/// The request of that number was answered, or failed.
#[wasm_bindgen(skip_typescript)]
pub fn replied(client: u32, number: u32, answer: JsValue) {
    if let Some(driver) = find(client) {
        driver.replied(number, &answer);
        driver.run();
    }
}

/// The newest status, as requests.js keeps it.
#[wasm_bindgen(skip_typescript)]
pub fn latest(client: u32, key: Key) -> JsValue {
    let latest = find(client).and_then(|driver| driver.engine.borrow().latest(key));
    latest.map_or(JsValue::UNDEFINED, |status| status.kept().clone())
}

/// Where the task's polling stands.
#[wasm_bindgen(skip_typescript)]
pub fn checkpoint(client: u32, key: Key, pace: f64, deadline_ms: f64) -> JsValue {
    let of = |driver: Rc<Driver>| {
        let engine = driver.engine.borrow();
        let mut settings = engine.settings().wait;
        set_wait(&mut settings, pace, f64::NAN);
        engine.checkpoint(key, settings)
    };
    let checkpoint = find(client).and_then(of).map(|mut checkpoint| {
        checkpoint.deadline = timestamp(deadline_ms);
        checkpoint_object(&checkpoint)
    });
    checkpoint.unwrap_or_default()
}

/// What [`begin`] begins, beside waits. The same stands in api.js.
const LOOK: u32 = 0;
const POLL: u32 = 1;

/// Begins a call: a look outside the schedule, a single poll of a task alone as its checkpoint says, or a wait. Gives its
/// number. A wait is for so long, else until the deadline.
#[wasm_bindgen(skip_typescript)]
pub fn begin(
    client: u32,
    kind: u32,
    key: Key,
    pace: f64,
    timeout_ms: f64,
    deadline_ms: f64,
    call: Call,
) -> JsValue {
    let Some(driver) = find(client) else {
        return JsValue::UNDEFINED;
    };
    let now = match driver.now() {
        Ok(now) => now,
        Err(detail) => return detail.fields().into(),
    };
    let deadline = timestamp(deadline_ms);
    let mut engine = driver.engine.borrow_mut();
    let number = match kind {
        LOOK => engine.look(key, now, call),
        POLL => engine.once(key, now, deadline, call),
        _ => {
            let mut settings = engine.settings().wait;
            set_wait(&mut settings, pace, timeout_ms);
            if timeout_ms.is_nan()
                && let Some(deadline) = deadline
            {
                settings.timeout = Some(deadline.since(now));
            }
            engine.join(key, now, settings, call).map_or(u32::MAX, WaiterId::number)
        }
    };
    number.into()
}

/// What [`act`] takes in. The same stands in host.js.
const WAKE: u32 = 1;
const CLOSE_TASK: u32 = 2;
const HANG_UP: u32 = 3;
const LEAVE: u32 = 4;
const REST: u32 = 5;
const ATTEND: u32 = 6;
const RING: u32 = 7;

/// Takes in what happened, and does what is due. Anything else just does what is due.
#[wasm_bindgen(skip_typescript)]
pub fn act(client: u32, what: u32, key: Key, id: u32) {
    let Some(driver) = find(client) else {
        return;
    };
    if matches!(what, WAKE | RING) {
        // It rang, if only nearly in time, or looks again for the host's sake: it is to be set anew.
        driver.stop_alarm();
    }
    let now = driver.now_or_last();
    let waiter = WaiterId::numbered(id);
    {
        let mut engine = driver.engine.borrow_mut();
        match what {
            WAKE => engine.wake(now),
            CLOSE_TASK => engine.release(key, now),
            HANG_UP => engine.hang_up(id, now),
            LEAVE => engine.leave(key, waiter, now),
            REST => engine.rest(key, waiter, now),
            // Nothing is sent before something else happens.
            ATTEND => return engine.attend(key, waiter, now),
            _ => {}
        }
    }
    driver.run();
}

/// What a status says about its task, by its envelope as requests.js makes it.
#[wasm_bindgen(js_name = outcomeOf, skip_typescript)]
pub fn outcome_of(envelope: JsValue, family: usize) -> JsValue {
    let envelope = envelope_of(&envelope);
    envelope.map_or(JsValue::UNDEFINED, |envelope| outcome(&envelope, family_at(family)).name().into())
}
