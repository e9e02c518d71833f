//! A server's text as a message may hold it: short, without the token, without a result.

/// So much of a text enters a message, in UTF-16 units, as JavaScript counts.
const LONGEST: usize = 200;

/// What may not enter a message: an export's URL needs no token. (In JSON within JSON another quote than `"` follows.)
const RESULT: &str = "\"result";

/// The beginning of a text.
pub(super) fn quoted(text: &str, secret: Option<&str>) -> String {
    let clean = match secret {
        Some(secret) if !secret.is_empty() => &text.replace(secret, "[token]"),
        _ => text,
    };
    let end = end_of(clean).min(clean.find(RESULT).unwrap_or(clean.len()));
    let rest = if end < clean.len() { "…" } else { "" };
    format!("{}{rest}", &clean[..end])
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
            assert_eq!(quoted(&"ü".repeat(count), None).ends_with('…'), cut, "{count}");
        }
        // Two units each.
        assert_eq!(quoted(&"😀".repeat(100), None), "😀".repeat(100));
        assert_eq!(quoted(&format!("x{}", "😀".repeat(100)), None), format!("x{}…", "😀".repeat(99)));
    }

    #[test]
    fn the_token_is_cut_out_before_the_text_is_shortened() {
        let text = format!("{}secret", "x".repeat(197));
        assert_eq!(quoted(&text, Some("secret")), format!("{}[to…", "x".repeat(197)));
        assert_eq!(quoted("no secret was sent", Some("")), "no secret was sent");
    }

    #[test]
    fn nothing_is_quoted_from_a_result_on() {
        assert_eq!(quoted(r#"{"a":1,"result":"https://x"}"#, None), r#"{"a":1,…"#);
        assert_eq!(quoted(r#""{\"result\":\"https://x\"}""#, None), r#""{\…"#);
    }
}
