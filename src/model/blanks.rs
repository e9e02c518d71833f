//! Blanks, and whole numbers between them: as JavaScript reads them, so that both sides read the same.

/// A text without the blanks around it.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// JavaScript counts UTF-8's mark, and not the next line of old terminals.
pub(crate) fn is_blank(character: char) -> bool {
    character == '\u{feff}' || (character.is_whitespace() && character != '\u{85}')
}

/// A whole number; the highest one where it is higher.
pub(crate) fn whole(text: &str) -> Option<u64> {
    let digits = trimmed(text);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_whole.then(|| digits.parse().unwrap_or(u64::MAX))
}
