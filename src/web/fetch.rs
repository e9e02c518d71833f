//! Sends a request: through the host's fetch or the caller's, as `(url, plain object)`.
//!
//! Not through gloo-net's `send`: it never settles when fetch is missing, throws, or answers with anything but the
//! host's own `Response`, and many wrappers (HubSpot's `hubspot.fetch` among them) refuse its `Request` objects.

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::answer::{self, Received};
use super::base_url::BaseUrl;
use super::clock::HostClock;
use super::fault::quote;
use super::headers::CallerHeaders;
use super::host::{Sender, describe, field, get, is_some, says};
use super::options::refuse;
use super::token::Token;
use super::{Detail, StatusBody};
use crate::client::{Clock, Payload, Question, Reply, Transport};
use crate::family::Family;
use crate::poll::{Answer, Code, Timestamp, Told};

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
        let sends_token = !matches!(token, Token::None) || headers.has_authorization();
        if sends_token && !base_url.is_safe_for_tokens() {
            let takes = "an https URL, or one of this machine, because a token is sent there";
            return Err(refuse("baseUrl", "an unencrypted URL", takes));
        }
        let fetch = fetch.map_or(JsValue::UNDEFINED, JsValue::from);
        let token = match token {
            Token::None => JsValue::UNDEFINED,
            Token::Fixed(token) => token.into(),
            Token::Asked(function) => function.into(),
        };
        let sender = Sender::new(base_url.address(), headers.object(), &token, &fetch);
        Ok(FetchTransport { sender, clock })
    }

    pub(super) fn sender(&self) -> &Sender {
        &self.sender
    }

    /// What host.js made of an answer, or of its absence.
    pub(super) fn read(&self, flat: &JsValue, family: Family, now: Timestamp) -> Reply<StatusBody, Detail> {
        let met = |problem| says(flat, "problem", problem);
        let thrown = || get(flat, "thrown").unwrap_or_default();
        if met("token") {
            nothing_sent(Code::Unauthorized, no_token(flat, &thrown()))
        } else if met("fetch") {
            let message = "this host has no fetch: give one as the option fetch";
            nothing_sent(Code::Network, Detail::thrown(message, &thrown()))
        } else if met("network") {
            unanswered(no_answer(&thrown(), &field(flat, "secret")))
        } else {
            answer::read(&Received::new(flat), family, now)
        }
    }

    /// What to say of a request that took too long and was broken off; whether it still waited for its token.
    pub(super) fn too_late(waited_for_token: bool) -> Reply<StatusBody, Detail> {
        if waited_for_token {
            let message = "the token function did not answer within requestTimeoutMs";
            return nothing_sent(Code::Unauthorized, Detail::said(message));
        }
        unanswered(Detail::said("no answer came within requestTimeoutMs"))
    }
}

fn no_answer(thrown: &JsValue, secret: &JsValue) -> Detail {
    let message = "no answer came ({}). If this is a browser, the likely cause is CORS: HubSpot's API cannot be asked \
                   from a page; ask a proxy of your own (option baseUrl) that adds the token";
    let detail = Detail::formatted(message, &quote(&describe(thrown), secret), &JsValue::UNDEFINED);
    detail.set("cause", thrown);
    detail
}

fn no_token(flat: &JsValue, thrown: &JsValue) -> Detail {
    let complaint = field(flat, "message");
    if !is_some(&complaint) {
        return Detail::thrown("the token function threw", thrown);
    }
    Detail::formatted("the token function gave {}", &complaint, &JsValue::UNDEFINED)
}

fn unanswered(detail: Detail) -> Reply<StatusBody, Detail> {
    fault(Answer::None, detail)
}

fn nothing_sent(code: Code, detail: Detail) -> Reply<StatusBody, Detail> {
    fault(Answer::Unsendable(code), detail)
}

fn fault(answer: Answer, detail: Detail) -> Reply<StatusBody, Detail> {
    Reply { answer, payload: Payload::Fault(detail), told: Told::default(), is_repeatable: false }
}

/// A request that is broken off when it is dropped.
struct Asked<'a>(&'a Sender, u32);

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        // It fails where there is nothing to break off, and there is nobody to tell.
        let _ = self.0.give_up(self.1);
    }
}

impl Transport for FetchTransport {
    type Body = StatusBody;
    type Detail = Detail;

    async fn ask(&self, question: Question) -> Reply<StatusBody, Detail> {
        let (number, repeats) = (question.number, question.repeats.unwrap_or_default());
        let asked = Asked(&self.sender, number);
        let flat = JsFuture::from(self.sender.ask(number, repeats, &question.path)).await;
        // A request to be repeated is still known to the sender, which needs it.
        std::mem::forget(asked);
        let now = self.clock.now().unwrap_or_default();
        match flat {
            Ok(flat) => self.read(&flat, question.family, now),
            Err(thrown) => unanswered(no_answer(&thrown, &JsValue::UNDEFINED)),
        }
    }

    fn forget(&self, number: u32) {
        drop(Asked(&self.sender, number));
    }

    fn late(&self, number: u32) -> Reply<StatusBody, Detail> {
        FetchTransport::too_late(self.sender.give_up(number) == Ok(true))
    }
}
