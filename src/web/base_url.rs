//! Where requests go: a proxy of the caller's, or HubSpot.

use wasm_bindgen::JsValue;

use super::Detail;
use super::host::{field, is_some, matches, resolve, says};
use super::options::{Refusal, refuse, refuse_kind};

/// The base URL of the API: http or https, without user, query and hash.
#[derive(Clone, Debug)]
pub struct BaseUrl {
    address: JsValue,
    is_safe_for_tokens: bool,
}

const TAKES: &str = "an http or https URL without user, query and hash";

/// The hosts of one machine's own, as a regular expression.
const LOOPBACK: &str = r"^(127\.[\d.]*|(.*\.)?localhost|\[::1\])$";

impl BaseUrl {
    /// HubSpot's own.
    pub const DEFAULT: &str = "https://api.hubapi.com";

    /// Reads a base URL; a relative one is resolved against the document, else against the worker's location.
    ///
    /// # Errors
    /// When it is no http(s) URL, has a user, a query or a hash, or is relative where nothing is there to resolve it.
    pub fn new(address: &str) -> Result<BaseUrl, Detail> {
        BaseUrl::of(&address.into())
    }

    fn of(address: &JsValue) -> Result<BaseUrl, Refusal> {
        let refused = |got| Err(refuse("baseUrl", got, TAKES));
        let Ok(url) = resolve(address) else {
            return refused("no URL, or a relative one that nothing here resolves");
        };
        let is_https = says(&url, "protocol", "https:");
        if !is_https && !says(&url, "protocol", "http:") {
            return refused("another protocol");
        }
        if matches(&field(&url, "username"), ".") || matches(&field(&url, "password"), ".") {
            return refused("a URL with a user in it");
        }
        let address = field(&url, "href");
        if !matches(&address, "") {
            return refused("no URL");
        }
        // Looked for in the whole: a bare ? or # is no part, and an empty address takes the page's own.
        if matches(&address, "[?#]") {
            return refused("a URL with a query or a hash");
        }
        let is_loopback = matches(&field(&url, "hostname"), LOOPBACK);
        Ok(BaseUrl { address, is_safe_for_tokens: is_https || is_loopback })
    }

    pub(super) fn address(&self) -> &JsValue {
        &self.address
    }

    /// Whether a token may be sent there: over https, or not over the network at all.
    pub fn is_safe_for_tokens(&self) -> bool {
        self.is_safe_for_tokens
    }
}

/// The option `baseUrl`, or HubSpot's own address.
pub fn read(value: &JsValue) -> Result<BaseUrl, Refusal> {
    if !is_some(value) {
        return BaseUrl::new(BaseUrl::DEFAULT);
    }
    if !matches(value, "") {
        return Err(refuse_kind("baseUrl", value, TAKES));
    }
    BaseUrl::of(value)
}
