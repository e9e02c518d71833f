//! What went wrong, as callers are told it: one message for people, a few fields for programs, and never a secret.

use std::error::Error;
use std::fmt;

use super::quoted::quoted;
use crate::poll::Span;

/// What went wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detail {
    /// For people.
    pub message: String,
    /// The answer's HTTP status.
    pub http_status: Option<u16>,
    /// HubSpot's category, such as `MISSING_SCOPES`.
    pub category: Option<String>,
    /// What HubSpot's support asks for.
    pub correlation_id: Option<String>,
    /// The scopes of which the token needs one; empty where it lacks none.
    pub required_scopes: Vec<String>,
    /// How long HubSpot wants no request.
    pub retry_after: Option<Span>,
}

impl Detail {
    /// What went wrong, in words alone.
    pub fn new(message: impl Into<String>) -> Detail {
        Detail { message: message.into(), ..Detail::default() }
    }

    /// No answer came, for this cause. The secrets are the tokens that were sent. CORS is blamed where a page may have been
    /// kept from the answer by it.
    pub fn no_answer(cause: &(impl fmt::Display + ?Sized), secrets: &[&str], may_be_cors: bool) -> Detail {
        let cause = quoted(&cause.to_string(), secrets);
        let next = if may_be_cors {
            "The likely cause is CORS: set baseUrl to a proxy of your own that adds the token"
        } else {
            "Does baseUrl answer?"
        };
        Detail::new(format!("no answer came ({cause}). {next}"))
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Detail {}
