//! A file in HubSpot's file manager: the result of a file import.

use super::enumeration::open_enumeration;
use super::received::received;

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

received! {
    /// A file in HubSpot's file manager.
    HubSpotFile {
        /// The file's id.
        id: String = "id",
        /// Who can open it; dated API versions may leave it out.
        access: FileAccess = "access",
        /// Whether it was deleted.
        archived: bool = "archived",
        /// When it was deleted: ISO 8601 in UTC.
        archived_at: String = "archivedAt",
        /// When it was made: ISO 8601 in UTC.
        created_at: String = "createdAt",
        /// When it was last changed: ISO 8601 in UTC.
        updated_at: String = "updatedAt",
        /// Its address on HubSpot's default hosting domain.
        default_hosting_url: String = "defaultHostingUrl",
        /// Its text encoding.
        encoding: String = "encoding",
        /// When it will be deleted: **milliseconds since the Unix epoch**, unlike the other dates.
        expires_at: i64 = "expiresAt",
        /// Its extension, such as `pdf`.
        extension: String = "extension",
        /// The MD5 sum of its content.
        file_md5: String = "fileMd5",
        /// Its height in pixels, where it is an image or a video.
        height: i32 = "height",
        /// Its width in pixels, where it is an image or a video.
        width: i32 = "width",
        /// Whether it can be used in new content.
        is_usable_in_content: bool = "isUsableInContent",
        /// Its name without the extension.
        name: String = "name",
        /// The id of the folder it lies in.
        parent_folder_id: String = "parentFolderId",
        /// Its path in the file manager.
        path: String = "path",
        /// Its size in bytes.
        size: i64 = "size",
        /// Which part of HubSpot it belongs to; dated API versions may leave it out.
        source_group: FileSourceGroup = "sourceGroup",
        /// Its kind, such as `IMG`, `DOCUMENT`, `AUDIO`, `MOVIE` or `OTHER`.
        kind: String = "type",
        /// Its address.
        url: String = "url",
    }
}
