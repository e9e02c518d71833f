//! A front end in Rust: waits for CRM exports, and has one export and an allocator of its own.
#![cfg(target_arch = "wasm32")]

use std::alloc::System;

use hubspot_async_tasks::client::{Client, Settings};
use hubspot_async_tasks::family::{Family, TaskId};
use hubspot_async_tasks::web::{
    BaseUrl, CallerHeaders, Detail, FetchTransport, HostClock, StatusBody, Token,
};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

#[global_allocator]
static ALLOCATOR: System = System;

/// Waits for a CRM export, and gives the state that it ended in.
#[wasm_bindgen(js_name = stateOfExport)]
pub async fn state_of_export(id: String) -> Result<String, JsError> {
    let id = TaskId::new(Family::Export, &id)?;
    let client = client()?;
    let finished = client.task(Family::Export, id).wait(client.settings().engine.wait()).finished().await?;
    Ok(finished.status.state().to_owned())
}

fn client() -> Result<Client<StatusBody, Detail>, Detail> {
    let (url, clock) = (BaseUrl::new(BaseUrl::DEFAULT)?, HostClock::default());
    let transport = FetchTransport::new(url, CallerHeaders::default(), Token::None, None, clock.clone())?;
    let (client, driver) = Client::new(transport, clock, Settings::default());
    spawn_local(driver);
    Ok(client)
}
