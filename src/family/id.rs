//! The ids of tasks: what a family's look like.

use super::{Family, Refused};

/// What the ids of a family look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdForm {
    /// Any text.
    Text,
    /// Decimal digits within 31 bits.
    Int32,
    /// Decimal digits within 63 bits.
    Int64,
}

impl IdForm {
    /// All of them.
    pub const ALL: [IdForm; 3] = [IdForm::Text, IdForm::Int32, IdForm::Int64];

    /// What it is called in a family's definition.
    pub fn name(self) -> &'static str {
        match self {
            IdForm::Text => "text",
            IdForm::Int32 => "int32",
            IdForm::Int64 => "int64",
        }
    }

    /// What such an id looks like, for error messages.
    pub fn takes(self) -> &'static str {
        match self {
            IdForm::Text => "the task id that HubSpot gave: a non-empty string, a safe integer or a bigint",
            IdForm::Int32 => "decimal digits up to 2147483647: a string, a safe integer or a bigint",
            IdForm::Int64 => "decimal digits up to 9223372036854775807: a string, a safe integer or a bigint",
        }
    }

    /// Whether the text is such an id. A dot or two are none: a URL resolves them away, even when they are percent-encoded.
    pub fn fits(self, id: &str) -> bool {
        match self {
            IdForm::Text => !id.is_empty() && !is_dot_segment(id),
            IdForm::Int32 => is_at_most(id, "2147483647"),
            IdForm::Int64 => is_at_most(id, "9223372036854775807"),
        }
    }
}

/// The id of a task, known to stay within its path segment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskId(Box<str>);

impl TaskId {
    /// Reads an id of the given family.
    ///
    /// # Errors
    /// When it is empty, `.` or `..`, or, for exports and source-code extracts, no decimal number of HubSpot's range (int64
    /// and int32).
    pub fn new(family: Family, id: &str) -> Result<TaskId, Refused> {
        if TaskId::fits(family, id) {
            Ok(TaskId(id.into()))
        } else {
            Err(Refused { takes: TaskId::takes(family) })
        }
    }

    /// Whether the text is an id of the given family.
    pub fn fits(family: Family, id: &str) -> bool {
        family.definition().id.fits(id)
    }

    /// What an id of this family looks like, for error messages.
    pub fn takes(family: Family) -> &'static str {
        family.definition().id.takes()
    }

    /// The id as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As numbers, which are digits of any count: to parse them weighs more.
fn is_at_most(digits: &str, highest: &str) -> bool {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let zeros = digits.bytes().take_while(|digit| *digit == b'0').count();
    let significant = &digits.as_bytes()[zeros..];
    (significant.len(), significant) <= (highest.len(), highest.as_bytes())
}

/// Whether it leads elsewhere than to itself.
pub(super) fn is_dot_segment(segment: &str) -> bool {
    matches!(segment, "." | "..")
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

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
            (Family::Import, "5000000000", true),
            (Family::Import, "x", true),
        ];
        for (family, id, taken) in table {
            assert_eq!(TaskId::new(family, id).is_ok(), taken, "{family:?} {id:?}");
        }
    }
}
