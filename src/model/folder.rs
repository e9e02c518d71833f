//! A folder in HubSpot's file manager: the result of a folder update.

use serde::{Deserialize, Serialize};

/// A folder in HubSpot's file manager.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[cfg_attr(all(target_arch = "wasm32", feature = "npm"), derive(tsify::Tsify), tsify(missing_as_null))]
pub struct HubSpotFolder {
    /// The folder's id.
    pub id: Option<String>,
    /// Whether it was deleted.
    pub archived: Option<bool>,
    /// When it was deleted: ISO 8601 in UTC.
    pub archived_at: Option<String>,
    /// When it was made: ISO 8601 in UTC.
    pub created_at: Option<String>,
    /// When it was last changed: ISO 8601 in UTC.
    pub updated_at: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The id of the folder it lies in.
    pub parent_folder_id: Option<String>,
    /// Its path in the file manager.
    pub path: Option<String>,
}
