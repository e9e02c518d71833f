//! The four families of asynchronous task: where HubSpot answers for each, what its ids are, and what it gives.
//!
//! Everything that differs between the families stands in two tables: `FACTS`, and `WORDS` for people.

use std::fmt;
use std::time::Duration;

/// Where HubSpot's API answers.
pub const BASE_URL: &str = "https://api.hubapi.com";

/// One of HubSpot's four kinds of asynchronous task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// A file imported from a URL.
    FileImport,
    /// A folder being renamed or moved.
    FolderUpdate,
    /// A CRM export.
    Export,
    /// The extraction of a zip file in the developer file system.
    SourceCodeExtract,
}

/// What decisions and requests need to know of a family.
struct Facts {
    /// The path before and after the version, for `v3` and the like.
    versioned: [&'static str; 2],
    /// The same for dated versions.
    dated: [&'static str; 2],
    /// Its ids are decimal digits up to this number; `None`: any text.
    highest_id: Option<&'static str>,
    has_result: bool,
    /// Whether a result is a text.
    is_text: bool,
    /// Whether a result can be used for five minutes only.
    is_short_lived: bool,
    /// Whether an account runs one at a time, so that others wait for it.
    is_queued: bool,
}

const FILE_IMPORT: [&str; 2] = ["/files/", "/files/import-from-url/async"];
const FOLDER_UPDATE: [&str; 2] = ["/files/", "/folders/update/async"];

/// Sources: HubSpot's reference pages of the four status calls, and of exports for the five minutes.
const FACTS: [(Family, Facts); 4] = [
    (
        Family::FileImport,
        Facts {
            versioned: FILE_IMPORT,
            dated: FILE_IMPORT,
            highest_id: None,
            has_result: true,
            is_text: false,
            is_short_lived: false,
            is_queued: false,
        },
    ),
    (
        Family::FolderUpdate,
        Facts {
            versioned: FOLDER_UPDATE,
            dated: FOLDER_UPDATE,
            highest_id: None,
            has_result: true,
            is_text: false,
            is_short_lived: false,
            is_queued: false,
        },
    ),
    (
        Family::Export,
        Facts {
            versioned: ["/crm/", "/exports/export/async"],
            dated: ["/crm/exports/", "/export/async"],
            highest_id: Some("9223372036854775807"),
            has_result: true,
            is_text: true,
            is_short_lived: true,
            is_queued: true,
        },
    ),
    (
        Family::SourceCodeExtract,
        Facts {
            versioned: ["/cms/", "/source-code/extract/async"],
            dated: ["/cms/source-code/", "/extract/async"],
            highest_id: Some("2147483647"),
            has_result: false,
            is_text: false,
            is_short_lived: false,
            is_queued: false,
        },
    ),
];

/// What people read of a family. A table of its own: the npm package has it in JavaScript, and not in its WebAssembly.
struct Words {
    name: &'static str,
    /// With spaces between them.
    scopes: &'static str,
    /// What its ids look like, for error messages.
    takes: &'static str,
}

const OPAQUE: &str = "the task id that HubSpot gave: a non-empty string, a safe integer or a bigint";

/// In the order of [`FACTS`].
const WORDS: [Words; 4] = [
    Words { name: "fileImport", scopes: "files files.read files.ui_hidden.read", takes: OPAQUE },
    Words { name: "folderUpdate", scopes: "files files.write files.ui_hidden.write", takes: OPAQUE },
    Words {
        name: "export",
        scopes: "crm.export",
        takes: "decimal digits up to 9223372036854775807: a string, a safe integer or a bigint",
    },
    Words {
        name: "sourceCodeExtract",
        scopes: "content",
        takes: "decimal digits up to 2147483647: a string, a safe integer or a bigint",
    },
];

impl Family {
    /// The four of them.
    pub const ALL: [Family; 4] =
        [Family::FileImport, Family::FolderUpdate, Family::Export, Family::SourceCodeExtract];

    fn facts(self) -> &'static Facts {
        &FACTS[self as usize].1
    }

    fn words(self) -> &'static Words {
        &WORDS[self as usize]
    }

