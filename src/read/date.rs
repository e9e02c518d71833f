//! Dates: HubSpot's in JSON, and HTTP's in headers. What is before 1970 is as good as absent.

use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;

use crate::poll::{Span, Timestamp};

/// An ISO 8601 date with its time and its offset, such as `2026-03-31T10:00:00.5Z`, to the millisecond.
pub(super) fn iso(text: &str) -> Option<Timestamp> {
    let date = OffsetDateTime::parse(text, &Iso8601::PARSING).ok()?;
    let ms = date.unix_timestamp_nanos().div_euclid(1_000_000);
    u64::try_from(ms).ok().map(Timestamp::from_ms)
}

/// A date in any of HTTP's three forms, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn http(text: &str) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(text.trim()).ok()?;
    let age = date.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(Timestamp::from_ms(Span::from(age).as_ms()))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_date_in_json_is_read_to_the_millisecond() {
        let table = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2023-11-07T05:31:56Z", Some(1_699_335_116_000)),
            ("2023-11-07T05:31:56.1Z", Some(1_699_335_116_100)),
            ("2023-11-07T05:31:56.999999999Z", Some(1_699_335_116_999)),
            ("2023-11-07T07:31:56+02:00", Some(1_699_335_116_000)),
            ("2023-11-07T05:31:56.123+0000", Some(1_699_335_116_123)),
            ("1969-12-31T23:59:59.999Z", None),
            ("2023-11-07", None),
            ("2023-13-07T05:31:56Z", None),
            ("yesterday", None),
            ("", None),
        ];
        for (text, ms) in table {
            assert_eq!(iso(text), ms.map(Timestamp::from_ms), "{text}");
        }
    }

    #[test]
    fn no_millisecond_is_lost() {
        for ms in 0..1000 {
            let text = format!("2023-11-07T05:31:56.{ms:03}Z");
            assert_eq!(iso(&text), Some(Timestamp::from_ms(1_699_335_116_000 + ms)), "{text}");
        }
    }

    #[test]
    fn a_date_in_a_header_has_three_forms() {
        let expected = Some(Timestamp::from_ms(784_111_777_000));
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            " Sun, 06 Nov 1994 08:49:37 GMT ",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(http(text), expected, "{text}");
        }
        for text in ["", "7", "soon", "2026-03-31T10:00:00Z"] {
            assert_eq!(http(text), None, "{text}");
        }
    }
}
