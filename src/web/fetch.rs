//! Sends a request: through the host's fetch or the caller's, as `(url, plain object)`.
//!
//! Not through gloo-net's `send`: it never settles when fetch is missing, throws, or answers with anything but the
//! host's own `Response`, and many wrappers (HubSpot's `hubspot.fetch` among them) refuse its `Request` objects.

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::base_url::BaseUrl;
use super::clock::HostClock;
use super::headers::CallerHeaders;
use super::sender::Sender;
use super::token::Token;
use super::{Detail, StatusBody, answer};
use crate::client::{Clock, Question, Reply, Transport};
use crate::family::Family;

/// Sends requests with fetch.
#[derive(Clone, Debug)]
pub struct FetchTransport {
    sender: Sender,
    clock: HostClock,
}

impl FetchTransport {
    /// A transport that asks at `base_url`. `clock` is for dates in `Retry-After`.
    ///
    /// # Errors
    /// When there is a token, or an `authorization` header, that would go over an unencrypted network.
    pub fn new(
        base_url: BaseUrl,
        headers: CallerHeaders,
        token: Token,
        fetch: Option<Function>,
        clock: HostClock,
    ) -> Result<FetchTransport, Detail> {
        let fetch = fetch.map_or(JsValue::UNDEFINED, JsValue::from);
        let sender = Sender::new(base_url.object(), headers.object(), &token.into(), &fetch);
        Ok(FetchTransport { sender: sender.map_err(Detail::of)?, clock })
    }

    fn read(&self, answer: &JsValue, family: Family) -> Reply<StatusBody, Detail> {
        answer::read(answer, family, self.clock.now().unwrap_or_default())
    }
}

/// A request that is broken off when it is dropped.
struct Asked<'a>(&'a Sender, u32);

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.0.give_up(self.1);
    }
}

impl Transport for FetchTransport {
    type Body = StatusBody;
    type Detail = Detail;

    async fn ask(&self, question: Question) -> Reply<StatusBody, Detail> {
        let (number, repeats) = (question.number, question.repeats.unwrap_or_default());
        let asked = Asked(&self.sender, number);
        let answer = JsFuture::from(self.sender.ask(number, repeats, &question.path)).await;
        // A request to be repeated is still known to the sender, which needs it.
        std::mem::forget(asked);
        // It never rejects; and a request that was given up has nobody to hear of it.
        let answer = answer.ok().filter(JsValue::is_object).unwrap_or_else(|| self.sender.late(number));
        self.read(&answer, question.family)
    }

    fn forget(&self, number: u32) {
        self.sender.give_up(number);
    }

    fn late(&self, number: u32) -> Reply<StatusBody, Detail> {
        // Nothing in it is about its family.
        self.read(&self.sender.late(number), Family::FileImport)
    }
}
