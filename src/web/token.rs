//! Tokens: a string, or a function that is asked for each request and once more after a 401.

use std::fmt;

use js_sys::Function;
use wasm_bindgen::JsValue;

use super::headers::is_header_value;
use super::values::kind;
use super::{Detail, refused};

/// Where the token comes from.
#[derive(Clone)]
pub enum Token {
    /// None is sent.
    None,
    /// Always this one: see [`Token::fixed`].
    Fixed(FixedToken),
    /// What the function gives: it is called with `{ refresh: boolean }`, calls at one time share its promise.
    Asked(Function),
}

/// A token that a header can carry.
#[derive(Clone)]
pub struct FixedToken(String);

impl Token {
    /// A fixed token, without the white space around it and the scheme `Bearer` before it.
    ///
    /// # Errors
    /// When it is empty or no header can carry it. The token itself is never shown.
    pub fn fixed(token: String) -> Result<Token, Detail> {
        let token = bare(&token);
        match complaint(token) {
            Some(got) => Err(refused("token", got, "a token as HubSpot gave it")),
            None => Ok(Token::Fixed(FixedToken(token.to_owned()))),
        }
    }
}

impl FixedToken {
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

/// Without the token.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Token::None => "None",
            Token::Fixed(_) => "Fixed(..)",
            Token::Asked(_) => "Asked(..)",
        })
    }
}

impl fmt::Debug for FixedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FixedToken(..)")
    }
}

/// A token as it is sent: the white space around it is an `.env` file's, and the scheme is put before it by us.
fn bare(token: &str) -> &str {
    let token = token.trim();
    match token.split_at_checked("bearer".len()) {
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case("bearer")
                && !rest.starts_with(|first: char| !first.is_whitespace()) =>
        {
            rest.trim_start()
        }
        _ => token,
    }
}

/// What no token can be, in words that follow "got" and "gave".
fn complaint(token: &str) -> Option<&'static str> {
    if token.is_empty() {
        Some("an empty token")
    } else if !is_header_value(token) {
        Some("a token with a line break or another character that no header can carry")
    } else {
        None
    }
}

/// What a token function gave, if it is a token; else what it is.
pub(super) fn given(value: &JsValue) -> Result<String, String> {
    let Some(token) = value.as_string() else {
        return Err(format!("{} instead of a token", kind(value)));
    };
    let token = bare(&token);
    match complaint(token) {
        Some(got) => Err(got.to_owned()),
        None => Ok(token.to_owned()),
    }
}
