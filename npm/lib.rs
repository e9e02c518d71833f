//! The npm package: the exports of the crate.
pub use hubspot_async_tasks::*;
