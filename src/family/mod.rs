//! The families of asynchronous task: where HubSpot answers for each, what its ids are, and what it gives.
//!
//! | file | its one job |
//! |---|---|
//! | `table` | the built-in families: all that differs between them |
//! | `definition` | what there is to know of a family |
//! | `rules` | as much of that as decisions need |
//! | `standing` | where a task stands: what its words mean |
//! | `path`, `version`, `id` | paths, API versions and ids |

mod definition;
mod id;
mod path;
mod rules;
mod standing;
mod table;
mod version;

pub use definition::{Answers, Definition, DetailWords, ErrorFields, Paths, ResultField, Sends, Start};
pub use id::{IdForm, TaskId};
pub use path::FamilyPath;
pub use rules::Rules;
pub use standing::Standing;
pub use version::ApiVersion;

use std::fmt;

/// Where HubSpot's API answers.
pub const BASE_URL: &str = "https://api.hubapi.com";

/// One of the built-in families of asynchronous task.
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
    /// A CRM import: records read from files.
    Import,
}

impl Family {
    /// How many there are.
    pub const COUNT: usize = 5;

    /// All of them.
    pub const ALL: [Family; Family::COUNT] =
        [Family::FileImport, Family::FolderUpdate, Family::Export, Family::SourceCodeExtract, Family::Import];

    /// What there is to know of it.
    pub fn definition(self) -> &'static Definition {
        static DEFINITIONS: [Definition; Family::COUNT] = table::BUILT_IN;
        &DEFINITIONS[self as usize]
    }

    /// The family's name in the npm package, such as `fileImport`.
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// The family of that [name](Family::name).
    pub fn named(name: &str) -> Option<Family> {
        Family::ALL.into_iter().find(|family| family.name() == name)
    }

    /// What a word for a task's state means. New ones may come: those go on.
    pub fn standing(self, word: &str) -> Standing {
        let known = self.definition().words.iter().find(|(known, _)| *known == word);
        known.map_or(Standing::Queued, |(_, standing)| *standing)
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
        self.definition().paths.status.filled(version, id)
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
            (Family::Import, "v3", "7", "/crm/v3/imports/7"),
            (Family::Import, "2026-03", "7", "/crm/imports/2026-03/7"),
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
            let version = ApiVersion::new(version).expect(version);
            let id = TaskId::new(family, id).expect(id);
            assert_eq!(family.status_path(&version, &id), path);
        }
    }

    #[test]
    fn each_family_is_found_by_its_name() {
        for (place, family) in Family::ALL.into_iter().enumerate() {
            assert_eq!((family as usize, Family::named(family.name())), (place, Some(family)));
            assert!(!family.definition().scopes.is_empty());
        }
        assert_eq!(Family::named("exports"), None);
    }

    #[test]
    fn the_rules_of_a_family_are_those_of_its_definition() {
        for family in Family::ALL {
            let Definition { result, details, is_queued, .. } = *family.definition();
            let is_short_lived = result.is_some_and(|result| result.lives.is_some());
            let has_details = details.is_some();
            let expected = Rules { has_result: result.is_some(), is_short_lived, is_queued, has_details };
            assert_eq!(Rules::from(family), expected, "{family:?}");
        }
    }

    #[test]
    fn a_word_means_what_its_family_says() {
        let table = [
            (Family::Export, "COMPLETE", Standing::Complete),
            (Family::Export, "DONE", Standing::Queued),
            (Family::Export, "complete", Standing::Queued),
            (Family::Import, "DONE", Standing::Complete),
            (Family::Import, "DEFERRED", Standing::Queued),
            (Family::Import, "REVERTED", Standing::Canceled),
            (Family::Import, "FAILED", Standing::Failed),
        ];
        for (family, word, standing) in table {
            assert_eq!(family.standing(word), standing, "{family:?} {word}");
        }
        assert_eq!(Standing::ALL.map(|standing| standing as usize), [0, 1, 2, 3, 4, 5]);
    }
}
