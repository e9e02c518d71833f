//! The caller's own headers: checked before the host sees them, and merged without regard to case.

use gloo_net::http::Headers;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

use super::Detail;
use super::given::{check_header, check_host};

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
        check_host().map_err(Detail::of)?;
        // `Headers` throws on what is checked here, and gloo's wrapper turns that into a trap.
        for (name, value) in pairs {
            check_header(name, value).map_err(Detail::of)?;
        }
        let headers = Headers::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        let object = js_sys::Object::new();
        for (name, value) in headers.entries() {
            Reflect::set(&object, &name.into(), &value.into()).map_err(Detail::of)?;
        }
        Ok(CallerHeaders(object.into()))
    }

    pub(super) fn object(&self) -> &JsValue {
        &self.0
    }
}
