//! The tokens that a function gives: one call serves all who need a token meanwhile, and one refresh each refused token.

use std::cell::RefCell;

use js_sys::{Function, Object, Promise};
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::Detail;
use super::token::given;
use super::values::Awaited;

pub(super) struct Tokens {
    ask: Function,
    /// The calls under way: the usual one, and the one for a refresh.
    open: RefCell<[Option<Promise>; 2]>,
    replaced: RefCell<Option<Replaced>>,
}

/// The token that was refused last, and the one that took its place.
struct Replaced {
    refused: String,
    successor: String,
}

/// A token that the function gave.
pub(super) struct Given {
    pub token: String,
    /// Whether a refused token made the function give a new one: there is no newer one.
    pub is_fresh: bool,
}

/// What the function is called with.
#[derive(Serialize)]
struct Context {
    refresh: bool,
}

impl Tokens {
    pub fn new(ask: Function) -> Tokens {
        Tokens { ask, open: RefCell::default(), replaced: RefCell::default() }
    }

    /// A token; after a refused one its successor, which the function is asked for once.
    ///
    /// # Errors
    /// When the function throws, or gives what is no token. What it threw or gave is never shown.
    pub async fn next(&self, refused: Option<&str>) -> Result<Given, Detail> {
        let Some(refused) = refused else {
            return Ok(Given { token: self.call(false).await?, is_fresh: false });
        };
        if let Some(token) = self.successor_of(refused) {
            return Ok(Given { token, is_fresh: false });
        }
        let token = self.call(true).await?;
        if token != refused {
            let (refused, successor) = (refused.to_owned(), token.clone());
            *self.replaced.borrow_mut() = Some(Replaced { refused, successor });
        }
        Ok(Given { token, is_fresh: true })
    }

    fn successor_of(&self, token: &str) -> Option<String> {
        let replaced = self.replaced.borrow();
        replaced.as_ref().filter(|known| known.refused == token).map(|known| known.successor.clone())
    }

    /// What the function gives: the promise of a call under way, or of a new one.
    async fn call(&self, refresh: bool) -> Result<String, Detail> {
        let open = self.open.borrow()[usize::from(refresh)].clone();
        let promise = match open {
            Some(promise) => promise,
            None => {
                let promise = self.ask(refresh);
                self.open.borrow_mut()[usize::from(refresh)] = Some(promise.clone());
                promise
            }
        };
        let joined = Joined { tokens: self, refresh, promise };
        let answer = Awaited::of(&joined.promise).await;
        drop(joined);
        let token = answer.map_err(|_thrown| Detail::new("the token function threw"))?;
        given(&token).map_err(|got| Detail::new(format!("the token function gave {got}")))
    }

    /// Nothing is borrowed here: it is the caller's code.
    fn ask(&self, refresh: bool) -> Promise {
        let called = serde_wasm_bindgen::to_value(&Context { refresh })
            .map_err(JsValue::from)
            .and_then(|context| self.ask.call1(&JsValue::UNDEFINED, &context));
        match called {
            Ok(answer) => Promise::resolve(&answer),
            Err(thrown) => Promise::reject(&thrown),
        }
    }
}

/// One who awaits a call. When it is answered, or somebody gives it up, nobody joins it any more: it may never answer.
struct Joined<'tokens> {
    tokens: &'tokens Tokens,
    refresh: bool,
    promise: Promise,
}

impl Drop for Joined<'_> {
    fn drop(&mut self) {
        let mut calls = self.tokens.open.borrow_mut();
        let open = &mut calls[usize::from(self.refresh)];
        if open.as_ref().is_some_and(|promise| Object::is(promise, &self.promise)) {
            *open = None;
        }
    }
}
