//! Readers of options: by hand and catching, so that a wrong value is named and a throwing getter harms nothing.

use std::time::Duration;

use js_sys::{BigInt, JsString, Number};
use wasm_bindgen::{JsCast, JsValue};

use super::Detail;
use super::host::{get, is_some};
use crate::family::{ApiVersion, Family, TaskId};
use crate::poll::Pace;

/// So much of a wrong string is shown.
const SHOWN: u32 = 60;

/// What was refused: INVALID_ARGUMENT.
pub type Refusal = Detail;

/// `"pace: got -1, takes …"`.
pub fn refuse(name: &str, got: &str, takes: &str) -> Refusal {
    Detail::said(&[name, ": got ", got, ", takes ", takes].concat())
}

/// What an option takes: in words, and as a check.
pub struct Takes {
    words: &'static str,
    fits: fn(&JsValue) -> bool,
}

/// Checked by the reader of its own.
pub const ANYTHING: Takes = Takes { words: "", fits: |_| true };
pub const FUNCTION: Takes = Takes { words: "a function", fits: JsValue::is_function };
pub const API_VERSION: Takes = Takes {
    words: "an API version such as \"2026-03\" or \"v3\"",
    fits: |value| api_version(value).is_some(),
};
pub const PACE: Takes =
    Takes { words: "\"interactive\", \"batch\" or a number above 0", fits: |value| pace(value).is_some() };
pub const SPAN: Takes = Takes {
    words: "milliseconds: a finite number that is not negative",
    fits: |value| value.as_f64().is_some_and(|ms| ms >= 0.0 && ms.is_finite()),
};
pub const POSITIVE_SPAN: Takes = Takes {
    words: "milliseconds: a finite number above 0",
    fits: |value| value.as_f64().is_some_and(|ms| ms > 0.0 && ms.is_finite()),
};
pub const TIMEOUT: Takes = Takes {
    words: "milliseconds: a number that is not negative, or Infinity",
    fits: |value| value.as_f64().is_some_and(|ms| ms >= 0.0),
};

/// The options of a table, each checked.
pub struct Options(Vec<(&'static str, JsValue)>);

impl Options {
    /// Reads them. What is not given, or null, is undefined; options that are not in the table are ignored.
    pub fn read(options: &JsValue, table: &[(&'static str, Takes)]) -> Result<Options, Refusal> {
        if is_some(options) && !options.is_object() {
            return Err(refuse("options", &show(options), "an object"));
        }
        let mut values = Vec::new();
        for (name, takes) in table.iter().filter(|_| is_some(options)) {
            let threw = |thrown| Detail::thrown(&[name, ": reading it threw"].concat(), &thrown);
            let value = get(options, name).map_err(threw)?;
            if is_some(&value) && !(takes.fits)(&value) {
                return Err(refuse(name, &show(&value), takes.words));
            }
            if is_some(&value) {
                values.push((*name, value));
            }
        }
        Ok(Options(values))
    }

    /// The option of that name.
    pub fn get(&self, name: &str) -> JsValue {
        let found = self.0.iter().find(|(given, _)| *given == name);
        found.map_or(JsValue::UNDEFINED, |(_, value)| value.clone())
    }
}

pub fn api_version(value: &JsValue) -> Option<ApiVersion> {
    ApiVersion::new(&value.as_string()?).ok()
}

pub fn pace(value: &JsValue) -> Option<Pace> {
    match value.as_f64() {
        Some(k) => Pace::new(k),
        None if *value == "interactive" => Some(Pace::INTERACTIVE),
        None if *value == "batch" => Some(Pace::BATCH),
        None => None,
    }
}

/// Milliseconds as a span.
pub fn span(value: &JsValue) -> Option<Duration> {
    // The cast stops at the highest number.
    Some(Duration::from_millis(value.as_f64()?.ceil() as u64))
}

/// Milliseconds as a span or, as `Some(None)`, Infinity.
pub fn timeout(value: &JsValue) -> Option<Option<Duration>> {
    let is_endless = value.as_f64()?.is_infinite();
    Some(span(value).filter(|_| !is_endless))
}

/// A task id: a string, a safe integer or a bigint.
pub fn task_id(family: Family, value: &JsValue) -> Result<TaskId, Refusal> {
    let id = if value.is_string() {
        well_formed(value)
    } else if Number::is_safe_integer(value) {
        decimal(value)
    } else if let Some(number) = value.dyn_ref::<BigInt>() {
        number.to_string(10).ok().map(String::from)
    } else {
        None
    };
    let id = id.and_then(|id| TaskId::new(family, &id).ok());
    id.ok_or_else(|| refuse("taskId", &show(value), TaskId::takes(family)))
}

fn decimal(number: &JsValue) -> Option<String> {
    number.unchecked_ref::<Number>().to_string_with_radix(10).ok().map(String::from)
}

/// The string, unless it has half a surrogate pair: Rust would put another character in its place.
pub fn well_formed(text: &JsValue) -> Option<String> {
    text.as_string().filter(|copy| *text == copy.as_str())
}

/// A wrong value as a message may show it.
pub fn show(value: &JsValue) -> String {
    if let Some(text) = value.dyn_ref::<JsString>() {
        let more = if text.length() > SHOWN { "…" } else { "" };
        return ["\"", &String::from(text.slice(0, SHOWN)), more, "\""].concat();
    }
    if value.as_f64().is_some() {
        return decimal(value).unwrap_or_default();
    }
    show_kind(value)
}

/// What a wrong value is, without showing it: it may be a secret.
pub fn show_kind(value: &JsValue) -> String {
    let kind = value.js_typeof().as_string().unwrap_or_default();
    ["a value of type ", &kind].concat()
}
