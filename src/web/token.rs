//! Tokens: a string, or a function that is asked for each request and once more after a 401.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use super::Detail;
use super::clock::HostClock;
use super::headers::is_value;
use super::host::{Underway, sharing};
use super::options::{Refusal, refuse, show_kind};

/// Where the token comes from.
#[derive(Clone, Debug)]
pub enum Token {
    /// None is sent.
    None,
    /// Always this one.
    Fixed(String),
    /// What the function gives: it is called with `{ refresh: boolean }`, calls at one time share its promise.
    Asked(Rc<TokenFunction>),
}

/// A token function, and what it did for a token that was refused.
#[derive(Debug)]
pub struct TokenFunction {
    /// Gives something under way; calls that overlap share one promise.
    function: Function,
    /// The token that was refused last, and the one that took its place.
    replaced: RefCell<Option<(String, String)>>,
}

impl Token {
    /// A fixed token.
    ///
    /// # Errors
    /// When it is empty or no header can carry it. The token itself is never shown.
    pub fn fixed(token: String) -> Result<Token, Detail> {
        match complaint(&token) {
            None => Ok(Token::Fixed(token)),
            Some(complaint) => Err(refuse("token", complaint, "a token as HubSpot gave it, or a function")),
        }
    }

    /// A function that gives a token or a promise of one.
    ///
    /// # Errors
    /// Never, where the host is sound.
    pub fn asked(function: &Function) -> Result<Token, Detail> {
        let function = sharing(function).map_err(|thrown| Detail::thrown("token", &thrown))?;
        Ok(Token::Asked(Rc::new(TokenFunction { function, replaced: RefCell::default() })))
    }

    /// The option `token`.
    pub(super) fn read(value: &JsValue) -> Result<Token, Refusal> {
        if value.is_undefined() {
            return Ok(Token::None);
        }
        if let Some(function) = value.dyn_ref::<Function>() {
            return Token::asked(function);
        }
        match value.as_string() {
            Some(token) => Token::fixed(token),
            None => Err(refuse("token", &show_kind(value), "a string or a function")),
        }
    }
}

impl TokenFunction {
    /// The token that took the place of the refused one already: all who were refused with one share its successor.
    pub(super) fn replacement(&self, refused: &str) -> Option<String> {
        let replaced = self.replaced.borrow();
        let (old, new) = replaced.as_ref()?;
        (refused == old).then(|| new.clone())
    }

    /// Asks the function, within `limit`: for a token, or for one in the place of the refused one.
    pub(super) async fn ask(
        &self,
        refused: Option<&str>,
        clock: &HostClock,
        limit: Duration,
    ) -> Result<Result<String, Detail>, Detail> {
        let refresh = refused.is_some();
        let handle = self.function.call1(&JsValue::UNDEFINED, &refresh.into());
        let handle = handle.map_err(|thrown| Detail::thrown("token", &thrown))?.unchecked_into();
        let given = match clock.within(limit, Box::pin(Underway::new(handle))).await? {
            Some(settled) => token(settled),
            None => Err(Detail::said("the token function did not answer within requestTimeoutMs")),
        };
        if let (Some(old), Ok(new)) = (refused, &given)
            && old != new
        {
            *self.replaced.borrow_mut() = Some((old.to_owned(), new.clone()));
        }
        Ok(given)
    }
}

fn token(settled: Result<JsValue, JsValue>) -> Result<String, Detail> {
    let given = settled.map_err(|thrown| Detail::thrown("the token function threw", &thrown))?;
    let Some(token) = given.as_string() else {
        let message = ["the token function gave ", &show_kind(&given), " instead of a token"].concat();
        return Err(Detail::said(&message));
    };
    match complaint(&token) {
        None => Ok(token),
        Some(complaint) => Err(Detail::said(&["the token function gave ", complaint].concat())),
    }
}

fn complaint(token: &str) -> Option<&'static str> {
    match token {
        _ if token.trim_ascii().is_empty() => Some("an empty token"),
        _ if !is_value(token) => Some("a token with a line break or a character that no header can carry"),
        _ => None,
    }
}
