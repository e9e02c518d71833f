//! What HubSpot sends and takes, field by field.
//!
//! Every received field but `status` may be absent or null, whatever HubSpot's pages call "required", and one of a wrong
//! type is as good as absent: no detail keeps a status from being read. Enumerations are open, so an unknown value is kept
//! as it came, and fields without a name here are in `other`. Dates are ISO 8601 in UTC, as HubSpot writes them.
//! The TypeScript types of the npm package are generated from these types.

pub(crate) mod blanks;
mod crm;
mod enumeration;
mod error;
mod file;
mod folder;
mod locator;
mod received;
mod requests;
mod status;

pub use crm::{CrmImportError, CrmImportResult, ExportDetails, ImportCounters, ImportObjectList};
pub use error::{ErrorContext, ErrorDetail, HttpErrorBody, StandardError, SubCategory};
pub use file::{FileAccess, FileSourceGroup, HubSpotFile};
pub use folder::HubSpotFolder;
pub use locator::{Links, TaskLocator};
pub use requests::{
    CrmImport, CrmImportFile, DuplicateValidationScope, DuplicateValidationStrategy, ExportFormat,
    ExportRequest, ExportType, FileImportRequest, FolderUpdateRequest, SourceCodeExtractRequest,
};
pub use status::{
    ExportStatus, FileImportStatus, FolderUpdateStatus, SourceCodeExtractStatus, TaskState, TaskStatus,
};

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn the_typescript_type_of_an_enumeration_names_its_words_and_no_other() {
        let all = [
            TaskState::DECLARED,
            FileAccess::DECLARED,
            FileSourceGroup::DECLARED,
            DuplicateValidationScope::DECLARED,
            DuplicateValidationStrategy::DECLARED,
            ExportType::DECLARED,
            ExportFormat::DECLARED,
        ];
        for (words, typescript) in all {
            let mut members: Vec<&str> = typescript.split(" | ").collect();
            assert_eq!(members.pop(), Some("(string & {})"), "{typescript}");
            let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
            assert_eq!(members, quoted, "{typescript}");
        }
    }
}
