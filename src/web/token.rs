//! Tokens: a string, or a function that is asked for each request and once more after a 401.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::Detail;
use super::headers::is_value;
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

/// A token function and the promises it has open.
#[derive(Debug)]
pub struct TokenFunction {
    function: Function,
    state: RefCell<Open>,
}

#[derive(Debug, Default)]
struct Open {
    asking: Option<Promise>,
    refreshing: Option<Promise>,
    /// The token that was refused last, and the one that took its place.
    replaced: Option<(String, String)>,
}

impl Open {
    /// The promise of the call that is under way.
    fn open(&mut self, refresh: bool) -> &mut Option<Promise> {
        if refresh { &mut self.refreshing } else { &mut self.asking }
    }
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
    pub fn asked(function: Function) -> Token {
        Token::Asked(Rc::new(TokenFunction { function, state: RefCell::default() }))
    }

    /// The option `token`.
    pub(super) fn read(value: &JsValue) -> Result<Token, Refusal> {
        if value.is_undefined() {
            return Ok(Token::None);
        }
        if let Some(function) = value.dyn_ref::<Function>() {
            return Ok(Token::asked(function.clone()));
        }
        match value.as_string() {
            Some(token) => Token::fixed(token),
            None => Err(refuse("token", &show_kind(value), "a string or a function")),
        }
    }
}

impl TokenFunction {
    /// The token that took the place of the refused one already: all who were refused with one share its successor.
    pub fn replacement(&self, refused: Option<&str>) -> Option<String> {
        let state = self.state.borrow();
        let (old, new) = state.replaced.as_ref()?;
        (refused == Some(old.as_str())).then(|| new.clone())
    }

    /// The promise of a call that is under way, or of a new one.
    pub fn ask(&self, refresh: bool) -> Promise {
        if let Some(promise) = self.state.borrow_mut().open(refresh) {
            return promise.clone();
        }
        let promise = self.call(refresh);
        *self.state.borrow_mut().open(refresh) = Some(promise.clone());
        promise
    }

    /// The token that a promise gave; `None` stands for one that took too long.
    pub fn take(
        &self,
        promise: Promise,
        given: Option<Result<JsValue, JsValue>>,
        refused: Option<&str>,
    ) -> Result<String, Detail> {
        let given = match given {
            Some(settled) => token(settled),
            None => Err(Detail::said("the token function did not answer within requestTimeoutMs")),
        };
        let mut state = self.state.borrow_mut();
        let open = state.open(refused.is_some());
        if open.as_ref().is_some_and(|open| Object::is(open, &promise)) {
            *open = None;
            if let (Some(old), Ok(new)) = (refused, &given)
                && old != new
            {
                state.replaced = Some((old.to_owned(), new.clone()));
            }
        }
        given
    }

    fn call(&self, refresh: bool) -> Promise {
        let context = Object::new();
        let is_set = Reflect::set(&context, &"refresh".into(), &refresh.into());
        debug_assert!(is_set.is_ok());
        match self.function.call1(&JsValue::UNDEFINED, &context) {
            Ok(returned) => Promise::resolve(&returned),
            Err(thrown) => Promise::reject(&thrown),
        }
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