    /// The family's name in the npm package: `fileImport`, `folderUpdate`, `export` or `sourceCodeExtract`.
    pub fn name(self) -> &'static str {
        self.words().name
    }

    /// The family of that [name](Family::name).
    pub fn named(name: &str) -> Option<Family> {
        Family::ALL.into_iter().find(|family| family.name() == name)
    }

    /// The scopes of which a token needs any one to ask for a status.
    pub fn scopes(self) -> impl Iterator<Item = &'static str> {
        self.words().scopes.split(' ')
    }

    /// Whether a task of this family that succeeded has a result.
    pub fn has_result(self) -> bool {
        self.facts().has_result
    }

    /// Whether the result of a task of this family is a text: then an empty one, or anything else, is none.
    pub fn has_text_result(self) -> bool {
        self.facts().is_text
    }

    /// How long a result can be used after the task completed; `None`: for good.
    pub fn result_lives(self) -> Option<Duration> {
        self.facts().is_short_lived.then(|| Duration::from_secs(300))
    }

    /// Whether an account runs one at a time, so that a task may be queued for longer than it takes.
    pub fn is_queued(self) -> bool {
        self.facts().is_queued
    }

    /// The path that answers for one task, to be appended to the base URL.
    ///
    /// ```
    /// use hubspot_async_tasks::family::{ApiVersion, Family, TaskId};
    ///
    /// let id = TaskId::new(Family::Export, "90151673")?;
    /// assert_eq!(
    ///     Family::Export.status_path(&ApiVersion::new("2026-03")?, &id),
    ///     "/crm/exports/2026-03/export/async/tasks/90151673/status"
    /// );
    /// # Ok::<(), hubspot_async_tasks::family::Refused>(())
    /// ```
    pub fn status_path(self, version: &ApiVersion, id: &TaskId) -> String {
        self.path_of(&version.0, &id.0)
    }

    /// The same by texts; `None` where they are no version or no id of the family's.
    pub fn status_path_of(self, version: &str, id: &str) -> Option<String> {
        (ApiVersion::fits(version) && TaskId::fits(self, id)).then(|| self.path_of(version, id))
    }

    fn path_of(self, version: &str, id: &str) -> String {
        let [before, after] = if is_dated(version) { self.facts().dated } else { self.facts().versioned };
        let mut path = String::new();
        for part in [before, version, after, "/tasks/"] {
            path += part;
        }
        push_encoded(&mut path, id);
        path + "/status"
    }
}

/// All but RFC 3986's unreserved characters, so that an id stays one path segment: ASCII.
///
/// Written here: the usual crate brings a table of all codes, 0.5 kB of the package.
fn push_encoded(path: &mut String, id: &str) {
    let digit = |bits: u8| b"0123456789ABCDEF"[bits as usize & 15] as char;
    for byte in id.bytes() {
        if matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~') {
            path.push(byte as char);
        } else {
            path.push('%');
            path.push(digit(byte >> 4));
            path.push(digit(byte));
        }
    }
}

/// Why an id or a version was refused: what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What is taken instead, to follow "takes ".
    pub takes: &'static str,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("takes ")?;
        f.write_str(self.takes)
    }
}

impl std::error::Error for Refused {}

/// A version of HubSpot's API: `v` and digits (old style), or anything else of `[A-Za-z0-9.-]` (dated style).
///
/// Open on purpose: HubSpot brings out a new version every March and September.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiVersion(Box<str>);

/// The version taken when none is given: `2026-03`.
impl Default for ApiVersion {
    fn default() -> Self {
        ApiVersion("2026-03".into())
    }
}

impl ApiVersion {
    /// What a version looks like, for error messages.
    pub const TAKES: &str = "an API version such as \"2026-03\" or \"v3\"";

    /// Reads a version.
    ///
    /// # Errors
    /// When it is empty, has another character, or would change the path (`.` and `..`).
    pub fn new(version: &str) -> Result<ApiVersion, Refused> {
        if ApiVersion::fits(version) {
            Ok(ApiVersion(version.into()))
        } else {
            Err(Refused { takes: ApiVersion::TAKES })
        }
    }

    /// Whether the text is one.
    pub fn fits(version: &str) -> bool {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
        !version.is_empty() && !is_dot_segment(version) && version.bytes().all(allowed)
    }

    /// The version as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_dated(version: &str) -> bool {
    let old_style = version.strip_prefix("v").is_some_and(is_digits);
    !old_style
}

/// The id of a task, known to stay within its path segment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskId(Box<str>);

impl TaskId {
    /// Reads an id of the given family.
    ///
    /// # Errors
    /// When it is empty, `.` or `..` (which a URL resolves away even when percent-encoded), or, for exports and
    /// source-code extracts, no decimal number of HubSpot's range (int64 and int32).
    pub fn new(family: Family, id: &str) -> Result<TaskId, Refused> {
        if TaskId::fits(family, id) {
            Ok(TaskId(id.into()))
        } else {
            Err(Refused { takes: TaskId::takes(family) })
        }
    }

    /// Whether the text is an id of the given family.
    pub fn fits(family: Family, id: &str) -> bool {
        match family.facts().highest_id {
            None => !id.is_empty() && !is_dot_segment(id),
            Some(highest) => is_digits(id) && is_at_most(id, highest),
        }
    }

