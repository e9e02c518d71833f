//! Sends a request: through the host's fetch or the caller's, as `(url, plain object)`.
//!
//! Not through gloo-net's `send`: it never settles when fetch is missing, throws, or answers with anything but the
//! host's own `Response`, and many wrappers (HubSpot's `hubspot.fetch` among them) refuse its `Request` objects.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use js_sys::{Function, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::response::Received;
use super::token::Token;
use super::tokens::{Given, Tokens};
use super::values::{Awaited, is_type_error, method, words};
use super::{BaseUrl, CallerHeaders, Detail, HostClock, StatusBody, refused};
use crate::client::{Clock, Payload, Question, Reply, Transport};
use crate::engine::RequestId;
use crate::poll::{Answer, Code};
use crate::read::{self, Reading, Response};

#[wasm_bindgen]
extern "C" {
    type AbortController;

    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<AbortController, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn signal(this: &AbortController) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn abort(this: &AbortController) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = Request)]
    type HostRequest;

    #[wasm_bindgen(js_class = Request, constructor, catch)]
    fn of(url: &str, init: &JsValue) -> Result<HostRequest, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn cache(this: &HostRequest) -> Result<JsValue, JsValue>;
}

/// What keeps polls from being answered from a cache of the host's: some hosts do not know it, and refuse it or forget it.
const NO_STORE: &str = "no-store";

fn host_takes_no_store() -> bool {
    #[derive(Serialize)]
    struct Init {
        cache: &'static str,
    }
    let init = Init { cache: NO_STORE }.serialize(&Serializer::json_compatible());
    let kept = init.map_err(JsValue::from).and_then(|init| HostRequest::of("http://a", &init)?.cache());
    kept.is_ok_and(|cache| cache.as_string().as_deref() == Some(NO_STORE))
}

/// Sends requests with fetch.
pub struct FetchTransport {
    base_url: BaseUrl,
    headers: CallerHeaders,
    /// Where no token function is asked.
    credential: Option<Credential>,
    tokens: Option<Tokens>,
    /// The host's, looked up for each request, where none is given.
    fetch: Option<Function>,
    /// Whether the host's own fetch is told to ask no cache: seen when it is first asked.
    cache: OnceCell<Option<&'static str>>,
    /// For dates in `Retry-After`.
    clock: HostClock,
    /// The requests that wait for their token.
    tokenless: RefCell<BTreeSet<RequestId>>,
}

/// What a request is authorized by, and what of it may enter no message.
#[derive(Clone)]
struct Credential {
    authorization: String,
    secrets: Vec<String>,
}

impl Credential {
    fn of_token(token: String) -> Credential {
        Credential::of_header(format!("Bearer {token}"))
    }

    /// Of the caller's own header: what follows the scheme is secret, as a whole, and each credential and parameter in it.
    fn of_header(authorization: String) -> Credential {
        let after_scheme = authorization.split_once(char::is_whitespace).map(|(_, rest)| rest.trim_start());
        let credentials = after_scheme.unwrap_or(&authorization);
        let parts = credentials.split(|c: char| c.is_whitespace() || c == ',' || c == '"').map(value);
        let secrets = parts.chain([credentials]).filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Credential { authorization, secrets }
    }
}

/// A parameter without its name. (At the end of base64 there is a `=` as well.)
fn value(part: &str) -> &str {
    match part.split_once('=') {
        Some((name, "")) if !name.is_empty() => "",
        Some((_, value)) if !value.starts_with('=') => value,
        _ => part,
    }
}

/// A token that was refused, of a request that is to be sent again with another.
pub struct RefusedToken(String);

impl fmt::Debug for RefusedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefusedToken(..)")
    }
}

/// Without the token and what it is derived from.
impl fmt::Debug for FetchTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchTransport")
            .field("base_url", &self.base_url)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

type FetchReply = Reply<StatusBody, Detail, RefusedToken>;

impl FetchTransport {
    /// A transport that asks at `base_url`, with the host's own fetch where none is given. `clock` is for dates in
    /// `Retry-After`.
    ///
    /// # Errors
    /// When there is a token, or an `authorization` header, that would go over an unencrypted network.
    pub fn new(
        base_url: BaseUrl,
        mut headers: CallerHeaders,
        token: Token,
        fetch: Option<Function>,
        clock: HostClock,
    ) -> Result<FetchTransport, Detail> {
        let of_caller = headers.take_authorization().map(Credential::of_header);
        let (credential, tokens) = match token {
            Token::None => (of_caller, None),
            Token::Fixed(token) => (Some(Credential::of_token(token.into_string())), None),
            Token::Asked(ask) => (None, Some(Tokens::new(ask))),
        };
        if !base_url.is_safe_for_tokens() && (credential.is_some() || tokens.is_some()) {
            let takes = "an https URL, or one of this machine, because a token is sent there";
            return Err(refused("baseUrl", "an unencrypted URL", takes));
        }
        let tokenless = RefCell::default();
        let cache = OnceCell::new();
        Ok(FetchTransport { base_url, headers, credential, tokens, fetch, cache, clock, tokenless })
    }

    /// The token for a request, after the one that was refused.
    async fn token(&self, request: RequestId, refused: Option<&str>) -> Option<Result<Given, Detail>> {
        let tokens = self.tokens.as_ref()?;
        self.tokenless.borrow_mut().insert(request);
        let _waiting = Tokenless { transport: self, request };
        Some(tokens.next(refused).await)
    }

