//! Tokens: a string, or a function that is asked for each request and once more after a 401.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use super::Detail;
use super::host::{complaint, is_some};
use super::options::{Refusal, refuse_kind};

/// Where the token comes from.
#[derive(Clone, Debug)]
pub enum Token {
    /// None is sent.
    None,
    /// Always this one.
    Fixed(String),
    /// What the function gives: it is called with `{ refresh: boolean }`, calls at one time share its promise.
    Asked(Function),
}

impl Token {
    /// A fixed token.
    ///
    /// # Errors
    /// When it is empty or no header can carry it. The token itself is never shown.
    pub fn fixed(token: String) -> Result<Token, Detail> {
        let complaint = complaint(&token);
        if !is_some(&complaint) {
            return Ok(Token::Fixed(token));
        }
        let message = "token: got {}, takes a token as HubSpot gave it, or a function";
        Err(Detail::formatted(message, &complaint, &JsValue::UNDEFINED))
    }

    /// The option `token`.
    pub(super) fn read(value: &JsValue) -> Result<Token, Refusal> {
        if !is_some(value) {
            return Ok(Token::None);
        }
        if let Some(function) = value.dyn_ref::<Function>() {
            return Ok(Token::Asked(function.clone()));
        }
        match value.as_string() {
            Some(token) => Token::fixed(token),
            None => Err(refuse_kind("token", value, "a string or a function")),
        }
    }
}
