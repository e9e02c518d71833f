//! What an answer means: read it, ask again, pause, or stop. Every rule about HTTP statuses stands in one table.

use super::{Envelope, Span, Timestamp};

/// Why a call or a wait ended without success. `docs/errors.md` says more of each.
///
/// - `INVALID_ARGUMENT`: an option or argument has a wrong value, or the clock does not work; nothing was sent. The message
///   names it, what it got and what it takes. Asking again does not help.
/// - `UNAUTHORIZED`: the token is missing, wrong or expired (401), or the token function gave none. Give a valid one, or let
///   your proxy add it. Asking again with the same token does not help.
/// - `FORBIDDEN`: the token may not ask for this (403). Give its app one of `requiredScopes`. Asking again does not help.
/// - `NOT_FOUND`: no such task or route (404). Look at the id, `baseUrl` and `apiVersion`. Asking again does not help.
/// - `RATE_LIMITED`: a rate limit was hit (429), for longer than the caller can wait. Ask again after `retryAfterMs`.
/// - `MIGRATING`: HubSpot moves the account (477), for longer than the caller can wait. Ask again after `retryAfterMs`.
/// - `HTTP`: another HTTP status that is not 2xx, or an error that came as one. Look at `httpStatus` and `category`. Asking
///   again may help for 408, 423, 425 and 5xx but for 501, 505, 508, 511, 522, 525, 526 and 530: `isRetryable` tells.
/// - `NETWORK`: no answer came: no way to the server, CORS, or an attempt over `requestTimeoutMs`. Look at `baseUrl` and
///   `cause`. Asking again may help.
/// - `INVALID_RESPONSE`: a 2xx answer that is no task status, such as a web page. Look at `baseUrl`. Asking again may help.
/// - `TIMEOUT`: the deadline came first; the task may still succeed. Wait longer, or give `checkpoint` to `resume()`. Asking
///   again may help.
/// - `CANCELED`: HubSpot will not do the task. Start it anew. Asking again does not help.
/// - `FAILED`: the task is over, without the result that it should have. Mend what `lastStatus.errors` names, and start it
///   anew. Asking again does not help.
/// - `UNKNOWN_OUTCOME`: a start that may have been carried out: no answer came, or one that does not tell. Look in HubSpot
///   whether it was. Asking again does not help: a second start may do it twice.
/// - `WASM_BLOCKED`: the host refused to compile WebAssembly. Allow `'wasm-unsafe-eval'`, or import
///   `hubspot-async-tasks/js`. Asking again does not help.
/// - `INTERNAL`: the package itself failed. Make a new client: its calls may succeed. Please report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "tsify",
    derive(serde::Serialize, tsify::Tsify),
    serde(rename_all = "SCREAMING_SNAKE_CASE"),
    tsify(rename = "HubSpotTaskErrorCode")
)]
pub enum Code {
    /// An option or argument has a wrong value; nothing was sent.
    InvalidArgument,
    /// The token is missing, wrong or expired (401).
    Unauthorized,
    /// The token lacks a scope (403).
    Forbidden,
    /// HubSpot knows no such task or route (404).
    NotFound,
    /// A rate limit was hit (429), for longer than the caller can wait.
    RateLimited,
    /// The account is being moved (477), for longer than the caller can wait.
    Migrating,
    /// Any other HTTP status that is not 2xx.
    Http,
    /// No answer came: the network, CORS, or an attempt that took too long.
    Network,
    /// A 2xx answer that is no task status.
    InvalidResponse,
    /// The deadline came first; the task may still succeed.
    Timeout,
    /// HubSpot will not do the task.
    Canceled,
    /// The task is over, without the result that it should have.
    Failed,
    /// A start that may have been carried out.
    UnknownOutcome,
    /// The host refused to compile WebAssembly.
    WasmBlocked,
    /// The package itself failed: every call of every client ends so, and the next client begins anew.
    Internal,
}

