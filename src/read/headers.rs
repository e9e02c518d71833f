//! What an answer's headers say: pauses, times and limits.

use super::date;
use crate::model::blanks::whole;
use crate::poll::{RateHeaders, Span, Timestamp};

/// What the headers said that are read. One that is missing, or of another form, says nothing.
pub(super) struct Headers {
    pub content_type: Option<String>,
    /// `Retry-After`, as a span from now.
    pub retry_after: Option<Span>,
    pub server_time: Option<Timestamp>,
    pub rate_headers: RateHeaders,
}

impl Headers {
    pub fn read(header: impl Fn(&str) -> Option<String>, now: Timestamp) -> Headers {
        let count = |name| header(name).and_then(|text| whole(&text)?.try_into().ok());
        let server_time = header("date").and_then(|text| date::http(&text));
        let rate_headers = RateHeaders {
            max: count("x-hubspot-ratelimit-max"),
            remaining: count("x-hubspot-ratelimit-remaining"),
            interval: count("x-hubspot-ratelimit-interval-milliseconds")
                .map(|ms: u32| Span::from_ms(ms.into())),
        };
        // By the server's clock, where it tells.
        let retry_after =
            header("retry-after").and_then(|text| retry_after(&text, server_time.unwrap_or(now)));
        Headers { content_type: header("content-type"), retry_after, server_time, rate_headers }
    }
}

/// Longer than all waiting, and still far from the end of time.
const LONGEST_RETRY_AFTER: Span = Span::from_secs(u32::MAX as u64);

/// Seconds, or a date.
fn retry_after(text: &str, now: Timestamp) -> Option<Span> {
    let seconds = || whole(text).map(|seconds| Span::from_secs(seconds).min(LONGEST_RETRY_AFTER));
    seconds().or_else(|| date::http(text).map(|date| date.since(now)))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_count_beyond_all_counting_says_nothing() {
        let limit =
            |max: &str| Headers::read(|_| Some(max.to_owned()), Timestamp::default()).rate_headers.max;
        assert_eq!(limit("4294967295"), Some(u32::MAX));
        assert_eq!(limit("4294967296"), None);
        assert_eq!(limit("99999999999999999999999"), None);
    }
}
