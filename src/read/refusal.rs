//! An answer that is no task status: what went wrong.

use serde::Deserialize;
use serde_json::Value;

use super::quoted::quoted;
use super::{Detail, Received};
use crate::model::blanks::{is_blank, trimmed};
use crate::model::{ErrorContext, HttpErrorBody};
use crate::poll::Limit;

/// Which limit was hit: its policy tells, else its type.
pub(super) fn limit(json: Option<&Value>) -> Limit {
    let named = |name| json.and_then(|json| json.get(name)?.as_str());
    match (named("policyName"), named("errorType")) {
        (Some("DAILY"), _) => Limit::Daily,
        (Some(_), _) | (None, None | Some("RATE_LIMIT")) => Limit::Rate,
        (None, Some(_)) => Limit::Other,
    }
}

/// No HTTP status is so high: whatever it is, it is no answer.
const NO_RESPONSE: u16 = 1000;

/// What an answer that is not 2xx says.
pub(super) fn refused(received: &Received, json: Option<Value>) -> Detail {
    let &Received { status, secrets, .. } = received;
    if status >= NO_RESPONSE {
        return Detail::new("fetch gave something that is no response");
    }
    let is_other = status == 429 && limit(json.as_ref()) == Limit::Other;
    // What is no object says nothing.
    let body = json.and_then(|json| HttpErrorBody::deserialize(json).ok()).unwrap_or_default();
    let said = |text: &Option<String>| text.as_deref().map(|text| quoted(text, secrets));
    // What the package's own proxy refuses, HubSpot has not seen.
    let is_proxy = body.category.as_deref().is_some_and(|category| category.starts_with("PROXY_"));
    let meant = match (is_proxy, is_other) {
        (true, _) => "the proxy answered with an error",
        (_, true) => "a limit of HubSpot's was hit, but no rate limit",
        _ => meaning(status),
    };
    let parts = [Some(format!("{meant} (HTTP {status})")), said(&body.message), said(&body.policy_name)];
    let mut detail = Detail {
        message: parts.into_iter().flatten().collect::<Vec<_>>().join(": "),
        http_status: (status != 0).then_some(status),
        category: said(&body.category)
            .filter(|category| !category.is_empty())
            .or_else(|| said(&body.error_type)),
        correlation_id: said(&body.correlation_id),
        required_scopes: Vec::new(),
        retry_after: received.headers.retry_after,
    };
    let is_missing = body.category.as_deref() == Some("MISSING_SCOPES");
    let family =
        || (ONE_OF, received.family.definition().scopes.iter().map(|scope| (*scope).to_owned()).collect());
    let named = required_scopes(&body, secrets).or_else(|| is_missing.then(family));
    if let Some((how_many, scopes)) = named.filter(|_| status == 403) {
        detail.message += &format!(". The token needs {how_many}the scopes {}", scopes.join(", "));
        detail.required_scopes = scopes;
    }
    detail
}

/// How many of the scopes a token needs, and after which words of a context or a message they stand.
const SCOPES: [(&str, Place, &str); 4] = [
    (ONE_OF, Place::Context, "requiredGranularScopes"),
    ("", Place::Context, "missingScopes"),
    (ONE_OF, Place::Message, "requires any of"),
    ("", Place::Message, "requires all of"),
];

const ONE_OF: &str = "one of ";

/// Where scopes are named: in the body, or in its first error.
#[derive(Clone, Copy)]
enum Place {
    Context,
    Message,
}

/// The scopes that HubSpot names: in a context's lists, in the documentation's form of a context, or in a message.
fn required_scopes(body: &HttpErrorBody, secrets: &[&str]) -> Option<(&'static str, Vec<String>)> {
    let first_error = body.errors.iter().flatten().next();
    let contexts = [body.context.as_ref(), first_error.and_then(|error| error.context.as_ref())];
    let messages = [body.message.as_ref(), first_error.and_then(|error| error.message.as_ref())];
    let in_context = |context: Option<&ErrorContext>, words: &str| match context? {
        ErrorContext::Map(lists) => lists.get(words).cloned(),
        ErrorContext::Text(text) => list_after(&format!("{words}=["), text),
    };
    let mut named = SCOPES.into_iter().flat_map(|(how_many, place, words)| {
        let lists = match place {
            Place::Context => contexts.map(|context| in_context(context, words)),
            Place::Message => messages.map(|text| list_after(&format!("{words} ["), text?)),
        };
        lists.map(|list| (how_many, list.unwrap_or_default()))
    });
    let (how_many, scopes) = named.find(|(_, scopes)| !scopes.is_empty())?;
    Some((how_many, scopes.iter().map(|scope| quoted(scope, secrets)).collect()))
}

/// The list that a text has after these words, up to its bracket: `{missingScopes=[one, two]}`.
fn list_after(words: &str, text: &str) -> Option<Vec<String>> {
    let (_, rest) = text.split_once(words)?;
    let (list, _) = rest.split_once(']')?;
    let scopes =
        list.split(|character| character == ',' || is_blank(character)).filter(|scope| !scope.is_empty());
    Some(scopes.map(str::to_owned).collect())
}

/// What HTTP statuses mean here.
fn meaning(status: u16) -> &'static str {
    match status {
        // 0: a redirect that the browser keeps to itself.
        0 | 300..=399 => "a redirect, which is not followed: correct baseUrl",
        401 => "HubSpot refused the token: it is missing, wrong or expired",
        403 => "HubSpot refused: the token may not ask for this task, or there is no such task",
        404 => "HubSpot knows no such task, or baseUrl or apiVersion is wrong",
        423 => "HubSpot has locked this for the moment",
        429 => "HubSpot's rate limit was hit",
        477 => "HubSpot is moving this account",
        530 => "HubSpot's gateway refused this, as it does where a token has a wrong form",
        _ => "HubSpot answered with an error",
    }
}

/// A 2xx that is no task status.
pub(super) fn unreadable(received: &Received) -> Detail {
    let &Received { status, text, secrets, .. } = received;
    let content_type = received.headers.content_type.as_deref();
    let content_type = content_type.map_or_else(|| "none".to_owned(), |name| quoted(name, secrets));
    let quote = quoted(text, secrets);
    let is_page = trimmed(&quote).starts_with('<');
    let hint = if is_page { "\nA web page: does baseUrl lead to HubSpot's API?" } else { "" };
    Detail {
        http_status: Some(status),
        ..Detail::new(format!("the answer is no task status (content type {content_type}): {quote}{hint}"))
    }
}
