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
    /// The token for a request.
    pub async fn current(&self) -> Result<String, Detail> {
        let promise = self.share(false);
        let settled = JsFuture::from(promise.clone()).await;
        let mut state = self.state.borrow_mut();
        if is_same(state.asking.as_ref(), &promise) {
            state.asking = None;
        }
        drop(state);
        token(settled)
    }

    /// The token that takes the place of one that was refused; all who were refused with it share one call.
    pub async fn instead_of(&self, refused: &str) -> Result<String, Detail> {
        if let Some((old, new)) = &self.state.borrow().replaced
            && old == refused
        {
            return Ok(new.clone());
        }
        let promise = self.share(true);
        let settled = JsFuture::from(promise.clone()).await;
        let fresh = token(settled);
        let mut state = self.state.borrow_mut();
        if is_same(state.refreshing.as_ref(), &promise) {
            state.refreshing = None;
            if let Ok(fresh) = &fresh
                && fresh != refused
            {
                state.replaced = Some((refused.to_owned(), fresh.clone()));
            }
        }
        fresh
    }

    /// The promise of a call that is under way, or of a new one.
    fn share(&self, refresh: bool) -> Promise {
        let pick = |state: &mut Open| if refresh { state.refreshing.clone() } else { state.asking.clone() };
        if let Some(promise) = pick(&mut self.state.borrow_mut()) {
            return promise;
        }
        let promise = self.call(refresh);
        let mut state = self.state.borrow_mut();
        if refresh {
            state.refreshing = Some(promise.clone());
        } else {
            state.asking = Some(promise.clone());
        }
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

fn is_same(open: Option<&Promise>, promise: &Promise) -> bool {
    open.is_some_and(|open| Object::is(open, promise))
}

fn token(settled: Result<JsValue, JsValue>) -> Result<String, Detail> {
    let given = settled.map_err(|thrown| Detail::thrown("the token function threw", thrown))?;
    let Some(token) = given.as_string() else {
        let message = ["the token function gave ", show_kind(&given), " instead of a token"].concat();
        return Err(Detail::said(message));
    };
    match complaint(&token) {
        None => Ok(token),
        Some(complaint) => Err(Detail::said(["the token function gave ", complaint].concat())),
    }
}

fn complaint(token: &str) -> Option<&'static str> {
    match token {
        _ if token.trim().is_empty() => Some("an empty token"),
        _ if !is_value(token) => Some("a token with a line break or a character that no header can carry"),
        _ => None,
    }
}
