//! A server's text as a message may hold it: short, without the tokens, without a result, without URLs.

use std::cmp::Reverse;

use crate::model::blanks::is_blank;

/// So much of a text enters a message, in UTF-16 units, as JavaScript counts.
const LONGEST: usize = 200;

/// What may not enter a message: an export's URL needs no token. (In JSON within JSON another quote than `"` follows.)
const RESULT: &str = "\"result";

/// A shorter token is somebody's test's: its letters are those of other words, too.
const SHORTEST_TOKEN: usize = 8;

/// So few backslashes before a character are an escape's, since a server can send any number of them.
const MOST_BACKSLASHES: usize = 8;

/// The beginning of a text. The longest secret comes first, since one may begin as another does.
pub(super) fn quoted(text: &str, secrets: &[&str]) -> String {
    let mut secrets: Vec<&str> = secrets.iter().copied().filter(|secret| !secret.is_empty()).collect();
    secrets.sort_by_key(|secret| Reverse(secret.len()));
    let masked = secrets.into_iter().fold(text.to_owned(), |text, secret| without_secret(&text, secret));
    let clean = without_urls(&masked);
    let end = end_of(&clean).min(clean.find(RESULT).unwrap_or(clean.len()));
    let rest = if end < clean.len() { "…" } else { "" };
    format!("{}{rest}", &clean[..end])
}

/// The secret in each of its forms is masked; a short one as a whole word only.
fn without_secret(text: &str, secret: &str) -> String {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let is_short = secret.chars().count() < SHORTEST_TOKEN;
    masked(text, "[token]", |before, rest| {
        let after = after(rest, secret)?;
        let is_part = before.is_some_and(is_word) || after.starts_with(is_word);
        (!is_short || !is_part).then_some(after)
    })
}

/// Any URL may be an export's result, in a body that is no JSON, or has it in another place.
fn without_urls(text: &str) -> String {
    let is_of_url = |character: char| !(is_blank(character) || "\"'<>".contains(character));
    masked(text, "[url]", |_, rest| {
        let scheme = strip_ignoring_case(rest, "http")?;
        let scheme = strip_ignoring_case(scheme, "s").unwrap_or(scheme);
        Some(after(scheme, "://")?.trim_start_matches(is_of_url))
    })
}

/// A text with a mask in the place of what `strip` takes off a rest; it is given the character before it, too.
fn masked(text: &str, mask: &str, strip: impl Fn(Option<char>, &str) -> Option<&str>) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut place = 0;
    let mut before = None;
    while let Some(first) = text[place..].chars().next() {
        if let Some(rest) = strip(before, &text[place..]) {
            clean.push_str(mask);
            place = text.len() - rest.len();
            before = text[..place].chars().next_back();
        } else {
            clean.push(first);
            place += first.len_utf8();
            before = Some(first);
        }
    }
    clean
}

/// What follows `expected`, which stands there as it is, in JSON's escapes (those of JSON within JSON, too), or in
/// percent-escapes.
fn after<'text>(text: &'text str, expected: &str) -> Option<&'text str> {
    expected.chars().try_fold(text, |rest, character| {
        let backslashes = rest.bytes().take(MOST_BACKSLASHES).take_while(|&byte| byte == b'\\').count();
        (0..=backslashes).rev().find_map(|count| after_one(&rest[count..], character))
    })
}

fn after_one(text: &str, character: char) -> Option<&str> {
    let as_it_is = || {
        let rest = text.strip_prefix(|first: char| first.eq_ignore_ascii_case(&character));
        rest.or_else(|| strip_ignoring_case(text, &format!("u{:04x}", u32::from(character))))
    };
    let in_percents = || {
        let mut bytes = [0; 4];
        character.encode_utf8(&mut bytes).bytes().try_fold(text, |rest, byte| {
            let mut rest = rest.strip_prefix('%')?;
            // Escaped again.
            while let Some(inner) = rest.strip_prefix("25").filter(|_| byte != b'%') {
                rest = inner;
            }
            strip_ignoring_case(rest, &format!("{byte:02x}"))
        })
    };
    as_it_is().or_else(in_percents)
}

fn strip_ignoring_case<'text>(text: &'text str, prefix: &str) -> Option<&'text str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Where its first characters end.
fn end_of(text: &str) -> usize {
    let mut units = 0;
    for (place, character) in text.char_indices() {
        units += character.len_utf16();
        if units > LONGEST {
            return place;
        }
    }
    text.len()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        for (count, cut) in [(200, false), (201, true)] {
            assert_eq!(quoted(&"ü".repeat(count), &[]).ends_with('…'), cut, "{count}");
        }
        // Two units each.
        assert_eq!(quoted(&"😀".repeat(100), &[]), "😀".repeat(100));
        assert_eq!(quoted(&format!("x{}", "😀".repeat(100)), &[]), format!("x{}…", "😀".repeat(99)));
    }

    #[test]
    fn the_token_is_cut_out_before_the_text_is_shortened() {
        let text = format!("{}a-secret", "x".repeat(197));
        assert_eq!(quoted(&text, &["a-secret"]), format!("{}[to…", "x".repeat(197)));
        assert_eq!(quoted("no secret was sent", &[""]), "no secret was sent");
    }

    #[test]
    fn a_token_is_cut_out_in_each_of_its_forms() {
        let forms = [
            r#"a"b/c\d-token"#,
            r#"a\"b\/c\\d-token"#,
            r#"a\\\"b\\/c\\\\d-token"#,
            r#"a\u0022b\u002Fc\u005cd-token"#,
            "a%22b%2fc%5Cd-token",
            "a%2522b%252Fc%255cd%2dtoken",
        ];
        for form in forms {
            assert_eq!(quoted(&format!("no {form}, no"), &[r#"a"b/c\d-token"#]), "no [token], no", "{form}");
        }
    }

    #[test]
    fn a_token_too_short_to_be_one_is_cut_out_as_a_whole_word_only() {
        for (text, clean) in
            [("crm.export", "crm.export"), ("x", "[token]"), ("is x, or (x)", "is [token], or ([token])")]
        {
            assert_eq!(quoted(text, &["x"]), clean);
        }
        assert_eq!(quoted("ab-secretb", &["b-secret"]), "a[token]b");
    }

    #[test]
    fn no_url_is_quoted() {
        for url in [
            "https://x.example/a?b=c&d",
            "HTTP://x",
            r"https:\/\/x\/y",
            "https%3A%2F%2Fx%2Fy",
            r"https:\u002f\u002fx",
        ] {
            for (before, after) in [("'", "' is it"), ("", ""), ("<", "> is it"), ("got ", " not")] {
                assert_eq!(quoted(&format!("{before}{url}{after}"), &[]), format!("{before}[url]{after}"));
            }
        }
        assert_eq!(quoted("http is a protocol: //", &[]), "http is a protocol: //");
    }

    #[test]
    fn nothing_is_quoted_from_a_result_on() {
        assert_eq!(quoted(r#"{"a":1,"result":"x"}"#, &[]), r#"{"a":1,…"#);
        assert_eq!(quoted(r#""{\"result\":\"https://x\"}""#, &[]), r#""{\…"#);
    }
}