impl Code {
    /// All of them.
    pub const ALL: [Code; 15] = [
        Code::InvalidArgument,
        Code::Unauthorized,
        Code::Forbidden,
        Code::NotFound,
        Code::RateLimited,
        Code::Migrating,
        Code::Http,
        Code::Network,
        Code::InvalidResponse,
        Code::Timeout,
        Code::Canceled,
        Code::Failed,
        Code::UnknownOutcome,
        Code::WasmBlocked,
        Code::Internal,
    ];

    /// Whether nothing came that could be read: the network, or the set-up.
    pub(crate) fn tells_nothing(self) -> bool {
        matches!(self, Code::Network | Code::InvalidResponse)
    }

    /// The code's name in the npm package.
    pub fn name(self) -> &'static str {
        match self {
            Code::InvalidArgument => "INVALID_ARGUMENT",
            Code::Unauthorized => "UNAUTHORIZED",
            Code::Forbidden => "FORBIDDEN",
            Code::NotFound => "NOT_FOUND",
            Code::RateLimited => "RATE_LIMITED",
            Code::Migrating => "MIGRATING",
            Code::Http => "HTTP",
            Code::Network => "NETWORK",
            Code::InvalidResponse => "INVALID_RESPONSE",
            Code::Timeout => "TIMEOUT",
            Code::Canceled => "CANCELED",
            Code::Failed => "FAILED",
            Code::UnknownOutcome => "UNKNOWN_OUTCOME",
            Code::WasmBlocked => "WASM_BLOCKED",
            Code::Internal => "INTERNAL",
        }
    }
}

/// What came back, as far as a decision needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Answer {
    /// The server answered.
    Http {
        /// The HTTP status; 0 for a redirect that the browser keeps to itself.
        status: u16,
        /// What the `Retry-After` header asks for.
        retry_after: Option<Span>,
        /// What the `Date` header says.
        server_time: Option<Timestamp>,
        /// Which limit was hit, where one was.
        limit: Limit,
        /// What a 2xx body is.
        body: Body,
    },
    /// Nothing came, or not in time.
    #[default]
    None,
    /// Nothing was sent, and a further try would send nothing either.
    Unsendable(Code),
}

/// Which limit a 429 is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limit {
    /// Requests in a short while: the next ones may come soon.
    #[default]
    Rate,
    /// Requests in a day.
    Daily,
    /// Something else, such as tasks at one time: no waiting mends it.
    Other,
}

impl Limit {
    /// All of them, by number.
    pub const ALL: [Limit; 3] = [Limit::Rate, Limit::Daily, Limit::Other];
}

/// The body of an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Body {
    /// A task status.
    Status(Envelope),
    /// Empty or blank: the task is not over yet.
    Empty,
    /// It says that it is an error, and no code stands for its category.
    Error,
    /// Anything else.
    Unreadable,
}

/// What to do with an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// It tells how the task is going.
    Status(Envelope),
    /// It tells that the task is going on, and nothing more.
    Empty,
    /// A passing fault: ask again, after the back-off and after `at_least`.
    Retry {
        /// The fault's code.
        code: Code,
        /// No sooner than this.
        at_least: Span,
        /// At so many of them in a row it is taken for one that does not pass; [`Verdict::NEVER`]: at none.
        stops_at: u8,
    },
    /// HubSpot wants no request at all for a while.
    Pause {
        /// The fault's code.
        code: Code,
        /// For how long.
        lasts: Span,
    },
    /// Asking again would not help.
    Stop(Code),
}

impl Verdict {
    /// No number of faults in a row.
    pub const NEVER: u8 = u8::MAX;
}

/// What to do by the status alone.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    Read,
    Stop(Code),
    /// Retry after the back-off, or this if it is longer.
    Retry(Code, Span),
    /// Pause the whole client, for this long where HubSpot names no time.
    Pause(Code, Span),
}

const NOW: Span = Span::ZERO;
/// HubSpot's rate window.
const RATE_WINDOW: Span = Span::from_secs(10);
/// No `Retry-After` is obeyed for longer: a date that is garbage must stop nobody for good.
pub(super) const LONGEST_PAUSE: Span = Span::from_secs(24 * 60 * 60);

