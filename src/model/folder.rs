//! A folder in HubSpot's file manager: the result of a folder update.

use super::received::received;

received! {
    /// A folder in HubSpot's file manager.
    HubSpotFolder {
        /// The folder's id.
        id: String = "id",
        /// Whether it was deleted.
        archived: bool = "archived",
        /// When it was deleted: ISO 8601 in UTC.
        archived_at: String = "archivedAt",
        /// When it was made: ISO 8601 in UTC.
        created_at: String = "createdAt",
        /// When it was last changed: ISO 8601 in UTC.
        updated_at: String = "updatedAt",
        /// Its name.
        name: String = "name",
        /// The id of the folder it lies in.
        parent_folder_id: String = "parentFolderId",
        /// Its path in the file manager.
        path: String = "path",
    }
}
