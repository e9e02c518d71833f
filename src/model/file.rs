//! A file in HubSpot's file manager: the result of a file import.

use serde::{Deserialize, Serialize};

use super::enumeration::open_enumeration;

open_enumeration! {
    /// Who can open a file, and whether search engines may list it.
    FileAccess: r#""HIDDEN_INDEXABLE" | "HIDDEN_NOT_INDEXABLE" | "HIDDEN_PRIVATE" | "HIDDEN_SENSITIVE" | "PRIVATE" | "PUBLIC_INDEXABLE" | "PUBLIC_NOT_INDEXABLE" | "SENSITIVE" | (string & {})"# {
        /// Not shown in the file manager; public by its URL; search engines may list it.
        HiddenIndexable = "HIDDEN_INDEXABLE",
        /// Not shown in the file manager; public by its URL; search engines may not list it.
        HiddenNotIndexable = "HIDDEN_NOT_INDEXABLE",
        /// Not shown in the file manager; needs a signed URL.
        HiddenPrivate = "HIDDEN_PRIVATE",
        /// Not shown in the file manager; holds sensitive data.
        HiddenSensitive = "HIDDEN_SENSITIVE",
        /// Needs a signed URL.
        Private = "PRIVATE",
        /// Public by its URL; search engines may list it.
        PublicIndexable = "PUBLIC_INDEXABLE",
        /// Public by its URL; search engines may not list it.
        PublicNotIndexable = "PUBLIC_NOT_INDEXABLE",
        /// Holds sensitive data.
        Sensitive = "SENSITIVE",
    }
}

open_enumeration! {
    /// Which part of HubSpot a file belongs to.
    FileSourceGroup: r#""CONTENT" | "CONVERSATIONS" | "FORMS" | "UI_EXTENSIONS" | "UNKNOWN" | (string & {})"# {
        /// Content, such as pages and emails.
        Content = "CONTENT",
        /// Conversations.
        Conversations = "CONVERSATIONS",
        /// Forms.
        Forms = "FORMS",
        /// UI extensions.
        UiExtensions = "UI_EXTENSIONS",
        /// HubSpot does not tell.
        Unknown = "UNKNOWN",
    }
}

/// A file in HubSpot's file manager.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[cfg_attr(all(target_arch = "wasm32", feature = "npm"), derive(tsify::Tsify), tsify(missing_as_null))]
pub struct HubSpotFile {
    /// The file's id.
    pub id: Option<String>,
    /// Who can open it; dated API versions may leave it out.
    pub access: Option<FileAccess>,
    /// Whether it was deleted.
    pub archived: Option<bool>,
    /// When it was deleted: ISO 8601 in UTC.
    pub archived_at: Option<String>,
    /// When it was made: ISO 8601 in UTC.
    pub created_at: Option<String>,
    /// When it was last changed: ISO 8601 in UTC.
    pub updated_at: Option<String>,
    /// Its address on HubSpot's default hosting domain.
    pub default_hosting_url: Option<String>,
    /// Its text encoding.
    pub encoding: Option<String>,
    /// When it will be deleted: **milliseconds since the Unix epoch**, unlike the other dates.
    pub expires_at: Option<i64>,
    /// Its extension, such as `pdf`.
    pub extension: Option<String>,
    /// The MD5 sum of its content.
    pub file_md5: Option<String>,
    /// Its height in pixels, where it is an image or a video.
    pub height: Option<i32>,
    /// Its width in pixels, where it is an image or a video.
    pub width: Option<i32>,
    /// Whether it can be used in new content.
    pub is_usable_in_content: Option<bool>,
    /// Its name without the extension.
    pub name: Option<String>,
    /// The id of the folder it lies in.
    pub parent_folder_id: Option<String>,
    /// Its path in the file manager.
    pub path: Option<String>,
    /// Its size in bytes.
    pub size: Option<i64>,
    /// Which part of HubSpot it belongs to; dated API versions may leave it out.
    pub source_group: Option<FileSourceGroup>,
    /// Its kind, such as `IMG`, `DOCUMENT`, `AUDIO`, `MOVIE` or `OTHER`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its address.
    pub url: Option<String>,
}
