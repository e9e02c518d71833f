//! Where requests go: a proxy of the caller's, or HubSpot.

use wasm_bindgen::JsValue;

use super::Detail;
use super::host::{resolve, show_kind, text};
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
    pub fn new(address: &str) -> Result<BaseUrl, Detail> {
        let url =
            resolve(address).map_err(|_| refused("no URL, or a relative one that nothing here resolves"))?;
        let part = |name| text(&url, name).unwrap_or_default();
        let is_https = part("protocol") == "https:";
        if !is_https && part("protocol") != "http:" {
            return Err(refused("another protocol"));
        }
        if !part("username").is_empty() || !part("password").is_empty() {
            return Err(refused("a URL with a user in it"));
        }
        let mut address = part("href");
        // Looked for in the whole: a bare ? or # is no part, and an empty address takes the page's own.
        if address.bytes().any(|byte| matches!(byte, b'?' | b'#')) {
            return Err(refused("a URL with a query or a hash"));
        }
        while address.ends_with("/") {
            address.pop();
        }
        Ok(BaseUrl { address, is_safe_for_tokens: is_https || is_loopback(&part("hostname")) })
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

fn is_loopback(host: &str) -> bool {
    let is_ipv4 =
        || host.starts_with("127.") && host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || is_ipv4()
}

/// The option `baseUrl`, or HubSpot's own address.
pub fn read(value: &JsValue) -> Result<BaseUrl, Refusal> {
    match value.as_string() {
        Some(text) => BaseUrl::new(&text),
        None if value.is_undefined() => BaseUrl::new(BaseUrl::DEFAULT),
        None => Err(refused(&show_kind(value))),
    }
}
