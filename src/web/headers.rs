//! The caller's own headers: checked before the host sees them, and merged without regard to case.

use gloo_net::http::Headers;
use wasm_bindgen::JsValue;

use super::Detail;
use super::host::{
    field, has_headers, is_header_name, is_header_value, is_some, is_well_formed, matches, merged, pairs,
    put_text,
};
use super::options::{Refusal, refuse, refuse_kind};

/// The caller's own headers, merged: an object of the host's, by lower-case name.
#[derive(Clone, Debug, Default)]
pub struct CallerHeaders(JsValue);

impl CallerHeaders {
    /// Takes pairs of name and value; names that differ in case alone are one header, with both values.
    ///
    /// # Errors
    /// When a name or a value cannot stand in a header, or the host has no `Headers`.
    pub fn new(pairs: &[(String, String)]) -> Result<CallerHeaders, Detail> {
        if pairs.is_empty() {
            return Ok(CallerHeaders::default());
        }
        if has_headers() != Ok(true) {
            return Err(no_headers());
        }
        for (name, value) in pairs {
            check(&name.into(), &value.into())?;
        }
        let headers = Headers::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        let object = js_sys::Object::new();
        for (name, value) in headers.entries() {
            put_text(&object, &name, &value);
        }
        Ok(CallerHeaders(object.into()))
    }

    pub(super) fn has_authorization(&self) -> bool {
        is_some(&field(&self.0, "authorization"))
    }

    pub(super) fn object(&self) -> &JsValue {
        &self.0
    }
}

fn no_headers() -> Detail {
    Detail::said("headers: this host has no Headers to check and merge them")
}

/// `Headers` throws on what is checked here, and gloo's wrapper turns that into a trap.
fn check(name: &JsValue, value: &JsValue) -> Result<(), Refusal> {
    let refused = |message| Err(Detail::formatted(message, name, &value.js_typeof()));
    if !matches(value, "") {
        return refused("headers.{}: got a value of type {}, takes a string");
    }
    if !is_header_name(name) {
        return refused("headers: {}: got that name, takes names of letters, digits and -_.~!#$%&'*+^`|");
    }
    if !is_header_value(value) {
        return refused(
            "headers.{}: got a value that no header can carry, takes characters up to U+00FF without line breaks",
        );
    }
    Ok(())
}

/// The option `headers`: a plain object of strings.
pub fn read(object: &JsValue) -> Result<CallerHeaders, Refusal> {
    if !is_some(object) {
        return Ok(CallerHeaders::default());
    }
    let takes = "a plain object of strings";
    let fields = pairs(object).map_err(|thrown| Detail::thrown("headers: reading them threw", &thrown))?;
    let fields = fields.ok_or_else(|| refuse_kind("headers", object, takes))?;
    if fields.length() == 0 {
        return Ok(CallerHeaders::default());
    }
    for at in (0..fields.length()).step_by(2) {
        let name = fields.get(at);
        if !is_well_formed(&name) {
            return Err(refuse("headers", "a name that no header can have", takes));
        }
        check(&name, &fields.get(at + 1))?;
    }
    // As CallerHeaders::new does; by the host's own Headers, which weigh nothing.
    merged(&fields).map(CallerHeaders).map_err(|_| no_headers())
}
