//! The caller's own headers: checked before the host sees them, and merged without regard to case.

use gloo_net::http::Headers;
use js_sys::{JsString, Reflect, Symbol};
use wasm_bindgen::{JsCast, JsValue};

use super::Detail;
use super::host::{get, has_headers, is_some};
use super::options::{Refusal, refuse, show_kind, well_formed};

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
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !is_name(name)) {
            return Err(refuse(
                &["headers: ", name].concat(),
                "that name",
                "names of letters, digits and -_.~!#$%&'*+^`|",
            ));
        }
        if let Some((name, _)) = pairs.iter().find(|(_, value)| !is_value(value)) {
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
    let threw = |thrown| Detail::thrown("headers: reading them threw", &thrown);
    let is_iterable = Reflect::get(object, &Symbol::iterator()).is_ok_and(|iterator| is_some(&iterator));
    if !object.is_object() || is_iterable {
        return Err(refused(&show_kind(object)));
    }
    let mut pairs = Vec::new();
    for key in Reflect::own_keys(object).map_err(threw)?.iter() {
        if key.is_symbol() {
            continue;
        }
        let Some(name) = well_formed(&key) else {
            return Err(refused("a name that no header can have"));
        };
        let value = get(object, &name).map_err(threw)?;
        if !is_some(&value) {
            continue;
        }
        let Some(text) = value.dyn_ref::<JsString>() else {
            return Err(refuse(&["headers.", &name].concat(), &show_kind(&value), "a string"));
        };
        pairs.push((name, String::from(text)));
    }
    CallerHeaders::new(&pairs)
}

fn is_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_allowed)
}

/// Whether a header can carry it: bytes, and none that ends the line.
pub fn is_value(value: &str) -> bool {
    // In UTF-8, characters above U+00FF begin with 0xC4 or more.
    value.bytes().all(|byte| byte < 0xc4 && !matches!(byte, b'\0' | b'\r' | b'\n'))
}
