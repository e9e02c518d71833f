//! Readers of options: by hand and catching, so that a wrong value is named and a throwing getter harms nothing.

use std::time::Duration;

use js_sys::{BigInt, Function, JsString, Number};
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
    Detail::said([name, ": got ", got, ", takes ", takes].concat())
}

/// An object of options; nothing given is an empty one.
pub struct Options(Option<JsValue>);

impl Options {
    pub fn new(value: JsValue) -> Result<Options, Refusal> {
        if !is_some(&value) {
            return Ok(Options(None));
        }
        if !value.is_object() {
            return Err(refuse("options", &show(&value), "an object"));
        }
        Ok(Options(Some(value)))
    }

    /// The option as it is; null is "not given".
    pub fn value(&self, name: &str) -> Result<Option<JsValue>, Refusal> {
        let Some(object) = &self.0 else {
            return Ok(None);
        };
        let value = get(object, name)
            .map_err(|thrown| Detail::thrown([name, ": reading it threw"].concat(), thrown))?;
        Ok(Some(value).filter(is_some))
    }

    fn read<T>(
        &self,
        name: &str,
        takes: &str,
        read: impl Fn(&JsValue) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let Some(value) = self.value(name)? else {
            return Ok(None);
        };
        read(&value).map(Some).ok_or_else(|| refuse(name, &show(&value), takes))
    }

    pub fn function(&self, name: &str) -> Result<Option<Function>, Refusal> {
        self.read(name, "a function", |value| value.dyn_ref().cloned())
    }

    /// A span in milliseconds.
    pub fn span(&self, name: &str) -> Result<Option<Duration>, Refusal> {
        self.read(name, "milliseconds: a finite number that is not negative", |value| span(value.as_f64()?))
    }

    /// A span in milliseconds that is not zero.
    pub fn positive_span(&self, name: &str) -> Result<Option<Duration>, Refusal> {
        self.read(name, "milliseconds: a finite number above 0", |value| {
            span(value.as_f64()?).filter(|span| !span.is_zero())
        })
    }

    /// A span in milliseconds or, as `Some(None)`, Infinity.
    pub fn timeout(&self, name: &str) -> Result<Option<Option<Duration>>, Refusal> {
        let takes = "milliseconds: a number that is not negative, or Infinity";
        self.read(name, takes, |value| match value.as_f64()? {
            f64::INFINITY => Some(None),
            ms => span(ms).map(Some),
        })
    }

    pub fn pace(&self, name: &str) -> Result<Option<Pace>, Refusal> {
        let takes = "\"interactive\", \"batch\" or a number above 0";
        self.read(name, takes, |value| match value.as_string().as_deref() {
            Some("interactive") => Some(Pace::INTERACTIVE),
            Some("batch") => Some(Pace::BATCH),
            Some(_) => None,
            None => Pace::new(value.as_f64()?),
        })
    }

    pub fn api_version(&self, name: &str) -> Result<Option<ApiVersion>, Refusal> {
        let takes = "an API version such as \"2026-03\" or \"v3\"";
        self.read(name, takes, |value| ApiVersion::new(&value.as_string()?).ok())
    }
}

fn span(ms: f64) -> Option<Duration> {
    if !ms.is_finite() || ms < 0.0 {
        return None;
    }
    Some(Duration::try_from_secs_f64(ms / 1000.0).unwrap_or(Duration::MAX))
}

/// A task id: a string, a safe integer or a bigint.
pub fn task_id(family: Family, value: &JsValue) -> Result<TaskId, Refusal> {
    let id = if let Some(text) = value.dyn_ref::<JsString>() {
        well_formed(text)
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
fn well_formed(text: &JsString) -> Option<String> {
    char::decode_utf16(text.iter()).collect::<Result<String, _>>().ok()
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
    show_kind(value).to_owned()
}

/// What a wrong value is, without showing it: it may be a secret.
pub fn show_kind(value: &JsValue) -> &'static str {
    match value {
        _ if value.is_null() => "null",
        _ if value.is_undefined() => "undefined",
        _ if value.is_string() => "a string",
        _ if value.as_f64().is_some() => "a number",
        _ if value.as_bool().is_some() => "a boolean",
        _ if value.is_bigint() => "a bigint",
        _ if value.is_symbol() => "a symbol",
        _ if value.is_function() => "a function",
        _ if js_sys::Array::is_array(value) => "an array",
        _ => "an object",
    }
}