/// A page in the place of an answer may be there for a minute or two; what can never be read is not asked for longer.
const UNREADABLE_STOPS_AT: u8 = 8;
/// An error with a good HTTP status may be a proxy's hiccup: it is believed when it is said again.
const ERROR_STOPS_AT: u8 = 2;

/// The first row that holds the status decides. Sources: HubSpot's page on error handling, and, for what it leaves
/// open (408, 425 and other gaps), the meaning that HTTP gives the class. The npm package's `isRetryable` and the table in
/// `docs/polling.md` say the same.
fn rule(status: u16) -> Rule {
    match status {
        200..=299 => Rule::Read,
        401 => Rule::Stop(Code::Unauthorized),
        403 => Rule::Stop(Code::Forbidden),
        404 => Rule::Stop(Code::NotFound),
        // Nothing was done: too slow, or too early.
        408 | 425 => Rule::Retry(Code::Http, NOW),
        423 => Rule::Retry(Code::Http, Span::from_secs(2)),
        429 => Rule::Pause(Code::RateLimited, RATE_WINDOW),
        477 => Rule::Pause(Code::Migrating, RATE_WINDOW),
        // "Contact support", says HubSpot: a handshake or a certificate that no retry mends.
        522 | 525 | 526 => Rule::Stop(Code::Http),
        // What the server cannot do, a host that is no use (a loop, a captive portal), a token of a wrong form (530).
        501 | 505 | 508 | 511 | 530 => Rule::Stop(Code::Http),
        500..=599 => Rule::Retry(Code::Http, NOW),
        // Redirects too: a token must not follow one to another host.
        _ => Rule::Stop(Code::Http),
    }
}

/// Whether the fault that this HTTP status is may pass, so that asking again may help: all but those that end a wait, and
/// those that pause the client and have a code of their own.
pub fn is_passing(status: u16) -> bool {
    matches!(rule(status), Rule::Retry(..))
}

/// What an answer means.
///
/// `Retry-After` is documented for 477 alone and honoured wherever it comes: on 429 and 477 it pauses the client, on
/// another fault it holds back the task, on a 2xx it is the caller's to apply.
#[inline(never)]
pub fn verdict(answer: &Answer, now: Timestamp) -> Verdict {
    let retry = |code, at_least, stops_at| Verdict::Retry { code, at_least, stops_at };
    let (status, retry_after, server_time, limit, body) = match answer {
        Answer::Http { status, retry_after, server_time, limit, body } => {
            (*status, *retry_after, *server_time, *limit, body)
        }
        Answer::None => return retry(Code::Network, NOW, Verdict::NEVER),
        Answer::Unsendable(code) => return Verdict::Stop(*code),
    };
    let demanded = retry_after.map(|span| span.min(LONGEST_PAUSE));
    let at_least = demanded.unwrap_or_default();
    match rule(status) {
        Rule::Read => match body {
            // By the server's clock, where it tells.
            Body::Status(envelope) => {
                Verdict::Status(envelope.with_possible_dates(server_time.unwrap_or(now)))
            }
            Body::Empty => Verdict::Empty,
            Body::Error => retry(Code::Http, at_least, ERROR_STOPS_AT),
            Body::Unreadable => retry(Code::InvalidResponse, at_least, UNREADABLE_STOPS_AT),
        },
        Rule::Stop(code) => Verdict::Stop(code),
        Rule::Retry(code, least) => retry(code, at_least.max(least), Verdict::NEVER),
        Rule::Pause(code, lasts) => match (demanded, limit) {
            (Some(lasts), _) => Verdict::Pause { code, lasts },
            // The day ends at midnight of the account's time zone, which nobody tells.
            (None, Limit::Daily) if code == Code::RateLimited => Verdict::Stop(code),
            (None, Limit::Other) if code == Code::RateLimited => Verdict::Stop(Code::Http),
            (None, _) => Verdict::Pause { code, lasts },
        },
    }
}

