//! The caller's own headers: checked before the host sees them, and merged without regard to case.

use gloo_net::http::Headers;
use wasm_bindgen::JsValue;

use super::Detail;
use super::host::{has_headers, is_header_name, is_header_value, pairs, show_kind, well_formed};
use super::options::{Refusal, refuse};

/// The caller's own headers.
#[derive(Clone, Debug, Default)]
pub struct CallerHeaders {
    /// By lower-case name, without `authorization`.
    pub(super) others: Vec<(String, String)>,
    pub(super) authorization: Option<String>,
}

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
            return Err(Detail::said("headers: this host has no Headers to check and merge them"));
        }
        // Headers throws on what is checked here, and its wrapper turns that into a trap.
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !is_header_name(name)) {
            return Err(refuse(
                &["headers: ", name].concat(),
                "that name",
                "names of letters, digits and -_.~!#$%&'*+^`|",
            ));
        }
        if let Some((name, _)) = pairs.iter().find(|(_, value)| !is_header_value(value)) {
            let takes = "characters up to U+00FF without line breaks";
            return Err(refuse(&["headers.", name].concat(), "a value that no header can carry", takes));
        }
        let headers = Headers::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        let authorization = headers.get("authorization");
        headers.delete("authorization");
        Ok(CallerHeaders { others: headers.entries().collect(), authorization })
    }
}

/// The option `headers`: a plain object of strings.
pub fn read(object: &JsValue) -> Result<CallerHeaders, Refusal> {
    if object.is_undefined() {
        return Ok(CallerHeaders::default());
    }
    let refused = |got: &str| refuse("headers", got, "a plain object of strings");
    let fields = pairs(object).map_err(|thrown| Detail::thrown("headers: reading them threw", &thrown))?;
    let fields = fields.ok_or_else(|| refused(&show_kind(object)))?;
    let mut pairs = Vec::new();
    for at in (0..fields.length()).step_by(2) {
        let (name, value) = (fields.get(at), fields.get(at + 1));
        let name = well_formed(&name).ok_or_else(|| refused("a name that no header can have"))?;
        let Some(text) = value.as_string() else {
            return Err(refuse(&["headers.", &name].concat(), &show_kind(&value), "a string"));
        };
        pairs.push((name, text));
    }
    CallerHeaders::new(&pairs)
}
