//! What the server says.

use hubspot_async_tasks::engine::Reply;
use hubspot_async_tasks::poll::{Answer, Body, Code, Envelope, Limit, RateHeaders, Standing, Timestamp};

use crate::play::ms;

/// What the server says to a request, and after how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Say {
    pub after: u64,
    pub reply: Reply,
    /// A status's text.
    pub text: u32,
}

impl Say {
    pub fn after(self, after: u64) -> Say {
        Say { after, ..self }
    }

    /// With `Retry-After`.
    pub fn retry_after(mut self, lasts: u64) -> Say {
        if let Answer::Http { retry_after, .. } = &mut self.reply.answer {
            *retry_after = Some(ms(lasts));
        }
        self
    }

    /// With a `Date`.
    pub fn date(mut self, date: Option<Timestamp>) -> Say {
        if let Answer::Http { server_time, .. } = &mut self.reply.answer {
            *server_time = date;
        }
        self
    }

    /// Another token may be answered better.
    pub fn repeatable(mut self) -> Say {
        self.reply.is_repeatable = true;
        self
    }

    /// With what its headers say of the rate limit.
    pub fn rate_headers(mut self, headers: RateHeaders) -> Say {
        self.reply.rate_headers = headers;
        self
    }

    pub fn answer(self) -> Answer {
        self.reply.answer
    }

    /// A status of another text.
    pub fn text(self, text: u32) -> Say {
        Say { text, ..self }
    }
}

pub fn say(answer: Answer) -> Say {
    let reply =
        Reply { answer, rate_headers: RateHeaders::default(), is_repeatable: false, is_same_status: false };
    Say { after: 0, reply, text: 0 }
}

pub fn answer(status: u16, body: Body) -> Say {
    say(Answer::Http { status, retry_after: None, server_time: None, limit: Limit::Rate, body })
}

pub fn envelope(standing: Standing) -> Envelope {
    let has_result = standing == Standing::Complete;
    Envelope {
        standing,
        has_errors: false,
        has_result,
        requested_at: None,
        started_at: None,
        completed_at: None,
    }
}

pub fn status(envelope: Envelope) -> Say {
    let text = 1 + envelope.standing as u32;
    Say { text, ..answer(200, Body::Status(envelope)) }
}

pub fn running() -> Say {
    status(envelope(Standing::Queued))
}

pub fn complete() -> Say {
    status(envelope(Standing::Complete))
}

pub fn empty() -> Say {
    answer(204, Body::Empty)
}

/// A passing fault of that kind.
pub fn retry(code: Code) -> Say {
    match code {
        Code::Network => say(Answer::None),
        Code::InvalidResponse => answer(200, Body::Unreadable),
        Code::Http => answer(503, Body::Unreadable),
        _ => panic!("{code:?} is no passing fault"),
    }
}

/// A pause that HubSpot demands.
pub fn pause(code: Code, lasts: u64) -> Say {
    let status = match code {
        Code::RateLimited => 429,
        Code::Migrating => 477,
        _ => panic!("{code:?} demands no pause"),
    };
    answer(status, Body::Unreadable).retry_after(lasts)
}

/// A fault after which going on would not help.
pub fn stop(code: Code) -> Say {
    let status = match code {
        Code::Http => 400,
        Code::Unauthorized => 401,
        Code::Forbidden => 403,
        Code::NotFound => 404,
        Code::RateLimited => 429,
        _ => panic!("{code:?} does not stop"),
    };
    let mut said = answer(status, Body::Unreadable);
    if let Answer::Http { limit, .. } = &mut said.reply.answer
        && code == Code::RateLimited
    {
        *limit = Limit::Daily;
    }
    said
}
