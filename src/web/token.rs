//! Tokens: a string, or a function that is asked for each request and once more after a 401.

use js_sys::Function;
use wasm_bindgen::JsValue;

use super::{Detail, given};

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
        given::token(&token).map_err(Detail::of)?;
        Ok(Token::Fixed(token))
    }
}

impl From<Token> for JsValue {
    fn from(token: Token) -> JsValue {
        match token {
            Token::None => JsValue::UNDEFINED,
            Token::Fixed(token) => token.into(),
            Token::Asked(function) => function.into(),
        }
    }
}
