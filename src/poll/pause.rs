//! A pause that HubSpot demanded: until then no request of the client's is wanted, whichever task it is for.

use super::{Code, Timestamp};

/// Until when to send nothing, and the code of the answer that said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// When it was demanded.
    pub since: Timestamp,
    /// The first instant at which requests are wanted again.
    pub until: Timestamp,
    /// Why: the code that a waiter gets who cannot wait so long.
    pub code: Code,
}

impl Pause {
    /// The longer of two pauses.
    pub fn longest(current: Option<Pause>, demanded: Pause) -> Pause {
        match current {
            Some(current) if current.until > demanded.until => current,
            _ => demanded,
        }
    }

    /// The pause, unless it is over.
    pub fn still(pause: Option<Pause>, now: Timestamp) -> Option<Pause> {
        pause.filter(|pause| pause.until > now)
    }
}
