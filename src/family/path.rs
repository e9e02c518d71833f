//! Paths after the base URL, by style of API version: `{version}` and `{taskId}` stand for what is filled in.

use super::{ApiVersion, TaskId};

/// A path in both styles: HubSpot moved the version when it began to name versions by date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyPath {
    /// For `v3` and the like.
    pub numbered: &'static str,
    /// For `2026-03` and the like.
    pub dated: &'static str,
}

impl FamilyPath {
    pub(super) const fn of_both(path: &'static str) -> FamilyPath {
        FamilyPath { numbered: path, dated: path }
    }

    /// The path for one task.
    pub fn filled(&self, version: &ApiVersion, id: &TaskId) -> String {
        let path = if version.is_numbered() { self.numbered } else { self.dated };
        path.replace("{version}", version.as_str()).replace("{taskId}", &encoded(id.as_str()))
    }
}

/// All but RFC 3986's unreserved characters, so that an id stays one path segment: ASCII.
fn encoded(id: &str) -> String {
    let mut segment = String::new();
    for byte in id.bytes() {
        if matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~') {
            segment.push(byte as char);
        } else {
            segment += &format!("%{byte:02X}");
        }
    }
    segment
}
