//! The answer within the envelope of a UI extension's host, and an error that came as a 2xx.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::model::blanks::whole;

/// The HTTP status that an error's category stands for, where it came with another one.
const STATUS_OF_CATEGORY: [(&str, u16); 4] = [
    ("EXPIRED_AUTHENTICATION", 401),
    ("INVALID_AUTHENTICATION", 401),
    ("MISSING_SCOPES", 403),
    ("RATE_LIMITS", 429),
];

/// The status and the text that such an answer stands for; `None` where it stands for itself.
pub(super) fn opened(status: u16, text: &str) -> Option<(u16, String)> {
    unwrapped(status, text, false)
}

fn unwrapped(status: u16, text: &str, is_within: bool) -> Option<(u16, String)> {
    let may_be =
        ["\"responseBody\"", "\"error\"", "\"category\""].into_iter().any(|name| text.contains(name));
    if !(200..=299).contains(&status) || !may_be {
        return None;
    }
    let body: Value = serde_json::from_str(text).ok()?;
    let inner = match body.get("responseBody") {
        None | Some(Value::Null) => text.to_owned(),
        Some(Value::String(inner)) => inner.clone(),
        // As it stands there, since its fields have an order.
        Some(_) => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
            compact(fields.get("responseBody")?.get())
        }
    };
    match body.as_object()?.get("status").filter(|word| !word.is_null()).map(Value::as_str) {
        // Within an envelope may be such an error.
        Some(Some("success")) if !is_within => unwrapped(status, &inner, true).or(Some((status, inner))),
        None | Some(Some("error")) => match app_status(&body) {
            Some(status) => Some((status, inner)),
            None => Some((status_of_category(&body)?, text.to_owned())),
        },
        _ => None,
    }
}

/// JSON without the blanks between its parts, as JavaScript writes it.
fn compact(json: &str) -> String {
    let mut is_within_text = false;
    let mut is_escaped = false;
    let is_kept = |character: &char| {
        is_within_text ^= *character == '"' && !is_escaped;
        is_escaped = *character == '\\' && !is_escaped;
        is_within_text || !character.is_ascii_whitespace()
    };
    json.chars().filter(is_kept).collect()
}

/// The status that the host was answered with.
fn app_status(body: &Value) -> Option<u16> {
    let codes = body.get("context")?.get("appServerStatusCode")?;
    let code = codes.as_array().map_or(Some(codes), |codes| codes.first())?;
    let status = match code {
        Value::String(text) => whole(text)? as f64,
        code => code.as_f64()?,
    };
    (100.0..=999.0).contains(&status).then_some(status as u16)
}

fn status_of_category(body: &Value) -> Option<u16> {
    let category = body.get("category")?.as_str()?;
    STATUS_OF_CATEGORY.into_iter().find_map(|(name, status)| (name == category).then_some(status))
}
