// Generated from Rust by npm/src/bin/generate.rs: change it there.

/** After a 5xx asking again may help, after another HTTP status it does not; of these it is the other way round. */
export const EXCEPTIONS: readonly number[] = [408,423,425,501,505,508,511,522,525,526,530];
