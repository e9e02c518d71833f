//! Readers of options: by hand and catching, so that a wrong value is named and a throwing getter harms nothing.

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};

use super::Detail;
use super::host::{
    as_number, digits, field, get, is_some, matches, number, put, put_number, refusal, refusal_of,
    refusal_of_kind, well_formed,
};
use crate::family::{ApiVersion, Family, TaskId};
use crate::poll::{Pace, Span};

/// What was refused: INVALID_ARGUMENT.
pub type Refusal = Detail;

/// `"baseUrl: got another protocol, takes …"`.
pub fn refuse(name: &str, got: &str, takes: &str) -> Refusal {
    Detail(refusal(name, got, takes))
}

/// `"pace: got -1, takes …"`.
pub fn refuse_value(name: &str, value: &JsValue, takes: &str) -> Refusal {
    Detail(refusal_of(name, value, takes))
}

/// `"token: got a value of type number, takes …"`.
pub fn refuse_kind(name: &str, value: &JsValue, takes: &str) -> Refusal {
    Detail(refusal_of_kind(name, value, takes))
}

/// A getter of the caller's that threw.
pub fn unread(name: &str, thrown: &JsValue) -> Refusal {
    let detail = Detail::formatted("{}: reading it threw", &name.into(), &JsValue::UNDEFINED);
    detail.set("cause", thrown);
    detail
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
    fits: |value| (0.0..f64::INFINITY).contains(&as_number(value)),
};
pub const POSITIVE_SPAN: Takes = Takes {
    words: "milliseconds: a finite number above 0",
    fits: |value| as_number(value) > 0.0 && as_number(value).is_finite(),
};
pub const TIMEOUT: Takes = Takes {
    words: "milliseconds: a number that is not negative, or Infinity",
    fits: |value| as_number(value) >= 0.0,
};

pub const COUNT: Takes = Takes {
    words: "a whole number above 0, up to 4294967295",
    fits: |value| count(as_number(value)).is_some(),
};

/// The options of a table, each checked: an object of our own.
pub struct Options(Object);

impl From<Options> for JsValue {
    fn from(options: Options) -> JsValue {
        options.0.into()
    }
}

impl From<JsValue> for Options {
    /// Options that were read before.
    fn from(object: JsValue) -> Options {
        Options(object.unchecked_into())
    }
}

impl Options {
    /// Reads them. What is not given, or null, is undefined; options that are not in the table are ignored.
    pub fn read(options: &JsValue, table: &[(&'static str, Takes)]) -> Result<Options, Refusal> {
        if is_some(options) && !options.is_object() {
            return Err(refuse_value("options", options, "an object"));
        }
        let values = Object::new();
        for (name, takes) in table.iter().filter(|_| is_some(options)) {
            let value = get(options, name).map_err(|thrown| unread(name, &thrown))?;
            if is_some(&value) && !(takes.fits)(&value) {
                return Err(refuse_value(name, &value, takes.words));
            }
            put(&values, name, &value);
        }
        Ok(Options(values))
    }

    /// Adds one of our own to them.
    pub fn put(&self, name: &str, value: &JsValue) {
        put(&self.0, name, value);
    }

    /// The same for a number, unless it is NaN.
    pub fn put_number(&self, name: &str, value: f64) {
        put_number(&self.0, name, value);
    }

    /// The option of that name.
    pub fn get(&self, name: &str) -> JsValue {
        field(&self.0, name)
    }

    /// The same, where it is a number; NaN for anything else.
    pub fn number(&self, name: &str) -> f64 {
        number(&self.0, name)
    }
}

pub fn api_version(value: &JsValue) -> Option<ApiVersion> {
    ApiVersion::new(&value.as_string()?).ok()
}

pub fn pace(value: &JsValue) -> Option<Pace> {
    let k = as_number(value);
    if !k.is_nan() {
        return Pace::new(k);
    }
    let named = [("^interactive$", Pace::INTERACTIVE), ("^batch$", Pace::BATCH)];
    named.into_iter().find(|(name, _)| matches(value, name)).map(|(_, pace)| pace)
}

/// A whole number above 0.
pub fn count(count: f64) -> Option<u32> {
    Some(count as u32).filter(|whole| *whole > 0 && f64::from(*whole) == count)
}

/// Milliseconds as a span; `None` for NaN.
#[inline(never)]
pub fn span(ms: f64) -> Option<Span> {
    // The cast stops at the highest number.
    (!ms.is_nan()).then(|| Span::from_ms(ms.ceil() as u64))
}

/// Milliseconds as a span or, as `Some(None)`, Infinity.
pub fn timeout(ms: f64) -> Option<Option<Span>> {
    span(ms).map(|span| Some(span).filter(|_| ms.is_finite()))
}

/// A task id: a string, a safe integer or a bigint.
pub fn task_id(family: Family, value: &JsValue) -> Result<TaskId, Refusal> {
    let id = well_formed(value).as_string().or_else(|| digits(value).as_string());
    let id = id.and_then(|id| TaskId::new(family, &id).ok());
    id.ok_or_else(|| refuse_value("taskId", value, TaskId::takes(family)))
}
