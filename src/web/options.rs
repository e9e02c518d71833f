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
    Detail::said(&[name, ": got ", got, ", takes ", takes].concat())
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
            .map_err(|thrown| Detail::thrown(&[name, ": reading it threw"].concat(), &thrown))?;
        Ok(Some(value).filter(is_some))
    }

    /// The option, if it is what the caller of this reader takes.
    fn fitting(
        &self,
        name: &str,
        takes: &str,
        fits: fn(&JsValue) -> bool,
    ) -> Result<Option<JsValue>, Refusal> {
        match self.value(name)? {
            Some(value) if !fits(&value) => Err(refuse(name, &show(&value), takes)),
            value => Ok(value),
        }
    }

    pub fn function(&self, name: &str) -> Result<Option<Function>, Refusal> {
        let value = self.fitting(name, "a function", JsValue::is_function)?;
        Ok(value.map(JsCast::unchecked_into))
    }

    /// A span in milliseconds.
    pub fn span(&self, name: &str) -> Result<Option<Duration>, Refusal> {
        let takes = "milliseconds: a finite number that is not negative";
        let value = self.fitting(name, takes, |value| ms(value).is_some_and(f64::is_finite))?;
        Ok(value.as_ref().and_then(ms).map(span))
    }

    /// A span in milliseconds that is not zero.
    pub fn positive_span(&self, name: &str) -> Result<Option<Duration>, Refusal> {
        let takes = "milliseconds: a finite number above 0";
        let fits = |value: &JsValue| ms(value).is_some_and(|ms| ms > 0.0 && ms.is_finite());
        Ok(self.fitting(name, takes, fits)?.as_ref().and_then(ms).map(span))
    }

    /// A span in milliseconds or, as `Some(None)`, Infinity.
    pub fn timeout(&self, name: &str) -> Result<Option<Option<Duration>>, Refusal> {
        let takes = "milliseconds: a number that is not negative, or Infinity";
        let value = self.fitting(name, takes, |value| ms(value).is_some())?;
        let ms = value.as_ref().and_then(ms);
        Ok(ms.map(|ms| Some(ms).filter(|ms| ms.is_finite()).map(span)))
    }

    pub fn pace(&self, name: &str) -> Result<Option<Pace>, Refusal> {
        let takes = "\"interactive\", \"batch\" or a number above 0";
        let value = self.fitting(name, takes, |value| pace(value).is_some())?;
        Ok(value.as_ref().and_then(pace))
    }

    pub fn api_version(&self, name: &str) -> Result<Option<ApiVersion>, Refusal> {
        let takes = "an API version such as \"2026-03\" or \"v3\"";
        let value = self.fitting(name, takes, |value| api_version(value).is_some())?;
        Ok(value.as_ref().and_then(api_version))
    }
}

fn api_version(value: &JsValue) -> Option<ApiVersion> {
    ApiVersion::new(&value.as_string()?).ok()
}

fn pace(value: &JsValue) -> Option<Pace> {
    match value.as_f64() {
        Some(k) => Pace::new(k),
        None if *value == "interactive" => Some(Pace::INTERACTIVE),
        None if *value == "batch" => Some(Pace::BATCH),
        None => None,
    }
}

/// A number that is not negative.
fn ms(value: &JsValue) -> Option<f64> {
    value.as_f64().filter(|ms| *ms >= 0.0)
}

fn span(ms: f64) -> Duration {
    Duration::try_from_secs_f64(ms / 1000.0).unwrap_or(Duration::MAX)
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
fn well_formed(text: &JsValue) -> Option<String> {
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
