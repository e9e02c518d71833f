//! A front end in Rust: waits for CRM exports, and has one export of its own.
#![cfg(target_arch = "wasm32")]

use hubspot_async_tasks::client::{Client, Failure, Settings};
use hubspot_async_tasks::family::{Family, TaskId};
use hubspot_async_tasks::web::{
    BaseUrl, CallerHeaders, Detail, FetchTransport, HostClock, StatusBody, Token,
};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Waits for a CRM export, and gives the state that it ended in.
#[wasm_bindgen(js_name = stateOfExport)]
pub async fn state_of_export(id: String) -> Result<String, JsError> {
    let id = TaskId::new(Family::Export, &id).map_err(|refused| JsError::new(refused.takes))?;
    let client = client().map_err(|detail| JsError::new(&detail.message()))?;
    let waiting = client.task(Family::Export, id).wait(client.settings().wait);
    let finished = waiting.map_err(|failure| error(&failure))?.finished().await;
    finished.map(|finished| finished.status.state().to_owned()).map_err(|failure| error(&failure))
}

fn client() -> Result<Client<FetchTransport, HostClock>, Detail> {
    let url = BaseUrl::new(BaseUrl::DEFAULT)?;
    let clock = HostClock::default();
    let transport = FetchTransport::new(url, CallerHeaders::default(), Token::None, None, clock.clone())?;
    Ok(Client::new(transport, clock, Settings::default()))
}

fn error(failure: &Failure<StatusBody, Detail>) -> JsError {
    JsError::new(failure.code.name())
}
