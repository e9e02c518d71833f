//! The caller's own headers: checked before the host sees them, and merged without regard to case.

use gloo_net::http::Headers;
use js_sys::Array;
use wasm_bindgen::JsValue;

use super::Detail;
use super::host::{
    has_headers, is_header_name, is_header_value, merged, pairs, put_text, show_kind, text, well_formed,
};
use super::options::{Refusal, refuse};

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
        check_host()?;
        for (name, value) in pairs {
            check(name, value)?;
        }
        let headers = Headers::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        let object = js_sys::Object::new();
        for (name, value) in headers.entries() {
            put_text(&object, &name, Some(&value));
        }
        Ok(CallerHeaders(object.into()))
    }

    /// What the `authorization` header says, if there is one.
    pub(super) fn authorization(&self) -> Option<String> {
        if self.0.is_undefined() { None } else { text(&self.0, "authorization") }
    }

    pub(super) fn object(&self) -> &JsValue {
        &self.0
    }
}

fn check_host() -> Result<(), Refusal> {
    match has_headers() {
        Ok(true) => Ok(()),
        _ => Err(Detail::said("headers: this host has no Headers to check and merge them")),
    }
}

/// `Headers` throws on what is checked here, and gloo's wrapper turns that into a trap.
fn check(name: &str, value: &str) -> Result<(), Refusal> {
    if !is_header_name(name) {
        let takes = "names of letters, digits and -_.~!#$%&'*+^`|";
        return Err(refuse(&["headers: ", name].concat(), "that name", takes));
    }
    if !is_header_value(value) {
        let takes = "characters up to U+00FF without line breaks";
        return Err(refuse(&["headers.", name].concat(), "a value that no header can carry", takes));
    }
    Ok(())
}

/// The option `headers`: a plain object of strings.
pub fn read(object: &JsValue) -> Result<CallerHeaders, Refusal> {
    if object.is_undefined() {
        return Ok(CallerHeaders::default());
    }
    let refused = |got: &str| refuse("headers", got, "a plain object of strings");
    let fields = pairs(object).map_err(|thrown| Detail::thrown("headers: reading them threw", &thrown))?;
    let fields = fields.ok_or_else(|| refused(&show_kind(object)))?;
    if fields.length() == 0 {
        return Ok(CallerHeaders::default());
    }
    check_host()?;
    check_fields(&fields, &refused)?;
    // As CallerHeaders::new does; by the host's own Headers, which weigh nothing.
    Ok(CallerHeaders(merged(&fields)))
}

fn check_fields(fields: &Array, refused: &dyn Fn(&str) -> Refusal) -> Result<(), Refusal> {
    for at in (0..fields.length()).step_by(2) {
        let name = well_formed(&fields.get(at)).ok_or_else(|| refused("a name that no header can have"))?;
        let value = fields.get(at + 1);
        let Some(text) = value.as_string() else {
            return Err(refuse(&["headers.", &name].concat(), &show_kind(&value), "a string"));
        };
        check(&name, &text)?;
    }
    Ok(())
}
