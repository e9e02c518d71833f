//! Errors as HubSpot writes them: inside a status, and as the body of an answer that is not 2xx.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Links;

/// What an error is about, by name; the documentation's examples show one string instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(all(target_arch = "wasm32", feature = "npm"), derive(tsify::Tsify), tsify(hashmap_as_object))]
pub enum ErrorContext {
    /// As the wire has it, for example `{"requiredGranularScopes": ["files"]}`.
    Map(BTreeMap<String, Vec<String>>),
    /// As the documentation has it: `"{missingScopes=[scope1, scope2]}"`.
    Text(String),
}

/// A finer category: a word, or an object of free form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(
    all(target_arch = "wasm32", feature = "npm"),
    derive(tsify::Tsify),
    tsify(type = "string | Record<string, unknown>")
)]
pub enum SubCategory {
    /// A word.
    Text(String),
    /// An object of free form.
    Object(serde_json::Map<String, serde_json::Value>),
}

/// An error that a task met.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[cfg_attr(all(target_arch = "wasm32", feature = "npm"), derive(tsify::Tsify), tsify(missing_as_null))]
pub struct StandardError {
    /// What kind of error it is, such as `VALIDATION_ERROR`.
    pub category: Option<String>,
    /// What it is about.
    pub context: Option<ErrorContext>,
    /// The errors that it is made of.
    pub errors: Option<Vec<ErrorDetail>>,
    /// The error's own id.
    pub id: Option<String>,
    /// Addresses that explain it, by name.
    #[cfg_attr(all(target_arch = "wasm32", feature = "npm"), tsify(type = "Record<string, string> | null"))]
    pub links: Option<Links>,
    /// What happened, for people.
    pub message: Option<String>,
    /// A status word.
    pub status: Option<String>,
    /// A finer category.
    pub sub_category: Option<SubCategory>,
}

/// One of the errors that an error is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[cfg_attr(all(target_arch = "wasm32", feature = "npm"), derive(tsify::Tsify), tsify(missing_as_null))]
pub struct ErrorDetail {
    /// A code for programs.
    pub code: Option<String>,
    /// What it is about.
    pub context: Option<ErrorContext>,
    /// The field or parameter at fault.
    #[serde(rename = "in")]
    pub location: Option<String>,
    /// What happened, for people.
    pub message: Option<String>,
    /// A finer category.
    pub sub_category: Option<SubCategory>,
}

/// The body of an answer that is not 2xx, where HubSpot's API wrote it. (Unknown routes answer HTML.)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[cfg_attr(all(target_arch = "wasm32", feature = "npm"), derive(tsify::Tsify), tsify(missing_as_null))]
pub struct HttpErrorBody {
    /// What kind of error it is, such as `MISSING_SCOPES`; rate limits often leave it out.
    pub category: Option<String>,
    /// What HubSpot's support asks for.
    pub correlation_id: Option<String>,
    /// What it is about; for a missing scope `requiredGranularScopes`.
    pub context: Option<ErrorContext>,
    /// What kind of limit was hit: `RATE_LIMIT`.
    pub error_type: Option<String>,
    /// The errors that it is made of.
    pub errors: Option<Vec<ErrorDetail>>,
    /// Addresses that explain it, by name.
    #[cfg_attr(all(target_arch = "wasm32", feature = "npm"), tsify(type = "Record<string, string> | null"))]
    pub links: Option<Links>,
    /// What happened, for people.
    pub message: Option<String>,
    /// Which limit was hit: `TEN_SECONDLY_ROLLING` or `DAILY`.
    pub policy_name: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
    /// Always `error`.
    pub status: Option<String>,
    /// A finer category.
    pub sub_category: Option<SubCategory>,
}
