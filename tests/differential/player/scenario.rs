//! A scenario, as `tests/differential/scenarios.mjs` makes it: who does what when, and what the server says.

use std::collections::BTreeMap;

use hubspot_async_tasks::client;
use hubspot_async_tasks::engine;
use hubspot_async_tasks::family::{ApiVersion, Family, TaskId};
use hubspot_async_tasks::poll::{Checkpoint, Learned, Pace, Progress, RateLimit, Schedule, Span};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    pub seed: u32,
    /// Nothing is looked at afterwards.
    pub horizon_ms: u64,
    /// All that clients and checkpoints name.
    pub api_versions: Vec<String>,
    pub clients: Vec<ClientGiven>,
    pub tasks: Vec<TaskGiven>,
    /// By their instants.
    pub turns: Vec<Turn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientGiven {
    pub api_version: String,
    pub pace: f64,
    pub min_interval_ms: u64,
    pub max_interval_ms: u64,
    /// `None`: without end.
    pub timeout_ms: Option<u64>,
    pub request_timeout_ms: u64,
    pub rate_limit: Option<RateLimitGiven>,
    pub max_concurrent: usize,
    pub learns: bool,
    /// By the names of families.
    pub learned: BTreeMap<String, LearnedGiven>,
    pub observes: bool,
    pub token: Option<TokenGiven>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RateLimitGiven {
    requests: u32,
    per_ms: u64,
}

/// In seconds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedGiven {
    whole: Vec<f64>,
    processing: Vec<f64>,
}

/// What a token function gives, call by call; the last one for ever. `None`: it throws.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenGiven {
    pub after_ms: u64,
    pub gives: Vec<Option<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskGiven {
    pub family: String,
    pub id: String,
    /// By the number of the request; the last one for ever.
    pub answers: Vec<Answer>,
    /// The same of requests for its details.
    pub details: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// `None`: it never comes.
    pub after_ms: Option<u64>,
    pub comes: Comes,
}

#[derive(Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Comes {
    Response {
        status: u16,
        /// By their names in lower case.
        headers: BTreeMap<String, String>,
        /// With a `Date` header, so much ahead of the real time.
        date_ahead_ms: Option<i64>,
        body: String,
    },
    /// What fetch rejects with.
    Error { error: String },
}

/// What is done at one instant, in one turn of the host's.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Turn {
    pub at_ms: u64,
    pub acts: Vec<Act>,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Act {
    Wait {
        call: usize,
        client: usize,
        of: Source,
        #[serde(flatten)]
        how: Waiting,
    },
    /// The same by the npm package's iterator of statuses.
    Watch {
        call: usize,
        client: usize,
        of: Source,
        #[serde(flatten)]
        how: Waiting,
    },
    Status {
        call: usize,
        client: usize,
        of: Source,
    },
    /// A worker that polls once, and again when that is due, so many times in all.
    Poll {
        call: usize,
        client: usize,
        of: Source,
        rounds: usize,
    },
    /// Whoever made that call goes.
    Leave {
        call: usize,
    },
}

/// How somebody waits.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    pub pace: Option<f64>,
    pub timeout_ms: Option<u64>,
    /// The number of the status at which whoever waits leaves.
    pub leaves_after: Option<usize>,
}

/// Where a handle comes from.
#[derive(Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Source {
    Task {
        task: usize,
    },
    /// What another process left.
    Checkpoint {
        checkpoint: Checkpoint,
    },
    /// A checkpoint that is taken now of a client's task.
    Taken {
        from: usize,
        task: usize,
        timeout_ms: Option<u64>,
    },
}

impl ClientGiven {
    pub fn settings(&self) -> client::Settings {
        let rate_limit = self
            .rate_limit
            .as_ref()
            .map(|limit| RateLimit { requests: limit.requests, per: Span::from_ms(limit.per_ms) });
        let schedule = Schedule {
            pace: pace(self.pace),
            min: Span::from_ms(self.min_interval_ms),
            max: Span::from_ms(self.max_interval_ms),
        };
        let engine = engine::Settings {
            schedule,
            timeout: self.timeout_ms.map(Span::from_ms).into(),
            request_timeout: Span::from_ms(self.request_timeout_ms),
            rate_limit,
            max_concurrent: self.max_concurrent,
            learns: self.learns,
            learned: Family::ALL.map(|family| self.learned(family)),
            has_observer: self.observes,
        };
        client::Settings { api_version: ApiVersion::new(&self.api_version).expect("an API version"), engine }
    }

    fn learned(&self, family: Family) -> Learned {
        let mut learned = Learned::default();
        if let Some(given) = self.learned.get(family.name()) {
            given.whole.iter().for_each(|took| learned.whole.record_seconds(*took));
            given.processing.iter().for_each(|took| learned.processing.record_seconds(*took));
        }
        learned
    }
}

impl TaskGiven {
    pub fn family(&self) -> Family {
        Family::named(&self.family).expect("a family")
    }

    pub fn id(&self) -> TaskId {
        TaskId::new(self.family(), &self.id).expect("an id")
    }

    /// A checkpoint of which nothing is known.
    pub fn unknown(&self, api_version: &str) -> Checkpoint {
        Checkpoint {
            family: self.family(),
            task_id: self.id(),
            api_version: ApiVersion::new(api_version).expect("an API version"),
            progress: Progress::default(),
            deadline: None,
        }
    }
}

pub fn pace(k: f64) -> Pace {
    Pace::new(k).expect("a pace above 0")
}
