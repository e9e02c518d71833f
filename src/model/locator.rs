//! Where a task that was just started can be found.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::received::{FromJson, deserialize_from_json, received};

/// Addresses by name: HubSpot sends a map, its documentation shows an array of objects.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "tsify", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub enum Links {
    /// As the wire has it.
    Map(BTreeMap<String, String>),
    /// As the documentation's example has it.
    List(Vec<BTreeMap<String, String>>),
}

/// Of a map what is text, and of a list what is a map.
impl FromJson for Links {
    fn from_json(value: Value) -> Option<Self> {
        let map = |value| {
            let Value::Object(fields) = value else { return None };
            let texts =
                fields.into_iter().filter_map(|(name, value)| Some((name, String::from_json(value)?)));
            Some(texts.collect())
        };
        match value {
            Value::Array(items) => Some(Links::List(items.into_iter().filter_map(map).collect())),
            other => map(other).map(Links::Map),
        }
    }
}

deserialize_from_json!(Links);

received! {
    /// HubSpot's answer to a start: the new task's id, and where its status is told.
    TaskLocator {
        /// The task's id.
        id: String = "id",
        /// Where to ask; it names a regional host, to which no token must be sent. Build the address from the id.
        links: Links = "links",
    }
}