/// Whether a start that was answered so may have been carried out: then it must not be sent again. HubSpot did refuse it
/// for certain where it says so by a status below 500; a 429 for something else than a rate may come after the deed.
pub fn is_start_in_doubt(answer: &Answer, verdict: &Verdict) -> bool {
    match *answer {
        Answer::Unsendable(_) => false,
        Answer::None => true,
        Answer::Http { status: 200..=299, .. } => !matches!(verdict, Verdict::Status(_)),
        Answer::Http { status: 429, limit, .. } => limit == Limit::Other,
        Answer::Http { status, .. } => status == 408 || status >= 500,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::poll::Standing;

    fn answered(status: u16, retry_after: Option<u64>, limit: Limit) -> Verdict {
        let retry_after = retry_after.map(Span::from_secs);
        let answer = Answer::Http { status, retry_after, server_time: None, limit, body: Body::Empty };
        verdict(&answer, Timestamp::default())
    }

    #[test]
    fn each_http_status_has_its_verdict() {
        let secs = Span::from_secs;
        let stop = Verdict::Stop;
        let retry =
            |code, seconds| Verdict::Retry { code, at_least: secs(seconds), stops_at: Verdict::NEVER };
        let pause = |code, seconds| Verdict::Pause { code, lasts: secs(seconds) };
        let table = [
            (200, None, Verdict::Empty),
            (202, None, Verdict::Empty),
            (204, None, Verdict::Empty),
            (202, Some(7), Verdict::Empty),
            (0, None, stop(Code::Http)),
            (100, None, stop(Code::Http)),
            (301, None, stop(Code::Http)),
            (304, Some(5), stop(Code::Http)),
            (400, None, stop(Code::Http)),
            (401, None, stop(Code::Unauthorized)),
            (403, None, stop(Code::Forbidden)),
            (404, None, stop(Code::NotFound)),
            (404, Some(5), stop(Code::NotFound)),
            (408, None, retry(Code::Http, 0)),
            (408, Some(5), retry(Code::Http, 5)),
            (409, None, stop(Code::Http)),
            (425, None, retry(Code::Http, 0)),
            (423, None, retry(Code::Http, 2)),
            (423, Some(9), retry(Code::Http, 9)),
            (423, Some(1), retry(Code::Http, 2)),
            (429, None, pause(Code::RateLimited, 10)),
            (429, Some(3), pause(Code::RateLimited, 3)),
            (429, Some(86_400), pause(Code::RateLimited, 86_400)),
            (429, Some(86_401), pause(Code::RateLimited, 86_400)),
            (477, Some(u64::MAX), pause(Code::Migrating, 86_400)),
            (477, None, pause(Code::Migrating, 10)),
            (477, Some(120), pause(Code::Migrating, 120)),
            (500, None, retry(Code::Http, 0)),
            (501, None, stop(Code::Http)),
            (501, Some(30), stop(Code::Http)),
            (502, None, retry(Code::Http, 0)),
            (503, None, retry(Code::Http, 0)),
            (503, Some(30), retry(Code::Http, 30)),
            (503, Some(u64::MAX), retry(Code::Http, 86_400)),
            (500, Some(7), retry(Code::Http, 7)),
            (529, Some(7), retry(Code::Http, 7)),
            (504, None, retry(Code::Http, 0)),
            (505, None, stop(Code::Http)),
            (506, None, retry(Code::Http, 0)),
            (508, None, stop(Code::Http)),
            (511, None, stop(Code::Http)),
            (520, None, retry(Code::Http, 0)),
            (521, None, retry(Code::Http, 0)),
            (522, None, stop(Code::Http)),
            (523, None, retry(Code::Http, 0)),
            (524, None, retry(Code::Http, 0)),
            (525, None, stop(Code::Http)),
            (526, None, stop(Code::Http)),
            (529, None, retry(Code::Http, 0)),
            (530, None, stop(Code::Http)),
            (600, None, stop(Code::Http)),
            (u16::MAX, None, stop(Code::Http)),
        ];
        for (status, retry_after, expected) in table {
            assert_eq!(answered(status, retry_after, Limit::Rate), expected, "{status} {retry_after:?}");
        }
    }

    #[test]
    fn the_daily_limit_is_waited_for_only_when_hubspot_says_how_long() {
        assert_eq!(answered(429, None, Limit::Daily), Verdict::Stop(Code::RateLimited));
        let hour = Verdict::Pause { code: Code::RateLimited, lasts: Span::from_secs(3600) };
        assert_eq!(answered(429, Some(3600), Limit::Daily), hour);
    }

    #[test]
    fn a_limit_that_is_no_rate_is_waited_for_only_when_hubspot_says_how_long() {
        assert_eq!(answered(429, None, Limit::Other), Verdict::Stop(Code::Http));
        let pause = Verdict::Pause { code: Code::RateLimited, lasts: Span::from_secs(3) };
        assert_eq!(answered(429, Some(3), Limit::Other), pause);
        // What else a body says of a limit is about no limit.
        let migrating = Verdict::Pause { code: Code::Migrating, lasts: RATE_WINDOW };
        assert_eq!(answered(477, None, Limit::Other), migrating);
        assert_eq!(answered(477, None, Limit::Daily), migrating);
        let retry = Verdict::Retry { code: Code::Http, at_least: NOW, stops_at: Verdict::NEVER };
        assert_eq!(answered(503, None, Limit::Other), retry);
    }

    #[test]
    fn a_body_that_tells_nothing_is_asked_again_and_believed_at_last() {
        let said = |body, retry_after: Option<u64>| {
            let retry_after = retry_after.map(Span::from_secs);
            verdict(
                &Answer::Http { status: 200, retry_after, server_time: None, limit: Limit::Rate, body },
                Timestamp::default(),
            )
        };
        let retry =
            |code, seconds, stops_at| Verdict::Retry { code, at_least: Span::from_secs(seconds), stops_at };
        assert_eq!(said(Body::Error, None), retry(Code::Http, 0, 2));
        assert_eq!(said(Body::Error, Some(9)), retry(Code::Http, 9, 2));
        assert_eq!(said(Body::Unreadable, None), retry(Code::InvalidResponse, 0, 8));
        assert_eq!(said(Body::Unreadable, Some(9)), retry(Code::InvalidResponse, 9, 8));
        assert_eq!(said(Body::Empty, Some(9)), Verdict::Empty);
    }

    #[test]
    fn a_date_that_cannot_be_is_as_good_as_absent() {
        let day = 24 * 60 * 60 * 1_000;
        let now = 1_774_951_200_000;
        let years = 20 * 365 * day;
        // The server's clock, the host's, the date, and whether it counts.
        let table = [
            (Some(now), 0, now, true),
            (Some(now), 0, now + day, true),
            (Some(now), 0, now + day + 1, false),
            (Some(now), now + 400 * day, now + 300 * day, false),
            (None, now, now + day, true),
            (None, now, now + 4 * 365 * day, false),
            (None, now, now - years, true),
            (None, now, now - years - 1, false),
            (None, now, 0, false),
            (None, now, u64::MAX, false),
            // Clocks of tests.
            (None, 0, 0, true),
            (None, 5_000, 1_000, true),
            (Some(5_000), now, 1_000, true),
            (None, 5_000, now, false),
        ];
        for (server, now, date, counts) in table {
            let date = Some(Timestamp::from_ms(date));
            let envelope = Envelope {
                standing: Standing::Complete,
                has_errors: false,
                has_result: true,
                requested_at: date,
                started_at: date,
                completed_at: date,
            };
            let answer = Answer::Http {
                status: 200,
                retry_after: None,
                server_time: server.map(Timestamp::from_ms),
                limit: Limit::Rate,
                body: Body::Status(envelope),
            };
            let kept = date.filter(|_| counts);
            let expected = Envelope { requested_at: kept, started_at: kept, completed_at: kept, ..envelope };
            let read = verdict(&answer, Timestamp::from_ms(now));
            assert_eq!(read, Verdict::Status(expected), "{server:?} {now} {date:?}");
        }
    }

    #[test]
    fn no_answer_is_retried_and_an_unsendable_one_is_not() {
        let now = Timestamp::default();
        let retry = Verdict::Retry { code: Code::Network, at_least: NOW, stops_at: Verdict::NEVER };
        assert_eq!(verdict(&Answer::None, now), retry);
        assert_eq!(verdict(&Answer::Unsendable(Code::Network), now), Verdict::Stop(Code::Network));
    }
}
