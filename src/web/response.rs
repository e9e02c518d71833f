//! Reads what fetch gave: a `Response`, of this realm or another, `hubspot.fetch`'s answer, or `{ status, headers, body }`.

use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;

use super::values::{Awaited, get, method, words};

/// An answer that has come whole.
pub(super) struct Received {
    pub status: u16,
    pub text: String,
    headers: JsValue,
}

/// Stands for an answer without a status: no HTTP status is so high.
const NO_RESPONSE: u16 = 1000;

impl Received {
    /// # Errors
    /// With what the answer threw, or rejected with.
    pub async fn of(response: &JsValue) -> Result<Received, JsValue> {
        let (status, headers) = (get(response, "status")?, get(response, "headers")?);
        let text = text_of(response).await?;
        Ok(Received { status: http_status(&status), text, headers })
    }

    /// A header by its name in lower case. One that cannot be read, or is no text, is as good as absent.
    pub fn header(&self, name: &str) -> Option<String> {
        if let Some(get) = method(&self.headers, "get").ok()? {
            return get.call1(&self.headers, &name.into()).ok()?.as_string();
        }
        if !self.headers.is_object() {
            return None;
        }
        let keys = Reflect::own_keys(&self.headers).ok()?;
        let own = keys.iter().find(|key| key.as_string().is_some_and(|key| key.to_lowercase() == name))?;
        Reflect::get(&self.headers, &own).ok()?.as_string()
    }
}

fn http_status(status: &JsValue) -> u16 {
    let known = status.as_f64().filter(|status| (0.0..f64::from(NO_RESPONSE)).contains(status));
    known.map_or(NO_RESPONSE, |status| status as u16)
}

async fn text_of(response: &JsValue) -> Result<String, JsValue> {
    if let Some(text) = method(response, "text")? {
        return written(&Awaited::of(&text.call0(response)?).await?);
    }
    let Some(json) = method(response, "json")? else {
        return written(&get(response, "body")?);
    };
    let parsed = match json.call0(response) {
        Ok(promise) => Awaited::of(&promise).await,
        Err(thrown) => Err(thrown),
    };
    match parsed {
        Ok(body) => written(&body),
        // What cannot be parsed is told in the place of what it was.
        Err(thrown) => Ok(words(&thrown)),
    }
}

/// Written out, so that what parses it again meets no getters.
fn written(body: &JsValue) -> Result<String, JsValue> {
    if let Some(text) = body.as_string() {
        return Ok(text);
    }
    if body.is_null() {
        return Ok(String::new());
    }
    // It gives none for what JSON does not know.
    Ok(JSON::stringify(body)?.as_string().unwrap_or_default())
}
