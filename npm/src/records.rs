//! What crosses between JavaScript and WebAssembly and is more than a few numbers: records, each a row of 64-bit floats
//! that lies at a fixed address. The program `generate` tells TypeScript the names of their fields, in order.
//!
//! NaN stands for what is not known or not given; 0 and 1 for no and yes. What has no fixed length crosses in a buffer.

use std::cell::{Cell, RefCell};

thread_local! {
    /// A text in UTF-8.
    pub static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// A list of numbers.
    pub static NUMBERS: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

/// A number in a record.
#[repr(transparent)]
pub struct Field(Cell<f64>);

#[allow(dead_code, reason = "the program generate needs none of it")]
impl Field {
    /// As it stands there.
    pub fn get(&self) -> f64 {
        self.0.get()
    }

    /// Writes it.
    pub fn set(&self, number: impl Into<f64>) {
        self.0.set(number.into());
    }

    /// Whether it says yes.
    pub fn is_yes(&self) -> bool {
        self.get() > 0.0
    }
}

/// A record and its field names.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident, $place:ident { $($(#[$field_doc:meta])* $field:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[repr(C)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Field,)+
        }

        #[allow(dead_code, reason = "the program generate reads the names")]
        impl $name {
            /// Its fields' names, in order.
            pub const FIELDS: &[&str] = &[$(stringify!($field)),+];
        }

        thread_local! {
            /// Where JavaScript writes and reads it; nothing stands there at first.
            pub static $place: $name = const { $name { $($field: Field(Cell::new(0.0))),+ } };
        }
    };
}

record! {
    /// A client's settings.
    Settings, SETTINGS {
        pace, min_interval_ms, max_interval_ms,
        /// Infinity for no end; NaN where nothing was said of it.
        timeout_ms,
        request_timeout_ms, max_concurrent,
        /// 0 for no limit.
        rate_limit_requests,
        rate_limit_per_ms, learns,
    }
}

record! {
    /// What came back, as JavaScript read it. What another kind than HTTP, or another body than a status, does not have
    /// is left as it was.
    Answer, ANSWER {
        /// See [`AnswerKind`].
        kind,
        http_status, retry_after_ms, server_time_ms,
        /// See [`LimitKind`].
        limit_kind,
        /// See [`BodyKind`].
        body,
        /// The place in [`Standing::ALL`](hubspot_async_tasks::family::Standing::ALL).
        state,
        has_errors, has_result, requested_at_ms, started_at_ms, completed_at_ms, limit, remaining, window_ms,
        is_repeatable, is_same,
    }
}

record! {
    /// Where a task's polling stands: the numbers of a checkpoint.
    Progress, PROGRESS { polls, faults, queued, started_ms, processing_ms, due_ms }
}

record! {
    /// What is to be done: see `hubspot_async_tasks::engine::Output`. Each kind has its own of these; the others are left
    /// as they were.
    Output, OUTPUT {
        /// See [`OutputKind`].
        kind,
        call, task, request, is_repeat, asks_for_details,
        /// The engine's time, and until when there is nothing to do.
        now_ms, until_ms,
        /// The place in the list of outcomes: of a task, or of what ended.
        outcome,
        polls, detection_delay_ms,
        /// Places in the list of codes.
        code, fault_code,
        /// See [`FaultOwner`].
        fault_of,
        retry_after_ms, delay_ms,
        /// See [`EventKind`].
        event,
        at_ms, poll, http_status, duration_ms,
        /// The place in the list of reasons.
        reason,
    }
}

/// Names that cross as numbers.
macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($kind:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq)]
        pub enum $name {
            $($kind),+
        }

        #[allow(dead_code, reason = "the program generate reads what the wasm does not need")]
        impl $name {
            /// All of them, by number.
            pub const ALL: &[$name] = &[$($name::$kind),+];
            /// Their names, by number.
            pub const NAMES: &[&str] = &[$(stringify!($kind)),+];

            /// As it stands in a record.
            pub fn number(self) -> u8 {
                self as u8
            }
        }
    };
}

kinds! {
    /// What an answer may be.
    AnswerKind { Http, NoAnswer, NoToken, NotSent }
}

kinds! {
    /// What the body of a good answer may be.
    BodyKind { Status, Empty, Error, Unreadable }
}

kinds! {
    /// Which limit may have been hit.
    LimitKind { Rate, Daily, Other }
}

kinds! {
    /// What may be to be done.
    OutputKind {
        Idle, WaitUntil, NewTurn, Send, GiveUp, Late, Status, Finished, Failed, Seen, Replied, Stepped, Happened,
    }
}

kinds! {
    /// Whose a fault may be.
    FaultOwner { Task, Pause, Call }
}

kinds! {
    /// What may have happened.
    EventKind { Asked, Answered, Changed, Retrying, Throttled, Finished }
}

kinds! {
    /// What may have to be kept of a reply: bit by bit.
    Kept { Status, Fault, Pause, End }
}
