//! The table of the built-in families. Everything that differs between them stands here, and nowhere else.
//!
//! Sources: HubSpot's reference pages of the status calls and starts; that of exports for the five minutes and the queue,
//! that of imports for their states.

use std::time::Duration;

use super::definition::{Answers, Definition, DetailWords, ErrorFields, Paths, ResultField, Sends, Start};
use super::{FamilyPath, IdForm, Standing};

/// The words of the families that share one form of status. There is no word for a failed task.
const WORDS: &[(&str, Standing)] = &[
    ("PENDING", Standing::Queued),
    ("PROCESSING", Standing::Processing),
    ("COMPLETE", Standing::Complete),
    ("CANCELED", Standing::Canceled),
];

const ERRORS: ErrorFields = ErrorFields { list: "errors", count: "numErrors" };
const RESULT: ResultField = ResultField { field: "result", is_text: false, lives: None };

/// Started by JSON, answered by a locator.
const fn by_json(requires: &'static [&'static [&'static str]]) -> Start {
    Start { sends: Sends::Json, answers: Answers::Locator, requires }
}

/// A family of that form, to be completed.
const fn of_one_form(name: &'static str, status: FamilyPath, start: FamilyPath) -> Definition {
    Definition {
        name,
        paths: Paths { status, start, details: None, cancel: None, errors: None },
        id: IdForm::Text,
        state_field: "status",
        words: WORDS,
        result: Some(RESULT),
        errors: ERRORS,
        requested_at_field: "requestedAt",
        scopes: &[],
        details: None,
        start: by_json(&[]),
        is_queued: false,
    }
}

const FILE_IMPORT: Definition = Definition {
    scopes: &["files", "files.read", "files.ui_hidden.read"],
    start: by_json(&[&["url"], &["folderId", "folderPath"]]),
    ..of_one_form(
        "fileImport",
        FamilyPath::of_both("/files/{version}/files/import-from-url/async/tasks/{taskId}/status"),
        FamilyPath::of_both("/files/{version}/files/import-from-url/async"),
    )
};

const FOLDER_UPDATE: Definition = Definition {
    scopes: &["files", "files.write", "files.ui_hidden.write"],
    start: by_json(&[&["id"]]),
    ..of_one_form(
        "folderUpdate",
        FamilyPath::of_both("/files/{version}/folders/update/async/tasks/{taskId}/status"),
        FamilyPath::of_both("/files/{version}/folders/update/async"),
    )
};

const EXPORT_STATUS: FamilyPath = FamilyPath {
    numbered: "/crm/{version}/exports/export/async/tasks/{taskId}/status",
    dated: "/crm/exports/{version}/export/async/tasks/{taskId}/status",
};
const EXPORT_START: FamilyPath = FamilyPath {
    numbered: "/crm/{version}/exports/export/async",
    dated: "/crm/exports/{version}/export/async",
};
const EXPORT_DETAILS: FamilyPath = FamilyPath {
    numbered: "/crm/{version}/exports/export/{taskId}",
    dated: "/crm/exports/{version}/export/{taskId}",
};

const EXPORT: Definition = Definition {
    paths: Paths {
        status: EXPORT_STATUS,
        start: EXPORT_START,
        details: Some(EXPORT_DETAILS),
        cancel: None,
        errors: None,
    },
    id: IdForm::Int64,
    // A URL that needs no authorization.
    result: Some(ResultField { field: "result", is_text: true, lives: Some(Duration::from_secs(300)) }),
    scopes: &["crm.export"],
    start: by_json(&[&["exportType"]]),
    // The one place where an export's failure shows.
    details: Some(DetailWords {
        field: "exportState",
        words: &[
            ("PENDING_APPROVAL", Standing::Queued),
            ("FAILED", Standing::Failed),
            ("CONFLICT", Standing::Failed),
            ("DELETED", Standing::Failed),
            ("CANCELED", Standing::Canceled),
        ],
    }),
    is_queued: true,
    ..of_one_form("export", EXPORT_STATUS, EXPORT_START)
};

const SOURCE_CODE_EXTRACT: Definition = Definition {
    id: IdForm::Int32,
    result: None,
    scopes: &["content"],
    start: by_json(&[&["path"]]),
    ..of_one_form(
        "sourceCodeExtract",
        FamilyPath {
            numbered: "/cms/{version}/source-code/extract/async/tasks/{taskId}/status",
            dated: "/cms/source-code/{version}/extract/async/tasks/{taskId}/status",
        },
        FamilyPath {
            numbered: "/cms/{version}/source-code/extract/async",
            dated: "/cms/source-code/{version}/extract/async",
        },
    )
};

const IMPORT: Definition = Definition {
    name: "import",
    paths: Paths {
        status: FamilyPath {
            numbered: "/crm/{version}/imports/{taskId}",
            dated: "/crm/imports/{version}/{taskId}",
        },
        start: FamilyPath { numbered: "/crm/{version}/imports", dated: "/crm/imports/{version}" },
        details: None,
        cancel: Some(FamilyPath {
            numbered: "/crm/{version}/imports/{taskId}/cancel",
            dated: "/crm/imports/{version}/{taskId}/cancel",
        }),
        errors: Some(FamilyPath {
            numbered: "/crm/{version}/imports/{taskId}/errors",
            dated: "/crm/imports/{version}/{taskId}/errors",
        }),
    },
    id: IdForm::Text,
    state_field: "state",
    words: &[
        ("STARTED", Standing::Queued),
        // Three run at a time.
        ("DEFERRED", Standing::Queued),
        ("PROCESSING", Standing::Processing),
        ("DONE", Standing::Complete),
        ("FAILED", Standing::Failed),
        ("CANCELED", Standing::Canceled),
        // What it had written was taken back.
        ("REVERTED", Standing::Canceled),
    ],
    result: Some(ResultField { field: "metadata", is_text: false, lives: None }),
    errors: ErrorFields { list: "errors", count: "metadata.counters.ERRORS" },
    requested_at_field: "createdAt",
    scopes: &["crm.import"],
    details: None,
    start: Start {
        sends: Sends::Multipart,
        answers: Answers::Task,
        requires: &[&["importRequest"], &["files"]],
    },
    is_queued: true,
};

/// In the order of [`Family::ALL`](super::Family::ALL).
pub(super) const BUILT_IN: [Definition; 5] =
    [FILE_IMPORT, FOLDER_UPDATE, EXPORT, SOURCE_CODE_EXTRACT, IMPORT];
