//! What a start sends. HubSpot takes more fields than have a name here: those are in `other`, and sent with the rest.

use serde::Serialize;
use serde_json::{Map, Value};

use super::FileAccess;
use super::enumeration::open_enumeration;

open_enumeration! {
    /// Where HubSpot looks for a file that is there already.
    DuplicateValidationScope: r#""ENTIRE_PORTAL" | "EXACT_FOLDER" | (string & {})"# {
        /// In the whole account.
        EntirePortal = "ENTIRE_PORTAL",
        /// In the folder that it is imported into.
        ExactFolder = "EXACT_FOLDER",
    }
}

open_enumeration! {
    /// What HubSpot does where the file is there already.
    DuplicateValidationStrategy: r#""NONE" | "REJECT" | "RETURN_EXISTING" | (string & {})"# {
        /// It imports it all the same.
        None = "NONE",
        /// It refuses.
        Reject = "REJECT",
        /// It gives the file that is there.
        ReturnExisting = "RETURN_EXISTING",
    }
}

open_enumeration! {
    /// Which records an export holds.
    ExportType: r#""VIEW" | "LIST" | (string & {})"# {
        /// Those of a view, or all.
        View = "VIEW",
        /// Those of a list.
        List = "LIST",
    }
}

open_enumeration! {
    /// The form of an exported file.
    ExportFormat: r#""CSV" | "XLS" | "XLSX" | (string & {})"# {
        /// Comma-separated values.
        Csv = "CSV",
        /// Excel's older form.
        Xls = "XLS",
        /// Excel's newer form.
        Xlsx = "XLSX",
    }
}

/// Declares what is sent: fields that are needed, then those that may be left out, by HubSpot's names in camel case.
macro_rules! sent {
    (
        $(#[$meta:meta])*
        $name:ident {
            needed { $( $(#[$needed_meta:meta])* $needed:ident: $needed_type:ty, )* }
            optional { $( $(#[$field_meta:meta])* $field:ident: $type:ty, )* }
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        #[cfg_attr(feature = "tsify", derive(tsify::Tsify))]
        pub struct $name {
            $( $(#[$needed_meta])* pub $needed: $needed_type, )*
            $(
                $(#[$field_meta])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
            /// What HubSpot takes besides, by name.
            // (tsify leaves out what serde's derive would not fill.)
            #[serde(flatten, skip_deserializing)]
            pub other: Map<String, Value>,
        }
    };
}

sent! {
    /// Imports a file from a URL. `folderId` or `folderPath` is needed.
    FileImportRequest {
        needed {
            /// Where HubSpot gets the file: an address that anybody can open.
            url: String,
        }
        optional {
            /// Who can open the file.
            access: FileAccess,
            /// The id of the folder that it is put into.
            folder_id: String,
            /// The path of that folder, in the place of its id.
            folder_path: String,
            /// The file's name; that of the URL if not given.
            name: String,
            /// Whether it takes the place of a file of the same name in the same folder.
            overwrite: bool,
            /// Where HubSpot looks for a file that is there already.
            duplicate_validation_scope: DuplicateValidationScope,
            /// What HubSpot does where it is.
            duplicate_validation_strategy: DuplicateValidationStrategy,
            /// When the file is to be deleted: ISO 8601.
            expires_at: String,
            /// For how long it is to be kept: deprecated, `expiresAt` is in its place.
            ttl: String,
        }
    }
}

sent! {
    /// Renames a folder, or moves it.
    FolderUpdateRequest {
        needed {
            /// The folder's id.
            id: String,
        }
        optional {
            /// Its new name.
            name: String,
            /// The id of the folder that it is moved into.
            #[cfg_attr(feature = "tsify", tsify(type = "number | string | bigint"))]
            parent_folder_id: i64,
        }
    }
}

sent! {
    /// Exports records of the CRM.
    ExportRequest {
        needed {
            /// Which records: those of a view, or of a list.
            export_type: ExportType,
        }
        optional {
            /// The export's name in HubSpot.
            export_name: String,
            /// The form of the file.
            format: ExportFormat,
            /// The language of the column names, such as `EN`.
            language: String,
            /// The type of the records, such as `CONTACT`.
            object_type: String,
            /// The properties that become columns.
            object_properties: Vec<String>,
            /// Of a LIST: the list's id.
            #[cfg_attr(feature = "tsify", tsify(type = "string | number | bigint"))]
            list_id: String,
            /// Of a VIEW: which records, as HubSpot's search takes it.
            #[cfg_attr(feature = "tsify", tsify(type = "object"))]
            public_crm_search_request: Value,
        }
    }
}

sent! {
    /// Extracts a zip file in the developer file system.
    SourceCodeExtractRequest {
        needed {
            /// The file's path.
            path: String,
        }
        optional {}
    }
}

sent! {
    /// What a CRM import is to do with its files: HubSpot's page on imports names all of it.
    CrmImport {
        needed {}
        optional {
            /// The import's name in HubSpot.
            name: String,
            /// How dates are written in the files, such as `DAY_MONTH_YEAR`.
            date_format: String,
            /// What becomes of each type of record: `CREATE`, `UPDATE` or `UPSERT`.
            #[cfg_attr(feature = "tsify", tsify(type = "Record<string, string>"))]
            import_operations: Value,
            /// The files, in the order in which they are sent.
            files: Vec<CrmImportFile>,
        }
    }
}

sent! {
    /// A file of a CRM import: its name, and what its columns are.
    CrmImportFile {
        needed {
            /// Its name, with the extension.
            file_name: String,
        }
        optional {
            /// Its form: `CSV` or `SPREADSHEET`.
            file_format: String,
            /// What its columns are.
            #[cfg_attr(feature = "tsify", tsify(type = "object"))]
            file_import_page: Value,
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_request_is_sent_as_it_was_given_with_what_has_no_name_here() {
        let request = ExportRequest {
            export_type: ExportType::List,
            export_name: Some("All contacts".to_owned()),
            format: Some(ExportFormat::Csv),
            language: None,
            object_type: None,
            object_properties: Some(vec!["email".to_owned()]),
            list_id: Some("7".to_owned()),
            public_crm_search_request: None,
            other: Map::from_iter([("includeLabeledAssociations".to_owned(), json!(true))]),
        };
        let sent = json!({
            "exportType": "LIST",
            "exportName": "All contacts",
            "format": "CSV",
            "objectProperties": ["email"],
            "listId": "7",
            "includeLabeledAssociations": true,
        });
        assert_eq!(serde_json::to_value(&request).expect("JSON"), sent);
    }
}
