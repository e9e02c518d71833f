//! Where requests go: a proxy of the caller's, or HubSpot.

use wasm_bindgen::JsValue;
use web_sys::Url;

use super::Detail;
use super::host::{get_some, global};
use super::options::{Refusal, refuse};

/// The base URL of the API: http or https, without user, query and hash.
#[derive(Clone, Debug)]
pub struct BaseUrl {
    /// Without a slash at the end.
    address: String,
    is_safe_for_tokens: bool,
}

impl BaseUrl {
    /// HubSpot's own.
    pub const DEFAULT: &str = "https://api.hubapi.com";

    /// Reads a base URL; a relative one is resolved against the document, else against the worker's location.
    ///
    /// # Errors
    /// When it is no http(s) URL, has a user, a query or a hash, or is relative where nothing is there to resolve it.
    pub fn new(text: &str) -> Result<BaseUrl, Detail> {
        let url = resolve(text)?;
        if !matches!(url.protocol().as_str(), "https:" | "http:") {
            return Err(refused("another protocol"));
        }
        if !url.username().is_empty() || !url.password().is_empty() {
            return Err(refused("an address with a user in it"));
        }
        if text.contains(['?', '#']) {
            return Err(refused("an address with a query or a hash"));
        }
        let is_safe_for_tokens = url.protocol() == "https:" || is_loopback(&url.hostname());
        let address = url.href().trim_end_matches('/').to_owned();
        Ok(BaseUrl { address, is_safe_for_tokens })
    }

    /// The address of a path.
    pub fn join(&self, path: &str) -> String {
        [&self.address, path].concat()
    }

    /// Whether a token may be sent there: over https, or not over the network at all.
    pub fn is_safe_for_tokens(&self) -> bool {
        self.is_safe_for_tokens
    }
}

fn refused(got: &str) -> Refusal {
    refuse("baseUrl", got, "an http or https URL without user, query and hash")
}

fn resolve(text: &str) -> Result<Url, Refusal> {
    if let Ok(url) = Url::new(text) {
        return Ok(url);
    }
    let base = document_base().or_else(worker_base).ok_or_else(|| {
        let takes =
            "an absolute URL here, where neither document nor location is there to resolve a relative one";
        refuse("baseUrl", "a relative URL", takes)
    })?;
    Url::new_with_base(text, &base).map_err(|_| refused("what is no URL"))
}

fn document_base() -> Option<String> {
    get_some(&global("document")?, "baseURI")?.as_string()
}

fn worker_base() -> Option<String> {
    get_some(&global("location")?, "href")?.as_string()
}

fn is_loopback(host: &str) -> bool {
    let is_ipv4 =
        || host.starts_with("127.") && host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || is_ipv4()
}

/// The option `baseUrl`, or HubSpot's own address.
pub fn read(value: Option<JsValue>) -> Result<BaseUrl, Refusal> {
    match value {
        None => BaseUrl::new(BaseUrl::DEFAULT),
        Some(value) => match value.as_string() {
            Some(text) => BaseUrl::new(&text),
            None => Err(refused(super::options::show_kind(&value))),
        },
    }
}
