//! As much of a family as decisions need.

use super::Family;
use super::table::BUILT_IN;

/// As much of a family as decisions need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Whether a task that succeeded has a result.
    pub has_result: bool,
    /// Whether that can be used for a short while only: then a task that has ended is asked for a fresh one.
    pub is_short_lived: bool,
    /// Whether an account runs few at a time, so that a task may be queued for longer than it takes.
    pub is_queued: bool,
    /// Whether its details tell of an end that its status does not.
    pub has_details: bool,
}

const NOTHING: Rules =
    Rules { has_result: false, is_short_lived: false, is_queued: false, has_details: false };

/// Not by way of the table: the npm package's WebAssembly has these alone, and its JavaScript the table.
const RULES: [Rules; Family::COUNT] = {
    let mut all = [NOTHING; Family::COUNT];
    let mut place = 0;
    while place < Family::COUNT {
        let definition = &BUILT_IN[place];
        all[place].is_queued = definition.is_queued;
        all[place].has_details = definition.details.is_some();
        if let Some(result) = &definition.result {
            all[place].has_result = true;
            all[place].is_short_lived = result.lives.is_some();
        }
        place += 1;
    }
    all
};

impl From<Family> for Rules {
    fn from(family: Family) -> Rules {
        RULES[family as usize]
    }
}
