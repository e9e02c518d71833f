//! Tokens: a string, or a function that is asked for each request and once more after a 401.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

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
    pub(super) fn read(value: Option<JsValue>) -> Result<Token, Refusal> {
        let Some(value) = value else {
            return Ok(Token::None);
        };
        if let Some(function) = value.dyn_ref::<Function>() {
            return Ok(Token::asked(function.clone()));
        }
        match value.as_string() {
            Some(token) => Token::fixed(token),
            None => Err(refuse("token", show_kind(&value), "a string or a function")),
        }
    }
}

impl TokenFunction {
    /// The token for a request or, where one was refused, the one that takes its place: all who were refused with
    /// the same token share one call.
    pub async fn give(&self, refused: Option<&str>) -> Result<String, Detail> {
        if let (Some((old, new)), Some(refused)) = (&self.state.borrow().replaced, refused)
            && old == refused
        {
            return Ok(new.clone());
        }
        let refresh = refused.is_some();
        let promise = self.share(refresh);
        let given = token(JsFuture::from(promise.clone()).await);
        let mut state = self.state.borrow_mut();
        let open = state.open(refresh);
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

    /// The promise of a call that is under way, or of a new one.
    fn share(&self, refresh: bool) -> Promise {
        if let Some(promise) = self.state.borrow_mut().open(refresh) {
            return promise.clone();
        }
        let promise = self.call(refresh);
        *self.state.borrow_mut().open(refresh) = Some(promise.clone());
        promise
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
        let message = ["the token function gave ", show_kind(&given), " instead of a token"].concat();
        return Err(Detail::said(&message));
    };
    match complaint(&token) {
        None => Ok(token),
        Some(complaint) => Err(Detail::said(&["the token function gave ", complaint].concat())),
    }
}

fn complaint(token: &str) -> Option<&'static str> {
    match token {
        _ if token.trim().is_empty() => Some("an empty token"),
        _ if !is_value(token) => Some("a token with a line break or a character that no header can carry"),
        _ => None,
    }
}
