//! Sends a request: through the host's fetch or the caller's, as `(url, plain object)`.
//!
//! Not through gloo-net's `send`: it never settles when fetch is missing, throws, or answers with anything but the
//! host's own `Response`, and many wrappers (HubSpot's `hubspot.fetch` among them) refuse its `Request` objects.

use std::time::Duration;

use js_sys::{Function, Object};
use wasm_bindgen::JsValue;

use super::answer::{self, Received};
use super::base_url::BaseUrl;
use super::clock::HostClock;
use super::fault::quote;
use super::headers::CallerHeaders;
use super::host::{Underway, describe, exchange, set};
use super::options::{Refusal, refuse};
use super::token::Token;
use super::{Detail, StatusBody};
use crate::client::{Payload, Question, Reply, Transport};
use crate::poll::{Answer, Code};

/// Sends requests with fetch.
#[derive(Clone, Debug)]
pub struct FetchTransport {
    base_url: BaseUrl,
    headers: CallerHeaders,
    token: Token,
    /// The caller's, or undefined: the host's is looked up at each call.
    fetch: JsValue,
    clock: HostClock,
    request_timeout: Duration,
}

/// An attempt that did not get as far as an answer.
struct Unanswered {
    answer: Answer,
    detail: Detail,
}

impl FetchTransport {
    /// A transport that asks at `base_url`, each attempt within `request_timeout` by `clock`.
    ///
    /// # Errors
    /// When there is a token, or an `authorization` header, that would go over an unencrypted network.
    pub fn new(
        base_url: BaseUrl,
        headers: CallerHeaders,
        token: Token,
        fetch: Option<Function>,
        clock: HostClock,
        request_timeout: Duration,
    ) -> Result<FetchTransport, Detail> {
        let sends_token = !matches!(token, Token::None) || headers.authorization.is_some();
        if sends_token && !base_url.is_safe_for_tokens() {
            let takes = "an https URL, or one of this machine, because a token is sent there";
            return Err(refuse("baseUrl", "an unencrypted URL", takes));
        }
        let fetch = fetch.map_or(JsValue::UNDEFINED, JsValue::from);
        Ok(FetchTransport { base_url, headers, token, fetch, clock, request_timeout })
    }

    /// Sends the request, and again with another token where the function's was refused.
    async fn answered(&self, question: &Question) -> Result<Received, Unanswered> {
        let Token::Asked(function) = &self.token else {
            let token = match &self.token {
                Token::Fixed(token) => Some(token.as_str()),
                Token::None | Token::Asked(_) => None,
            };
            return self.attempt(question, token).await;
        };
        let mut refused: Option<String> = None;
        let mut is_refreshed = false;
        loop {
            let known = refused.as_deref().and_then(|refused| function.replacement(refused));
            let token = match known {
                Some(token) => token,
                None => {
                    is_refreshed = refused.is_some();
                    let given = function.ask(refused.as_deref(), &self.clock, self.request_timeout).await;
                    given.map_err(Unanswered::broken_clock)?.map_err(Unanswered::no_token)?
                }
            };
            let received = self.attempt(question, Some(&token)).await?;
            if received.status != 401 || is_refreshed {
                return Ok(received);
            }
            refused = Some(token);
        }
    }

    async fn attempt(&self, question: &Question, token: Option<&str>) -> Result<Received, Unanswered> {
        let url = self.base_url.join(&question.path);
        let handle = exchange(&url, &self.init(token), &self.fetch);
        let handle = handle.map_err(|thrown| Unanswered {
            answer: Answer::Unsendable(Code::Network),
            detail: Detail::thrown("this host has no fetch: give one as the option fetch", &thrown),
        })?;
        let secret = token.or(self.headers.authorization.as_deref().map(credentials));
        match self.clock.within(self.request_timeout, Box::pin(Underway::new(handle))).await {
            Ok(Some(Ok(flat))) => Ok(Received::new(flat, secret)),
            Ok(Some(Err(thrown))) => Err(Unanswered::network(&thrown, secret)),
            Ok(None) => Err(Unanswered::late()),
            Err(clock) => Err(Unanswered::broken_clock(clock)),
        }
    }

    /// A plain object: a redirect is never followed, for a token must not go where it leads.
    fn init(&self, token: Option<&str>) -> Object {
        let headers = Object::new();
        for (name, value) in &self.headers.others {
            set(&headers, name, &value.into());
        }
        let bearer = token.map(|token| ["Bearer ", token].concat());
        if let Some(authorization) = bearer.or_else(|| self.headers.authorization.clone()) {
            set(&headers, "Authorization", &authorization.into());
        }
        let init = Object::new();
        set(&init, "method", &"GET".into());
        set(&init, "headers", &headers);
        set(&init, "redirect", &"manual".into());
        init
    }
}

/// The secret part of an `Authorization` header.
fn credentials(authorization: &str) -> &str {
    let scheme = authorization.bytes().rposition(|byte| byte == b' ').map_or(0, |space| space + 1);
    authorization.get(scheme..).unwrap_or_default()
}

impl Unanswered {
    fn network(thrown: &JsValue, secret: Option<&str>) -> Unanswered {
        let said = describe(thrown).map(|text| quote(&text, secret)).unwrap_or_default();
        let hint = "). If this is a browser, the likely cause is CORS: HubSpot's API cannot be asked from a page; ask \
                    a proxy of your own (option baseUrl) that adds the token";
        let message = ["no answer came (", &said, hint].concat();
        Unanswered { answer: Answer::None, detail: Detail::thrown(&message, thrown) }
    }

    fn no_token(detail: Detail) -> Unanswered {
        Unanswered { answer: Answer::Unsendable(Code::Unauthorized), detail }
    }

    fn late() -> Unanswered {
        Unanswered { answer: Answer::None, detail: Detail::said("no answer came within requestTimeoutMs") }
    }

    fn broken_clock(detail: Refusal) -> Unanswered {
        Unanswered { answer: Answer::Unsendable(Code::InvalidArgument), detail }
    }
}

impl Transport for FetchTransport {
    type Body = StatusBody;
    type Detail = Detail;

    async fn ask(&self, question: Question) -> Reply<StatusBody, Detail> {
        match self.answered(&question).await {
            Ok(received) => answer::read(received, question.family),
            Err(Unanswered { answer, detail }) => Reply { answer, payload: Payload::Fault(detail) },
        }
    }
}
