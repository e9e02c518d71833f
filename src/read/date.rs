//! Dates: HubSpot's in JSON, and HTTP's in headers. What is before 1970 is as good as absent.

use std::time::SystemTime;

use time::{Date, Month, PrimitiveDateTime, Time};

use crate::model::blanks::{trimmed, whole};
use crate::poll::{Span, Timestamp};

/// A date as JSON has it: by ISO 8601, or in milliseconds since the Unix epoch.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    whole(text).or_else(|| Rest(text).iso()).map(Timestamp::from_ms)
}

/// A date in any of HTTP's three forms: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`,
/// `Sun Nov  6 08:49:37 1994`.
pub(super) fn http(text: &str) -> Option<Timestamp> {
    let text = trimmed(text);
    let (said, rest) = text.split_at(text.find(|character: char| !character.is_ascii_alphabetic())?);
    // Whichever day of the week it says: JavaScript looks at the date alone.
    let days = DAYS.iter().map(|day| if said.len() == 3 { &day[..3] } else { day });
    let date = days.filter_map(|day| httpdate::parse_http_date(&format!("{day}{rest}")).ok()).next()?;
    let age = date.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(Timestamp::from_ms(Span::from(age).as_ms()))
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// What is left to read of a text.
struct Rest<'text>(&'text str);

impl<'text> Rest<'text> {
    /// A date with its time, such as `2026-03-31T10:00:00.5Z`, to the millisecond. It is UTC where it has no offset. Seconds
    /// may be left out, as Java does where there are none.
    fn iso(mut self) -> Option<u64> {
        let year = self.digits(4)?.parse().ok()?;
        let month = Month::try_from(self.after("-")?.two()?).ok()?;
        let day = Date::from_calendar_date(year, month, self.after("-")?.two()?).ok()?;
        let hour = self.after("T ")?.two()?;
        let minute = self.after(":")?.two()?;
        let has_seconds = self.after(":").is_some();
        let second = if has_seconds { self.two()? } else { 0 };
        let ms = if has_seconds && self.after(".").is_some() { self.fraction()? } else { 0 };
        let time = Time::from_hms_milli(hour, minute, second, ms).ok()?;
        let offset = self.offset()?;
        let date = PrimitiveDateTime::new(day, time).assume_utc().unix_timestamp_nanos() / 1_000_000;
        u64::try_from(date - offset).ok().filter(|_| self.0.is_empty())
    }

    /// What is beyond the seconds, in milliseconds: a digit at least.
    fn fraction(&mut self) -> Option<u16> {
        let end = self.0.find(|character: char| !character.is_ascii_digit()).unwrap_or(self.0.len());
        let digits = self.digits(end).filter(|digits| !digits.is_empty())?;
        format!("{digits:0<3}")[..3].parse().ok()
    }

    /// By how many milliseconds its clock is ahead of UTC.
    fn offset(&mut self) -> Option<i128> {
        if self.0.is_empty() || self.after("Z").is_some() {
            return Some(0);
        }
        let is_ahead = self.0.starts_with('+');
        let hours = self.after("+-")?.two().filter(|hours| *hours < 24)?;
        self.after(":");
        let minutes = self.two().filter(|minutes| *minutes < 60)?;
        let ms = (i128::from(hours) * 60 + i128::from(minutes)) * 60_000;
        Some(if is_ahead { ms } else { -ms })
    }

    fn digits(&mut self, count: usize) -> Option<&'text str> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    }

    fn two(&mut self) -> Option<u8> {
        self.digits(2)?.parse().ok()
    }

    /// Steps over one of these characters.
    fn after(&mut self, characters: &str) -> Option<&mut Self> {
        let first = self.0.chars().next().filter(|first| characters.contains(*first))?;
        self.0 = &self.0[first.len_utf8()..];
        Some(self)
    }
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
            ("2023-11-07T05:31:56.1234567890123456789Z", Some(1_699_335_116_123)),
            ("2023-11-07T07:31:56+02:00", Some(1_699_335_116_000)),
            ("2023-11-07T05:31:56.123+0000", Some(1_699_335_116_123)),
            ("2023-11-07T00:01:56-05:30", Some(1_699_335_116_000)),
            ("2023-11-07T05:31:56", Some(1_699_335_116_000)),
            ("2023-11-07 05:31:56", Some(1_699_335_116_000)),
            ("2023-11-07T05:31Z", Some(1_699_335_060_000)),
            ("2024-02-29T00:00:00Z", Some(1_709_164_800_000)),
            ("1699335116000", Some(1_699_335_116_000)),
            (" 1699335116000 ", Some(1_699_335_116_000)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("-1", None),
            ("1699335116000.5", None),
            ("1969-12-31T23:59:59.999Z", None),
            ("1970-01-01T00:00:00+00:01", None),
            ("2023-11-07", None),
            ("2023-13-07T05:31:56Z", None),
            ("2023-02-29T05:31:56Z", None),
            ("2023-11-31T05:31:56Z", None),
            ("2023-11-07T24:00:00Z", None),
            ("2023-11-07T05:60:00Z", None),
            ("2023-12-31T23:59:60Z", None),
            ("2023-11-07T05:31:56.Z", None),
            ("2023-11-07T05:31:56,12Z", None),
            ("2023-11-07T07:31:56+02", None),
            ("2023-11-07t05:31:56z", None),
            ("2023-11-07T05:31:56+24:00", None),
            ("2023-11-07T05:31:56+02:", None),
            ("2023-11-07T05:31:56+2:00", None),
            ("2023-11-07T05:31:56Z.", None),
            ("2023-11-07T05:31:56ZZ", None),
            (" 2023-11-07T05:31:56Z", None),
            ("2023-11-07T05:31:56Z[UTC]", None),
            ("20231107T053156Z", None),
            ("2023-W45-2T05:31:56Z", None),
            ("+002023-11-07T05:31:56Z", None),
            ("2023-11-07T05:3\u{fc}:56Z", None),
            ("Tue, 07 Nov 2023 05:31:56 GMT", None),
            ("yesterday", None),
            ("", None),
        ];
        for (text, ms) in table {
            assert_eq!(instant(text), ms.map(Timestamp::from_ms), "{text}");
        }
    }

    #[test]
    fn no_millisecond_is_lost() {
        for ms in 0..1000 {
            let text = format!("2023-11-07T05:31:56.{ms:03}Z");
            assert_eq!(instant(&text), Some(Timestamp::from_ms(1_699_335_116_000 + ms)), "{text}");
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
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Friday, 06-Nov-94 08:49:37 GMT",
            "Sat Nov  6 08:49:37 1994",
        ] {
            assert_eq!(http(text), expected, "{text}");
        }
        for text in ["", "7", "soon", "2026-03-31T10:00:00Z"] {
            assert_eq!(http(text), None, "{text}");
        }
    }
}