    /// What an id of this family looks like, for error messages.
    pub fn takes(family: Family) -> &'static str {
        family.words().takes
    }

    /// The id as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// As numbers, which are digits of any count: to parse them weighs more.
fn is_at_most(digits: &str, highest: &str) -> bool {
    let zeros = digits.bytes().take_while(|digit| *digit == b'0').count();
    let significant = &digits.as_bytes()[zeros..];
    (significant.len(), significant) <= (highest.len(), highest.as_bytes())
}

fn is_dot_segment(segment: &str) -> bool {
    matches!(segment, "." | "..")
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn the_version_stands_where_hubspot_puts_it() {
        let table = [
            (Family::FileImport, "v3", "a1", "/files/v3/files/import-from-url/async/tasks/a1/status"),
            (
                Family::FileImport,
                "2026-03",
                "a1",
                "/files/2026-03/files/import-from-url/async/tasks/a1/status",
            ),
            (Family::FolderUpdate, "v3", "a1", "/files/v3/folders/update/async/tasks/a1/status"),
            (Family::FolderUpdate, "2025-09", "a1", "/files/2025-09/folders/update/async/tasks/a1/status"),
            (Family::Export, "v3", "7", "/crm/v3/exports/export/async/tasks/7/status"),
            (Family::Export, "2026-09", "7", "/crm/exports/2026-09/export/async/tasks/7/status"),
            (Family::SourceCodeExtract, "v3", "7", "/cms/v3/source-code/extract/async/tasks/7/status"),
            (
                Family::SourceCodeExtract,
                "2026-03",
                "7",
                "/cms/source-code/2026-03/extract/async/tasks/7/status",
            ),
            (Family::Export, "v4", "7", "/crm/v4/exports/export/async/tasks/7/status"),
            (Family::Export, "v3-beta", "7", "/crm/exports/v3-beta/export/async/tasks/7/status"),
            (
                Family::FileImport,
                "v3",
                "a/../b?c#d e",
                "/files/v3/files/import-from-url/async/tasks/a%2F..%2Fb%3Fc%23d%20e/status",
            ),
            (
                Family::FileImport,
                "v3",
                "ü%2e",
                "/files/v3/files/import-from-url/async/tasks/%C3%BC%252e/status",
            ),
        ];
        for (family, version, id, path) in table {
            assert_eq!(family.status_path_of(version, id).as_deref(), Some(path));
            let version = ApiVersion::new(version).expect(version);
            let id = TaskId::new(family, id).expect(id);
            assert_eq!(family.status_path(&version, &id), path);
        }
    }

    #[test]
    fn no_path_has_what_is_no_version_or_no_id() {
        for (version, id) in [("", "7"), ("..", "7"), ("v3/x", "7"), ("v3", ""), ("v3", "x")] {
            assert_eq!(Family::Export.status_path_of(version, id), None, "{version} {id}");
        }
    }

    #[test]
    fn ids_are_what_the_family_takes() {
        let table = [
            (Family::FileImport, "a", true),
            (Family::FileImport, "-5", true),
            (Family::FileImport, "...", true),
            (Family::FileImport, "", false),
            (Family::FileImport, ".", false),
            (Family::FolderUpdate, "..", false),
            (Family::Export, "9223372036854775807", true),
            (Family::Export, "9223372036854775808", false),
            (Family::Export, "99999999999999999999999", false),
            (Family::Export, "0", true),
            (Family::Export, "-1", false),
            (Family::Export, "+1", false),
            (Family::Export, "1e3", false),
            (Family::Export, "1 ", false),
            (Family::Export, "١", false),
            (Family::SourceCodeExtract, "2147483647", true),
            (Family::SourceCodeExtract, "2147483648", false),
        ];
        for (family, id, taken) in table {
            assert_eq!(TaskId::new(family, id).is_ok(), taken, "{family:?} {id:?}");
        }
    }

    #[test]
    fn versions_cannot_leave_their_segment() {
        let table = [
            ("v3", true),
            ("2026-03", true),
            ("2031-09.beta", true),
            ("", false),
            (".", false),
            ("..", false),
            ("v3/..", false),
            ("v3?", false),
            ("2026_03", false),
            ("%2e", false),
        ];
        for (version, taken) in table {
            assert_eq!(ApiVersion::new(version).is_ok(), taken, "{version:?}");
        }
    }

    #[test]
    fn each_family_stands_at_its_own_place_in_the_table() {
        for family in Family::ALL {
            assert_eq!(FACTS[family as usize].0, family);
            assert_eq!(Family::named(family.name()), Some(family));
            assert!(!family.words().takes.is_empty() && family.scopes().count() > 0);
        }
        assert_eq!(Family::named("exports"), None);
    }
}
