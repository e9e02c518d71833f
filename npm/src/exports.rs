//! What `pkg-template/engine.ts` calls: functions of numbers alone, so that it needs no glue. Numbers that mean nothing
//! here are ignored, and give the default.

use std::ptr;

use hubspot_async_tasks::engine::{
    self, CallId, Effect, Ending, Engine, Failure, FamilyKey, FaultOf, Kept, Output, PollStep, Reply,
    RequestId, Settings, TaskKey, Timeout, WaitSettings,
};
use hubspot_async_tasks::family::{ApiVersion, IdForm, Rules};
use hubspot_async_tasks::poll::{
    self, Body, Code, Envelope, LearnedPhase, Limit, Outcome, Pace, Phase, RateHeaders, RateLimit, Schedule,
    Span, Standing, Timestamp,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::clients::{self, with};
use crate::records::{
    self, ANSWER, AnswerKind, BodyKind, EventKind, FaultOwner, Field, NUMBERS, OUTPUT, OutputKind, PROGRESS,
    SETTINGS, TEXT,
};

// Where the records lie.

/// The address of the record of settings.
#[wasm_bindgen(js_name = settingsRecord)]
pub fn settings_record() -> *const f64 {
    SETTINGS.with(|record| ptr::from_ref(record).cast())
}

/// The address of the record of an answer.
#[wasm_bindgen(js_name = answerRecord)]
pub fn answer_record() -> *const f64 {
    ANSWER.with(|record| ptr::from_ref(record).cast())
}

/// The address of the record of progress.
#[wasm_bindgen(js_name = progressRecord)]
pub fn progress_record() -> *const f64 {
    PROGRESS.with(|record| ptr::from_ref(record).cast())
}

/// The address of the record of an output.
#[wasm_bindgen(js_name = outputRecord)]
pub fn output_record() -> *const f64 {
    OUTPUT.with(|record| ptr::from_ref(record).cast())
}

/// The address of a buffer for a text of so many bytes of UTF-8: to be written before a call, or read after one.
#[wasm_bindgen(js_name = textBuffer)]
pub fn text_buffer(length: usize) -> *mut u8 {
    TEXT.with_borrow_mut(|text| {
        text.resize(length, 0);
        text.as_mut_ptr()
    })
}

/// The address of a buffer of so many numbers.
#[wasm_bindgen(js_name = numberBuffer)]
pub fn number_buffer(length: usize) -> *mut f64 {
    NUMBERS.with_borrow_mut(|numbers| {
        numbers.resize(length, 0.0);
        numbers.as_mut_ptr()
    })
}

// What needs no client.

/// The text in the buffer, which is empty then.
fn text() -> String {
    // SAFETY: JavaScript writes UTF-8 there, and nothing else.
    unsafe { String::from_utf8_unchecked(TEXT.take()) }
}

/// Whether the text is a version that can stand in a path.
#[wasm_bindgen(js_name = isApiVersion)]
pub fn is_api_version() -> u32 {
    ApiVersion::fits(&text()).into()
}

/// Whether the text is an id of that form: the place in the list of forms.
#[wasm_bindgen(js_name = isTaskId)]
pub fn is_task_id(form: u32) -> u32 {
    IdForm::ALL.get(form as usize).is_some_and(|form| form.fits(&text())).into()
}

/// What the status in the record of an answer says of its task, of whose family it is known whether it has a result: the
/// place in the list of outcomes.
#[wasm_bindgen(js_name = outcomeOf)]
pub fn outcome_of(has_result: u32) -> u32 {
    let rules = Rules { has_result: has_result > 0, ..Rules::default() };
    ANSWER.with(|given| poll::outcome(&envelope(given), rules) as u32)
}

// Clients.

/// A client with the settings of the record.
#[wasm_bindgen(js_name = openClient)]
pub fn open_client() -> u32 {
    let given_span = |ms: &Field| span(ms.get()).unwrap_or_default();
    let settings = SETTINGS.with(|given| Settings {
        schedule: Schedule {
            pace: Pace::new(given.pace.get()).unwrap_or(Pace::INTERACTIVE),
            min: given_span(&given.min_interval_ms),
            max: given_span(&given.max_interval_ms),
        },
        timeout: timeout(given.timeout_ms.get()),
        request_timeout: given_span(&given.request_timeout_ms),
        rate_limit: (given.rate_limit_requests.get() > 0.0).then(|| RateLimit {
            requests: whole(given.rate_limit_requests.get()),
            per: given_span(&given.rate_limit_per_ms),
        }),
        max_concurrent: whole(given.max_concurrent.get()) as usize,
        learns: given.learns.is_yes(),
        learned: Default::default(),
        has_observer: false,
    });
    clients::add(Engine::new(settings))
}

/// Nobody holds the client any more.
#[wasm_bindgen(js_name = closeClient)]
pub fn close_client(client: u32) {
    clients::remove(client);
}

/// Somebody observes from now on.
#[wasm_bindgen]
pub fn observe(client: u32) {
    with(client, Engine::observe);
}

/// A family that is not built in: its number.
#[wasm_bindgen]
pub fn define(client: u32, has_result: u32, is_short_lived: u32, is_queued: u32, has_details: u32) -> u32 {
    let rules = Rules {
        has_result: has_result > 0,
        is_short_lived: is_short_lived > 0,
        is_queued: is_queued > 0,
        has_details: has_details > 0,
    };
    with(client, |engine| engine.define(rules).number())
}

/// The client starts with these durations of finished tasks: the buffer of numbers.
#[wasm_bindgen]
pub fn remember(client: u32, family: u32, phase: u32) {
    if let Some(phase) = LearnedPhase::ALL.get(phase as usize) {
        NUMBERS.with_borrow(|numbers| {
            let family = FamilyKey::numbered(family);
            with(client, |engine| engine.remember(family, *phase, numbers.iter().copied()));
        });
    }
}

/// Puts the durations that the client knows into the buffer of numbers; gives how many they are.
#[wasm_bindgen]
pub fn learned(client: u32, family: u32, phase: u32) -> usize {
    NUMBERS.with_borrow_mut(|numbers| {
        numbers.clear();
        with(client, |engine| {
            if let Some(learned) = engine.learned(FamilyKey::numbered(family))
                && let Some(phase) = LearnedPhase::ALL.get(phase as usize)
            {
                numbers.extend(learned.durations(*phase).seconds());
            }
        });
        numbers.len()
    })
}

/// The engine's time.
#[wasm_bindgen]
pub fn time(client: u32, now_ms: f64) -> f64 {
    with(client, |engine| ms_of(engine.time(instant(now_ms))))
}

// Tasks.

/// A task of that family whose id is the text: its key; 0 for a family that is not known.
#[wasm_bindgen(js_name = openTask)]
pub fn open_task(client: u32, family: u32) -> u32 {
    let phase = Phase::of(&text());
    with(client, |engine| engine.open(FamilyKey::numbered(family), phase)).map_or(0, TaskKey::number)
}

/// This client started it just now.
#[wasm_bindgen(js_name = startedTask)]
pub fn started_task(client: u32, task: u32, now_ms: f64) {
    if let Some(task) = TaskKey::numbered(task) {
        with(client, |engine| engine.started(task, instant(now_ms)));
    }
}

/// Its polling goes on from the record of progress.
#[wasm_bindgen(js_name = resumeTask)]
pub fn resume_task(client: u32, task: u32) {
    let progress = PROGRESS.with(|given| poll::Progress {
        started: timestamp(given.started_ms.get()),
        processing: timestamp(given.processing_ms.get()),
        was_queued: given.queued.is_yes(),
        polls: whole(given.polls.get()),
        due: timestamp(given.due_ms.get()),
        faults: whole(given.faults.get()),
    });
    if let Some(task) = TaskKey::numbered(task) {
        with(client, |engine| engine.resume(task, &progress));
    }
}

/// Nobody holds the task any more.
#[wasm_bindgen(js_name = closeTask)]
pub fn close_task(client: u32, task: u32, now_ms: f64) {
    if let Some(task) = TaskKey::numbered(task) {
        with(client, |engine| engine.close(task, instant(now_ms)));
    }
}

/// Fills the record of progress.
#[wasm_bindgen]
pub fn progress(client: u32, task: u32, pace: f64) {
    if let (Some(task), Some(pace)) = (TaskKey::numbered(task), Pace::new(pace))
        && let Some(progress) = with(client, |engine| engine.progress(task, pace))
    {
        set_progress(progress);
    }
}

/// Puts how long the task is likely still to take into the buffer of numbers: half of such tasks take no longer than the
/// first, nine in ten no longer than the second. Gives how many they are: none where nothing is known.
#[wasm_bindgen]
pub fn estimate(client: u32, task: u32, now_ms: f64) -> usize {
    let estimate = |task| with(client, |engine| engine.estimate(task, instant(now_ms)));
    let Some(poll::Estimate { median, ninety_percent }) = TaskKey::numbered(task).and_then(estimate) else {
        return 0;
    };
    NUMBERS.with_borrow_mut(|numbers| {
        numbers.clear();
        numbers.extend([median, ninety_percent].map(|span| span.as_ms() as f64));
        numbers.len()
    })
}

fn set_progress(progress: poll::Progress) {
    let ms = |instant: Option<Timestamp>| instant.map_or(f64::NAN, ms_of);
    PROGRESS.with(|record| {
        record.polls.set(progress.polls);
        record.faults.set(progress.faults);
        record.queued.set(progress.was_queued);
        record.started_ms.set(ms(progress.started));
        record.processing_ms.set(ms(progress.processing));
        record.due_ms.set(ms(progress.due));
    });
}

// Calls.

/// Somebody begins to wait: the call's number; 0 for a task that is not known.
#[wasm_bindgen]
pub fn wait(client: u32, task: u32, now_ms: f64, pace: f64, timeout_ms: f64) -> u32 {
    let begin = |task: TaskKey| {
        with(client, |engine| {
            let pace = Pace::new(pace).unwrap_or(engine.settings().schedule.pace);
            engine.wait(task, instant(now_ms), WaitSettings { pace, timeout: timeout(timeout_ms) })
        })
    };
    TaskKey::numbered(task).and_then(begin).map_or(0, CallId::number)
}

/// Somebody asks for one status.
#[wasm_bindgen]
pub fn look(client: u32, task: u32, now_ms: f64) -> u32 {
    let begin = |task| with(client, |engine| engine.look(task, instant(now_ms)));
    TaskKey::numbered(task).and_then(begin).map_or(0, CallId::number)
}

/// Somebody polls once, up to a deadline.
#[wasm_bindgen(js_name = pollOnce)]
pub fn poll_once(client: u32, task: u32, now_ms: f64, deadline_ms: f64) -> u32 {
    let begin = |task| with(client, |engine| engine.poll_once(task, instant(now_ms), timestamp(deadline_ms)));
    TaskKey::numbered(task).and_then(begin).map_or(0, CallId::number)
}

/// Somebody sends a request that asks for no status; whether it starts a task.
#[wasm_bindgen]
pub fn errand(client: u32, task: u32, now_ms: f64, starts: u32) -> u32 {
    let effect = if starts > 0 { Effect::Starts } else { Effect::None };
    let begin = |task| with(client, |engine| engine.errand(task, instant(now_ms), effect));
    TaskKey::numbered(task).and_then(begin).map_or(0, CallId::number)
}

fn with_call(client: u32, call: u32, act: impl FnOnce(&mut Engine, CallId)) {
    if let Some(call) = CallId::numbered(call) {
        with(client, |engine| act(engine, call));
    }
}

/// The call's maker does not want it any more.
#[wasm_bindgen]
pub fn leave(client: u32, call: u32, now_ms: f64) {
    with_call(client, call, |engine, call| engine.leave(call, instant(now_ms)));
}

/// It wants nothing sent for now.
#[wasm_bindgen]
pub fn rest(client: u32, call: u32, now_ms: f64) {
    with_call(client, call, |engine, call| engine.rest(call, instant(now_ms)));
}

/// It waits again.
#[wasm_bindgen]
pub fn attend(client: u32, call: u32, now_ms: f64) {
    with_call(client, call, |engine, call| engine.attend(call, instant(now_ms)));
}

// The loop.

/// The reply to a request is in the record of an answer: what to keep of it, bit by bit as [`records::Kept`] says.
#[wasm_bindgen]
pub fn reply(client: u32, request: u32, now_ms: f64) -> u32 {
    let Some(request) = RequestId::numbered(request) else {
        return 0;
    };
    let reply = ANSWER.with(|given| {
        let answer = answer(given);
        let rate_headers = match answer {
            poll::Answer::Http { .. } => RateHeaders {
                max: count(given.limit.get()),
                remaining: count(given.remaining.get()),
                interval: count(given.window_ms.get()).map(|ms| Span::from_ms(ms.into())),
            },
            _ => RateHeaders::default(),
        };
        Reply {
            answer,
            rate_headers,
            is_repeatable: given.is_repeatable.is_yes(),
            is_same_status: given.is_same.is_yes(),
        }
    });
    let Kept { status, fault, pause, end } =
        with(client, |engine| engine.reply(request, instant(now_ms), &reply));
    let bit = |is: bool, kept: records::Kept| u32::from(is) << kept as u32;
    bit(status, records::Kept::Status)
        | bit(fault, records::Kept::Fault)
        | bit(pause, records::Kept::Pause)
        | bit(end, records::Kept::End)
}

/// A new task of the host began, maybe since the timer rang that was set for this instant; else that is 0.
#[wasm_bindgen]
pub fn turn(client: u32, rang_ms: f64) {
    with(client, |engine| engine.turn(Some(instant(rang_ms))));
}

/// The host was away, or the network is back.
#[wasm_bindgen]
pub fn wake(client: u32, now_ms: f64) {
    with(client, |engine| engine.wake(instant(now_ms)));
}

/// The driver ends all calls itself.
#[wasm_bindgen]
pub fn abandon(client: u32) {
    with(client, Engine::abandon);
}

/// Fills the record of an output.
#[wasm_bindgen]
pub fn next(client: u32, now_ms: f64) {
    with(client, |engine| {
        let output = engine.next(instant(now_ms));
        OUTPUT.with(|record| {
            record.now_ms.set(ms_of(engine.now()));
            fill(record, output);
        });
    });
}

fn fill(record: &records::Output, output: Output) {
    let kind = match output {
        Output::Idle => OutputKind::Idle,
        Output::WaitUntil(at) => {
            record.until_ms.set(ms_of(at));
            OutputKind::WaitUntil
        }
        Output::NewTurn => OutputKind::NewTurn,
        Output::Send(send) => {
            record.request.set(send.request.number());
            record.task.set(send.task.number());
            record.call.set(send.call.map_or(f64::NAN, |call| call.number().into()));
            record.is_repeat.set(send.is_repeat);
            record.asks_for_details.set(send.asks_for_details);
            OutputKind::Send
        }
        Output::GiveUp(request) => {
            record.request.set(request.number());
            OutputKind::GiveUp
        }
        Output::Late(request) => {
            record.request.set(request.number());
            OutputKind::Late
        }
        Output::Status(call) => {
            record.call.set(call.number());
            OutputKind::Status
        }
        Output::Finished(call, finished) => {
            record.call.set(call.number());
            record.outcome.set(finished.outcome as u8);
            record.polls.set(finished.polls);
            record.detection_delay_ms.set(ms(finished.detection_delay));
            OutputKind::Finished
        }
        Output::Failed(call, failure) => {
            record.call.set(call.number());
            fill_failure(record, failure);
            OutputKind::Failed
        }
        Output::Seen(call) => {
            record.call.set(call.number());
            OutputKind::Seen
        }
        Output::Replied(call) => {
            record.call.set(call.number());
            OutputKind::Replied
        }
        Output::Stepped(call, step) => {
            record.call.set(call.number());
            fill_step(record, step);
            OutputKind::Stepped
        }
        Output::Happened(task, event) => {
            record.task.set(task.number());
            record.at_ms.set(ms_of(event.at));
            fill_event(record, event.kind);
            OutputKind::Happened
        }
    };
    record.kind.set(kind.number());
}

fn fill_failure(record: &records::Output, failure: Failure) {
    record.code.set(failure.code as u8);
    record.retry_after_ms.set(ms(failure.retry_after));
    record.polls.set(failure.polls);
    let owner = failure.fault.map_or(f64::NAN, |fault| {
        record.fault_code.set(fault.code as u8);
        let owner = match fault.of {
            FaultOf::Task => FaultOwner::Task,
            FaultOf::Pause => FaultOwner::Pause,
            FaultOf::Call => FaultOwner::Call,
        };
        owner.number().into()
    });
    record.fault_of.set(owner);
}

/// Its progress is in the record of progress.
fn fill_step(record: &records::Output, step: PollStep) {
    set_progress(step.progress);
    match step.fault {
        Some(fault) => fill_failure(record, fault),
        None => record.fault_of.set(f64::NAN),
    }
    record.outcome.set(step.outcome as u8);
    record.delay_ms.set(ms(step.delay));
}

fn fill_event(record: &records::Output, kind: engine::EventKind) {
    let event = match kind {
        engine::EventKind::Asked { poll } => {
            record.poll.set(poll);
            EventKind::Asked
        }
        engine::EventKind::Answered { poll, http_status, took } => {
            record.poll.set(poll);
            record.http_status.set(http_status);
            record.duration_ms.set(ms(Some(took)));
            EventKind::Answered
        }
        engine::EventKind::Changed => EventKind::Changed,
        engine::EventKind::Retrying { code, delay } => {
            record.code.set(code as u8);
            record.delay_ms.set(ms(Some(delay)));
            EventKind::Retrying
        }
        engine::EventKind::Throttled { reason, delay } => {
            record.reason.set(reason as u8);
            record.delay_ms.set(ms(Some(delay)));
            EventKind::Throttled
        }
        engine::EventKind::Finished { how, polls, detection_delay } => {
            record.outcome.set(ending(how));
            record.code.set(how.code().map_or(f64::NAN, |code| f64::from(code as u8)));
            record.polls.set(polls);
            record.detection_delay_ms.set(ms(detection_delay));
            EventKind::Finished
        }
    };
    record.event.set(event.number());
}

/// The place in the list of outcomes, where others follow those of tasks.
fn ending(how: Ending) -> f64 {
    let others = Outcome::ALL.len() as u8;
    f64::from(match how {
        Ending::Task(outcome) => outcome as u8,
        Ending::Error(_) => others,
        Ending::Aborted => others + 1,
    })
}

fn answer(given: &records::Answer) -> poll::Answer {
    let kind = AnswerKind::ALL.get(whole(given.kind.get()) as usize).copied();
    match kind.unwrap_or(AnswerKind::NoAnswer) {
        AnswerKind::NoAnswer => poll::Answer::None,
        AnswerKind::NoToken => poll::Answer::Unsendable(Code::Unauthorized),
        AnswerKind::NotSent => poll::Answer::Unsendable(Code::Network),
        AnswerKind::Http => poll::Answer::Http {
            status: whole(given.http_status.get()) as u16,
            retry_after: span(given.retry_after_ms.get()),
            server_time: timestamp(given.server_time_ms.get()),
            limit: Limit::ALL.get(whole(given.limit_kind.get()) as usize).copied().unwrap_or_default(),
            body: match BodyKind::ALL.get(whole(given.body.get()) as usize) {
                Some(BodyKind::Status) => Body::Status(envelope(given)),
                Some(BodyKind::Empty) => Body::Empty,
                Some(BodyKind::Error) => Body::Error,
                _ => Body::Unreadable,
            },
        },
    }
}

fn envelope(given: &records::Answer) -> Envelope {
    Envelope {
        standing: Standing::ALL.get(whole(given.state.get()) as usize).copied().unwrap_or(Standing::Queued),
        has_errors: given.has_errors.is_yes(),
        has_result: given.has_result.is_yes(),
        requested_at: timestamp(given.requested_at_ms.get()),
        started_at: timestamp(given.started_at_ms.get()),
        completed_at: timestamp(given.completed_at_ms.get()),
    }
}

// Each conversion is a function of its own: where it is written out, a cast of a float weighs 40 bytes.

/// A count; 0 for NaN, and the highest number for what is above.
#[inline(never)]
fn whole(number: f64) -> u32 {
    number as u32
}

/// The same of milliseconds.
#[inline(never)]
fn whole_ms(ms: f64) -> u64 {
    ms as u64
}

/// What a clock says; the epoch for what it cannot say.
#[inline(never)]
fn instant(ms: f64) -> Timestamp {
    Timestamp::from_ms(whole_ms(ms))
}

/// Milliseconds since the Unix epoch as an instant; `None` where it is none.
#[inline(never)]
fn timestamp(ms: f64) -> Option<Timestamp> {
    (0.0..f64::INFINITY).contains(&ms).then(|| instant(ms))
}

/// Milliseconds as a span; `None` for NaN.
#[inline(never)]
fn span(ms: f64) -> Option<Span> {
    (!ms.is_nan()).then(|| Span::from_ms(whole_ms(ms.ceil())))
}

/// A time limit: none for Infinity, the default for NaN.
#[inline(never)]
fn timeout(ms: f64) -> Timeout {
    match span(ms) {
        None => Timeout::Default,
        Some(_) if ms.is_infinite() => Timeout::Never,
        Some(span) => Timeout::After(span),
    }
}

/// A header's count; `None` where it has none, or one beyond all counting.
#[inline(never)]
fn count(count: f64) -> Option<u32> {
    (count <= u32::MAX.into()).then(|| whole(count))
}

fn ms_of(instant: Timestamp) -> f64 {
    instant.as_ms() as f64
}

/// A span as JavaScript counts it: milliseconds, NaN for none.
#[inline(never)]
fn ms(span: Option<Span>) -> f64 {
    span.map_or(f64::NAN, |span| span.as_ms() as f64)
}
