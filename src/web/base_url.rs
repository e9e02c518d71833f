//! Where requests go: a proxy of the caller's, or HubSpot.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::values::get;
use super::{Detail, refused};

#[wasm_bindgen]
extern "C" {
    /// The host's.
    #[wasm_bindgen(js_name = URL)]
    type Url;

    #[wasm_bindgen(constructor, catch, js_class = "URL")]
    fn new(address: &str, base: &JsValue) -> Result<Url, JsValue>;
}

const TAKES: &str = "an http or https URL without user, query and hash";

/// The base URL of the API: http or https, without user, query and hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    /// Without a slash at its end.
    address: String,
    is_safe: bool,
}

impl BaseUrl {
    /// HubSpot's own.
    pub const DEFAULT: &str = "https://api.hubapi.com";

    /// Reads a base URL; a relative one is resolved against the document, else against the worker's location.
    ///
    /// # Errors
    /// When it is no http(s) URL, has a user, a query or a hash, or is relative where nothing is there to resolve it.
    pub fn new(address: &str) -> Result<BaseUrl, Detail> {
        let refused = |got| refused("baseUrl", got, TAKES);
        let parts = Parts::of(address)
            .ok_or_else(|| refused("no URL, or a relative one that nothing here resolves"))?;
        if let Some(got) = parts.complaint() {
            return Err(refused(got));
        }
        let is_safe = parts.protocol == "https:" || is_loopback(&parts.hostname);
        Ok(BaseUrl { address: parts.href.trim_end_matches('/').to_owned(), is_safe })
    }

    /// Whether a token may be sent there: over https, or not over the network at all.
    pub fn is_safe_for_tokens(&self) -> bool {
        self.is_safe
    }

    /// Whether a page, or its worker, asks another origin there.
    pub(super) fn is_of_another_origin(&self) -> bool {
        let global = js_sys::global();
        let origin = get(&global, "location").and_then(|location| get(&location, "origin"));
        let origin = origin.ok().and_then(|origin| origin.as_string());
        origin.is_some_and(|origin| !self.with("/").starts_with(&format!("{origin}/")))
    }

    pub(super) fn with(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

/// A URL, taken apart by the host.
struct Parts {
    href: String,
    protocol: String,
    hostname: String,
    has_user: bool,
}

impl Parts {
    fn of(address: &str) -> Option<Parts> {
        let url = JsValue::from(Url::new(address, &page()).ok()?);
        let part = |name: &str| Reflect::get(&url, &name.into()).ok()?.as_string();
        let has_user = !part("username")?.is_empty() || !part("password")?.is_empty();
        Some(Parts {
            href: part("href")?,
            protocol: part("protocol")?,
            hostname: part("hostname")?,
            has_user,
        })
    }

    fn complaint(&self) -> Option<&'static str> {
        match self {
            Parts { protocol, .. } if protocol != "https:" && protocol != "http:" => Some("another protocol"),
            Parts { has_user: true, .. } => Some("a URL with a user in it"),
            // Looked for in the whole: a bare ? or # is no part, and an empty address takes the page's own.
            Parts { href, .. } if href.contains(['?', '#']) => Some("a URL with a query or a hash"),
            _ => None,
        }
    }
}

/// What a relative address is resolved on; undefined where there is nothing.
fn page() -> JsValue {
    let global = js_sys::global();
    let of = |name, part| get(&get(&global, name).ok()?, part).ok().filter(JsValue::is_string);
    of("document", "baseURI").or_else(|| of("location", "href")).unwrap_or_default()
}

/// One machine's own hosts. Browsers never look a name below `localhost` up, so that it is their own machine's; elsewhere
/// the system's resolver is asked for it, and what answers there may be any machine. A browser is taken to be where a
/// relative address can be resolved.
fn is_loopback(hostname: &str) -> bool {
    let is_of_127 = hostname.strip_prefix("127.");
    is_of_127.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
        || hostname == "localhost"
        || (hostname.ends_with(".localhost") && !page().is_undefined())
        || hostname == "[::1]"
}
