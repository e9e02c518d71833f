//! What callers and observers are told, as JSON, in the words of the npm package.

use hubspot_async_tasks::client::{Event, EventKind, Failure, Finished, PollStep};
use hubspot_async_tasks::poll::{Checkpoint, Code, Span};
use hubspot_async_tasks::read::{Detail, StatusBody};
use serde_json::{Map, Value, json};

use super::world::START_MS;

/// The fields that are known.
fn known<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let known = fields.into_iter().filter(|(_, value)| !value.is_null());
    known.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn ms(span: Option<Span>) -> Value {
    json!(span.map(Span::as_ms))
}

/// HubSpot's own object.
pub fn status(status: Option<&StatusBody>) -> Value {
    status.map_or(Value::Null, |status| status.decode().expect("JSON"))
}

pub fn checkpoint(checkpoint: &Checkpoint) -> Value {
    serde_json::to_value(checkpoint).expect("a checkpoint")
}

pub fn finished(finished: &Finished<StatusBody>) -> Value {
    known([
        ("is", json!("finished")),
        ("outcome", json!(finished.outcome.name())),
        ("status", status(Some(&finished.status))),
        ("polls", json!(finished.polls)),
        ("detectionDelayMs", ms(finished.detection_delay)),
    ])
}

pub fn seen(seen: Option<&StatusBody>) -> Value {
    // The npm package makes a status where HubSpot sent none yet.
    let status = seen.map_or_else(|| json!({ "status": "PENDING" }), |seen| status(Some(seen)));
    json!({ "is": "seen", "status": status })
}

pub fn step(step: &PollStep<StatusBody, Detail>) -> Value {
    known([
        ("is", json!("step")),
        ("outcome", json!(step.outcome.name())),
        ("status", status(step.status.as_ref())),
        ("fault", step.fault.as_deref().map_or(Value::Null, failure)),
        ("checkpoint", checkpoint(&step.checkpoint)),
        ("delayMs", ms(step.delay)),
    ])
}

/// The fault is the failure, or at a timeout what may have led to it.
pub fn failure(failure: &Failure<StatusBody, Detail>) -> Value {
    let is_timeout = failure.code == Code::Timeout;
    let of_fault = failure.fault.as_ref().and_then(|fault| fault.detail.retry_after);
    let fault = failure.fault.as_ref().map_or(Value::Null, |fault| {
        known([
            ("code", json!(fault.code.name())),
            ("message", json!(fault.detail.message)),
            ("httpStatus", json!(fault.detail.http_status)),
            ("category", json!(fault.detail.category)),
            ("correlationId", json!(fault.detail.correlation_id)),
            (
                "requiredScopes",
                json!(Some(&fault.detail.required_scopes).filter(|scopes| !scopes.is_empty())),
            ),
            // Elsewhere it is the failure's, unless that says otherwise.
            ("retryAfterMs", if is_timeout { ms(of_fault) } else { Value::Null }),
        ])
    });
    known([
        ("is", json!("failed")),
        ("code", json!(failure.code.name())),
        ("polls", json!(failure.polls)),
        ("lastStatus", status(failure.last_status.as_ref())),
        ("retryAfterMs", ms(failure.retry_after.or(of_fault.filter(|_| !is_timeout)))),
        ("fault", fault),
    ])
}

pub fn event(event: &Event<StatusBody>) -> Value {
    let is = |name: &str| ("type", json!(name));
    let what = match event.kind {
        EventKind::Asked { poll } => known([is("asked"), ("poll", json!(poll))]),
        EventKind::Answered { poll, http_status, took } => known([
            is("answered"),
            ("poll", json!(poll)),
            ("httpStatus", json!(http_status)),
            ("durationMs", json!(took.as_ms())),
        ]),
        EventKind::Changed => {
            known([is("changed"), ("status", json!(event.status.as_ref().map(StatusBody::state)))])
        }
        EventKind::Retrying { code, delay } => {
            known([is("retrying"), ("code", json!(code.name())), ("delayMs", json!(delay.as_ms()))])
        }
        EventKind::Throttled { reason, delay } => {
            known([is("throttled"), ("reason", json!(reason.name())), ("delayMs", json!(delay.as_ms()))])
        }
        EventKind::Finished { how, polls, detection_delay } => known([
            is("finished"),
            ("outcome", json!(how.name())),
            ("code", json!(how.code().map(Code::name))),
            ("polls", json!(polls)),
            ("detectionDelayMs", ms(detection_delay)),
        ]),
    };
    // By the client's clock, which may be wrong.
    let at_ms = event.at.as_ms() as i64 - START_MS as i64;
    json!({ "family": event.task.family.name(), "taskId": event.task.id.as_str(), "atMs": at_ms, "what": what })
}
