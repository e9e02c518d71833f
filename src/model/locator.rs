//! Where a task that was just started can be found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Addresses by name: HubSpot sends a map, its documentation shows an array of objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(all(target_arch = "wasm32", feature = "npm"), derive(tsify::Tsify), tsify(hashmap_as_object))]
pub enum Links {
    /// As the wire has it.
    Map(BTreeMap<String, String>),
    /// As the documentation's example has it.
    List(Vec<BTreeMap<String, String>>),
}

/// HubSpot's answer to a start: the new task's id, and where its status is told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[cfg_attr(all(target_arch = "wasm32", feature = "npm"), derive(tsify::Tsify), tsify(missing_as_null))]
pub struct TaskLocator {
    /// The task's id.
    pub id: Option<String>,
    /// Where to ask; it names a regional host, to which no token must be sent. Build the address from the id.
    pub links: Option<Links>,
}
