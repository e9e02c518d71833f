//! The versions of HubSpot's API.

use super::Refused;
use super::id::is_dot_segment;

/// A version of HubSpot's API: `v` and digits (numbered), or anything else of `[A-Za-z0-9.-]` (dated).
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

    /// Whether it is one like `v3`: its paths differ from those of dated ones.
    pub fn is_numbered(&self) -> bool {
        let digits = self.0.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

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
}
