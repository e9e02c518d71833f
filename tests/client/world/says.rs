//! What the server says.

use hubspot_async_tasks::client::Payload;
use hubspot_async_tasks::poll::{Answer, Body, Code, Envelope, Limit, RateHeaders, Standing, Timestamp};

use super::{START, Text, ms};

/// An answer, and after how long it comes.
#[derive(Clone)]
pub struct Says {
    pub(super) after: u64,
    pub(super) answer: Answer,
    pub(super) payload: Payload<Text, Text>,
    pub(super) rate_headers: RateHeaders,
    pub(super) is_repeatable: bool,
    /// Whether a `Date` header tells the server's time, which is the real one.
    pub(super) has_date: bool,
}

impl Says {
    pub fn after(self, after: u64) -> Says {
        Says { after, ..self }
    }

    /// Another token may be answered better.
    pub fn daily(mut self) -> Says {
        if let Answer::Http { limit, .. } = &mut self.answer {
            *limit = Limit::Daily;
        }
        self
    }

    pub fn repeatable(mut self) -> Says {
        self.is_repeatable = true;
        self
    }

    /// What the headers say of the rate limit.
    pub fn rate_headers(self, rate_headers: RateHeaders) -> Says {
        Says { rate_headers, ..self }
    }

    pub fn with_date(self) -> Says {
        Says { has_date: true, ..self }
    }

    /// `requestedAt`, `startedAt` and `completedAt`, in milliseconds from `START`; those before it are negative.
    pub fn dates(mut self, requested: Option<i64>, started: Option<i64>, completed: Option<i64>) -> Says {
        let instant = |ms: i64| Timestamp::from_ms(START.saturating_add_signed(ms));
        if let Answer::Http { body: Body::Status(envelope), .. } = &mut self.answer {
            envelope.requested_at = requested.map(instant);
            envelope.started_at = started.map(instant);
            envelope.completed_at = completed.map(instant);
        }
        self
    }

    /// `Retry-After`, in milliseconds.
    pub fn retry_after(mut self, lasts: u64) -> Says {
        if let Answer::Http { retry_after, .. } = &mut self.answer {
            *retry_after = Some(ms(lasts));
        }
        self
    }
}

fn answered(status: u16, retry_after: Option<u64>, body: Body, payload: Payload<Text, Text>) -> Says {
    let retry_after = retry_after.map(ms);
    saying(Answer::Http { status, retry_after, server_time: None, limit: Limit::Rate, body }, payload)
}

fn saying(answer: Answer, payload: Payload<Text, Text>) -> Says {
    let rate_headers = RateHeaders::default();
    Says { after: 0, answer, payload, rate_headers, is_repeatable: false, has_date: false }
}

fn status(standing: Standing, has_result: bool, text: Text) -> Says {
    let envelope = Envelope {
        standing,
        has_errors: false,
        has_result,
        requested_at: None,
        started_at: None,
        completed_at: None,
    };
    answered(200, None, Body::Status(envelope), Payload::Status(text))
}

pub fn running(text: Text) -> Says {
    status(Standing::Queued, false, text)
}

pub fn processing(text: Text) -> Says {
    status(Standing::Processing, false, text)
}

pub fn complete(text: Text) -> Says {
    status(Standing::Complete, true, text)
}

/// COMPLETE without the result that there should be.
pub fn failed(text: Text) -> Says {
    status(Standing::Complete, false, text)
}

/// A word of its details that says so.
pub fn failed_by_details(text: Text) -> Says {
    status(Standing::Failed, false, text)
}

pub fn canceled(text: Text) -> Says {
    status(Standing::Canceled, false, text)
}

pub fn empty() -> Says {
    answered(202, None, Body::Empty, Payload::Empty)
}

pub fn refusal(status: u16, retry_after: Option<u64>, detail: Text) -> Says {
    answered(status, retry_after, Body::Unreadable, Payload::Fault(detail))
}

/// It was not sent, for there is no token.
pub fn tokenless() -> Says {
    saying(Answer::Unsendable(Code::Unauthorized), Payload::Fault("no token"))
}

pub fn lost() -> Says {
    saying(Answer::None, Payload::Fault("lost"))
}