    /// The options of fetch. A redirect is never followed, for a token must not go where it leads.
    fn init(&self, credential: Option<&Credential>, signal: &JsValue) -> Result<JsValue, JsValue> {
        #[derive(Serialize)]
        struct Init<'a> {
            method: &'a str,
            headers: BTreeMap<&'a str, &'a str>,
            redirect: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            cache: Option<&'a str>,
        }
        let authorization = credential.map(|credential| ("Authorization", credential.authorization.as_str()));
        let headers = self.headers.iter().chain(authorization).collect();
        // A fetch that was given need not know of caches.
        let takes_no_store = || (self.fetch.is_none() && host_takes_no_store()).then_some(NO_STORE);
        let cache = *self.cache.get_or_init(takes_no_store);
        let init = Init { method: "GET", headers, redirect: "manual", cache };
        let init = init.serialize(&Serializer::json_compatible())?;
        if !signal.is_undefined() {
            Reflect::set(&init, &"signal".into(), signal)?;
        }
        Ok(init)
    }

    async fn send(
        &self,
        fetch: &Function,
        path: &str,
        credential: Option<&Credential>,
    ) -> Result<Received, JsValue> {
        let mut abort = Abort::new();
        let init = self.init(credential, &abort.signal())?;
        let url = self.base_url.with(path).into();
        // Without `this`.
        let answer = fetch.call2(&JsValue::UNDEFINED, &url, &init)?;
        let received = Received::of(&Awaited::of(&answer).await?).await;
        // The signal of a request that was answered is not aborted.
        abort.0 = None;
        received
    }
}

impl Transport for FetchTransport {
    type Body = StatusBody;
    type Detail = Detail;
    type Repeat = RefusedToken;

    async fn ask(&self, question: Question, repeat: Option<RefusedToken>) -> FetchReply {
        let host = || method(&js_sys::global(), "fetch").ok().flatten();
        let Some(fetch) = self.fetch.clone().or_else(host) else {
            return unsendable(
                Code::Network,
                Detail::new("this host has no fetch: give one as the option fetch"),
            );
        };
        let refused = repeat.as_ref().map(|token| token.0.as_str());
        let given = match self.token(question.request, refused).await.transpose() {
            Ok(given) => given,
            Err(wrong) => return unsendable(Code::Unauthorized, wrong),
        };
        let of_function = given.as_ref().map(|given| Credential::of_token(given.token.clone()));
        let credential = of_function.as_ref().or(self.credential.as_ref());
        // Those of the token that was refused, too: the second answer may name the first token.
        let of_refused = repeat.as_ref().map(|token| Credential::of_token(token.0.clone()));
        let credentials = credential.into_iter().chain(&of_refused);
        let secrets: Vec<&str> = credentials.flat_map(|each| &each.secrets).map(String::as_str).collect();
        match self.send(&fetch, &question.path, credential).await {
            Err(thrown) => {
                let may_be_cors =
                    self.fetch.is_none() && self.base_url.is_of_another_origin() && is_type_error(&thrown);
                Reply::nothing(Detail::no_answer(&words(&thrown), &secrets, may_be_cors))
            }
            Ok(received) => {
                let header = |name: &str| received.header(name);
                let response = Response { status: received.status, header, body: received.text.as_bytes() };
                let now = self.clock.now().unwrap_or_default();
                let reading = read::read(&response, (question.family, question.asked), now, &secrets);
                let is_refused = matches!(reading.answer, Answer::Http { status: 401, .. });
                let repeatable = given.filter(|given| is_refused && !given.is_fresh);
                reply(reading, repeatable.map(|given| RefusedToken(given.token)))
            }
        }
    }

    fn late(&self, question: &Question) -> FetchReply {
        if self.tokenless.borrow().contains(&question.request) {
            let detail = Detail::new("the token function did not answer within requestTimeoutMs");
            return unsendable(Code::Unauthorized, detail);
        }
        Reply::nothing(Detail::new("no answer came within requestTimeoutMs"))
    }
}

fn reply(reading: Reading, repeat: Option<RefusedToken>) -> FetchReply {
    let payload = match reading.payload {
        read::Payload::Status(status) => Payload::Status(status),
        read::Payload::Empty => Payload::Empty,
        read::Payload::Fault(detail) => Payload::Fault(detail),
    };
    Reply { answer: reading.answer, payload, rate_headers: reading.rate_headers, repeat }
}

/// Nothing was sent, and a further try would send nothing either.
fn unsendable(code: Code, detail: Detail) -> FetchReply {
    Reply { answer: Answer::Unsendable(code), ..Reply::nothing(detail) }
}

/// A request that waits for its token.
struct Tokenless<'transport> {
    transport: &'transport FetchTransport,
    request: RequestId,
}

impl Drop for Tokenless<'_> {
    fn drop(&mut self) {
        self.transport.tokenless.borrow_mut().remove(&self.request);
    }
}

/// Breaks a request off when it is dropped. Where the host has no `AbortController`, a request goes on when it is given up,
/// and nobody hears of its answer.
struct Abort(Option<AbortController>);

impl Abort {
    fn new() -> Abort {
        Abort(AbortController::new().ok())
    }

    fn signal(&self) -> JsValue {
        self.0.as_ref().and_then(|controller| controller.signal().ok()).unwrap_or_default()
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            _ = controller.abort();
        }
    }
}
