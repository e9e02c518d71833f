//! What calls are told: the object that told.js made of a call, and what it takes.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::host::checkpoint_of;
use super::{Detail, StatusBody};
use crate::client::{self, Finished, PollStep};
use crate::poll::{Checkpoint, Span, Timestamp};

#[wasm_bindgen]
extern "C" {
    // None throws: told.js is our own, and runs the caller's code later.

    /// See told.js.
    #[derive(Clone)]
    pub type Call;

    #[wasm_bindgen(method)]
    pub fn tell(this: &Call, status: &JsValue);

    #[wasm_bindgen(method)]
    fn finish(this: &Call, outcome: &str, status: &JsValue, polls: u32, detection_delay_ms: f64);

    #[wasm_bindgen(method)]
    pub fn seen(this: &Call, status: &JsValue);

    #[wasm_bindgen(method)]
    fn step(
        this: &Call,
        outcome: &str,
        status: &JsValue,
        fault: &JsValue,
        checkpoint: &JsValue,
        delay_ms: f64,
    );

    #[wasm_bindgen(method)]
    pub fn fail(this: &Call, error: &JsValue);

    #[wasm_bindgen(method)]
    fn error(
        this: &Call,
        code: &str,
        fault: &JsValue,
        fault_code: &str,
        status: &JsValue,
        polls: u32,
        retry_after_ms: f64,
    ) -> JsValue;
}

type Failure = client::Failure<StatusBody, Detail>;

impl Call {
    pub fn finished(&self, finished: &Finished<StatusBody>) {
        let delay = ms(finished.detection_delay);
        self.finish(finished.outcome.name(), finished.status.kept(), finished.polls, delay);
    }

    pub fn stepped(&self, step: &PollStep<StatusBody, Detail>) {
        let fault = step.fault.as_ref().map(|fault| self.failure(fault)).unwrap_or_default();
        let checkpoint = checkpoint_object(&step.checkpoint);
        self.step(step.outcome.name(), &kept(&step.status), &fault, &checkpoint, ms(step.delay));
    }

    /// The error for a call or a wait that ended without success.
    pub fn failure(&self, failure: &Failure) -> JsValue {
        let (fault, fault_code) = match &failure.fault {
            Some(fault) => (JsValue::from(fault.detail.fields()), fault.code.name()),
            None => (JsValue::UNDEFINED, ""),
        };
        let (status, retry_after) = (kept(&failure.last_status), ms(failure.retry_after));
        self.error(failure.code.name(), &fault, fault_code, &status, failure.polls, retry_after)
    }
}

fn kept(status: &Option<StatusBody>) -> JsValue {
    status.as_ref().map_or(JsValue::UNDEFINED, |status| status.kept().clone())
}

/// A checkpoint for a queue's message, without its task.
pub fn checkpoint_object(checkpoint: &Checkpoint) -> JsValue {
    let ms = |instant: Option<Timestamp>| instant.map_or(f64::NAN, |instant| instant.as_ms() as f64);
    checkpoint_of(
        checkpoint.api_version.as_str(),
        checkpoint.polls,
        checkpoint.faults,
        checkpoint.was_queued,
        ms(checkpoint.started),
        ms(checkpoint.processing),
        ms(checkpoint.due),
        ms(checkpoint.deadline),
    )
}

/// A span as JavaScript counts it: milliseconds, NaN for none.
#[inline(never)]
pub fn ms(span: Option<Span>) -> f64 {
    span.map_or(f64::NAN, |span| span.as_ms() as f64)
}
