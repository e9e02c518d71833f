//! The caller's own headers: checked before the host sees them, and merged without regard to case.

use std::collections::BTreeMap;
use std::fmt;

use gloo_net::http::Headers;

use super::values::method;
use super::{Detail, refused};

/// The caller's own headers, merged.
#[derive(Clone, Default)]
pub struct CallerHeaders {
    /// By lower-case name.
    merged: BTreeMap<String, String>,
}

/// By their names: a value may be a secret.
impl fmt::Debug for CallerHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.merged.keys()).finish()
    }
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
        // `Headers` throws on what is checked here, and gloo's wrapper turns that into a trap.
        let has_headers = method(&js_sys::global(), "Headers").is_ok_and(|class| class.is_some());
        if !has_headers {
            return Err(Detail::new("headers: this host has no Headers to check and merge them"));
        }
        for (name, value) in pairs {
            check(name, value)?;
        }
        let headers = Headers::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        Ok(CallerHeaders { merged: headers.entries().collect() })
    }

    /// Takes out the caller's own `Authorization`.
    pub(super) fn take_authorization(&mut self) -> Option<String> {
        self.merged.remove("authorization")
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.merged.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn check(name: &str, value: &str) -> Result<(), Detail> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_!#$%&'*+.^`|~-".contains(&byte);
    if name.is_empty() || !name.bytes().all(fits) {
        let takes = "a name of letters, digits and dashes";
        return Err(refused(&format!("headers: {name}"), "that name", takes));
    }
    if !is_header_value(value) {
        let takes = "characters up to U+00FF, none of them a control character";
        return Err(refused(&format!("headers.{name}"), "a value that no header can carry", takes));
    }
    Ok(())
}

/// Whether a header can carry it: bytes, and no control character but the tab.
pub(super) fn is_header_value(value: &str) -> bool {
    value.chars().all(|character| matches!(character, '\t' | ' '..='~' | '\u{80}'..='\u{ff}'))
}
