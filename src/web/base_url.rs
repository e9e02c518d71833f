//! Where requests go: a proxy of the caller's, or HubSpot.

use wasm_bindgen::JsValue;

use super::Detail;
use super::given::base_url;
use super::host::field;

/// The base URL of the API: http or https, without user, query and hash.
#[derive(Clone, Debug)]
pub struct BaseUrl(JsValue);

impl BaseUrl {
    /// HubSpot's own.
    pub const DEFAULT: &str = "https://api.hubapi.com";

    /// Reads a base URL; a relative one is resolved against the document, else against the worker's location.
    ///
    /// # Errors
    /// When it is no http(s) URL, has a user, a query or a hash, or is relative where nothing is there to resolve it.
    pub fn new(address: &str) -> Result<BaseUrl, Detail> {
        base_url(address).map(BaseUrl).map_err(Detail::of)
    }

    /// Whether a token may be sent there: over https, or not over the network at all.
    pub fn is_safe_for_tokens(&self) -> bool {
        field(&self.0, "isSafe").as_bool() == Some(true)
    }

    pub(super) fn object(&self) -> &JsValue {
        &self.0
    }
}
