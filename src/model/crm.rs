//! What HubSpot tells of CRM imports and exports besides a status.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::received::{FromJson, deserialize_from_json, received};

/// Counters by name, such as `TOTAL_ROWS`, `CREATED_OBJECTS`, `UPDATED_OBJECTS` and `ERRORS`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "tsify", derive(tsify::Tsify), tsify(type = "Record<string, number>"))]
pub struct ImportCounters(pub BTreeMap<String, i64>);

/// Of a map what is a whole number.
impl FromJson for ImportCounters {
    fn from_json(value: Value) -> Option<Self> {
        let Value::Object(fields) = value else { return None };
        let counts = fields.into_iter().filter_map(|(name, value)| Some((name, i64::from_json(value)?)));
        Some(ImportCounters(counts.collect()))
    }
}

deserialize_from_json!(ImportCounters);

received! {
    /// What a CRM import did: the field `metadata` of an import.
    CrmImportResult {
        /// How many rows, records and errors there were.
        counters: ImportCounters = "counters",
        /// The lists of records that it made.
        object_lists: Vec<ImportObjectList> = "objectLists",
    }
}

received! {
    /// A list of the records of a CRM import.
    ImportObjectList {
        /// The list's id.
        list_id: String = "listId",
        /// The type of its records.
        object_type: String = "objectType",
    }
}

received! {
    /// What went wrong with a row of a CRM import.
    CrmImportError {
        /// The error's id.
        id: String = "id",
        /// Its kind, such as `INVALID_EMAIL`.
        error_type: String = "errorType",
        /// When it came up: **milliseconds since the Unix epoch**, unlike other dates.
        created_at: i64 = "createdAt",
        /// What was wrong.
        invalid_value: String = "invalidValue",
        /// The type of the record.
        object_type: String = "objectType",
    }
}

received! {
    /// An export, as HubSpot keeps it: the one place where its failure shows.
    ExportDetails {
        /// The export's id.
        id: String = "id",
        /// Its name.
        export_name: String = "exportName",
        /// Where it stands: `PENDING_APPROVAL`, `ENQUEUED`, `DEFERRED`, `PROCESSING`, `DONE`, `FAILED`, `CANCELED`,
        /// `CONFLICT` or `DELETED`.
        export_state: String = "exportState",
        /// When it was asked for: ISO 8601 in UTC.
        created_at: String = "createdAt",
        /// When it last changed: ISO 8601 in UTC.
        updated_at: String = "updatedAt",
    }
}
