//! Errors as HubSpot writes them: inside a status, and as the body of an answer that is not 2xx.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Links;
use super::received::{FromJson, deserialize_from_json, received};

/// What an error is about, by name; the documentation's examples show one string instead.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "tsify", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub enum ErrorContext {
    /// As the wire has it, for example `{"requiredGranularScopes": ["files"]}`.
    Map(BTreeMap<String, Vec<String>>),
    /// As the documentation has it: `"{missingScopes=[scope1, scope2]}"`.
    Text(String),
}

/// Of a map what is a list, and of a list what is text.
impl FromJson for ErrorContext {
    fn from_json(value: Value) -> Option<Self> {
        let list = |value| {
            let Value::Array(items) = value else { return None };
            Some(items.into_iter().filter_map(String::from_json).collect())
        };
        match value {
            Value::Object(fields) => {
                let lists = fields.into_iter().filter_map(|(name, value)| Some((name, list(value)?)));
                Some(ErrorContext::Map(lists.collect()))
            }
            other => String::from_json(other).map(ErrorContext::Text),
        }
    }
}

deserialize_from_json!(ErrorContext);

/// A finer category: a word, or an object of free form.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "tsify", derive(tsify::Tsify), tsify(type = "string | Record<string, unknown>"))]
pub enum SubCategory {
    /// A word.
    Text(String),
    /// An object of free form.
    Object(Map<String, Value>),
}

impl FromJson for SubCategory {
    fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::Object(fields) => Some(SubCategory::Object(fields)),
            other => String::from_json(other).map(SubCategory::Text),
        }
    }
}

deserialize_from_json!(SubCategory);

received! {
    /// An error that a task met.
    StandardError {
        /// What kind of error it is, such as `VALIDATION_ERROR`.
        category: String = "category",
        /// What it is about.
        context: ErrorContext = "context",
        /// The errors that it is made of.
        errors: Vec<ErrorDetail> = "errors",
        /// The error's own id.
        id: String = "id",
        /// Addresses that explain it, by name.
        #[cfg_attr(feature = "tsify", tsify(type = "Record<string, string> | null"))]
        links: Links = "links",
        /// What happened, for people.
        message: String = "message",
        /// A status word.
        status: String = "status",
        /// A finer category.
        sub_category: SubCategory = "subCategory",
    }
}

received! {
    /// One of the errors that an error is made of.
    ErrorDetail {
        /// A code for programs.
        code: String = "code",
        /// What it is about.
        context: ErrorContext = "context",
        /// The field or parameter at fault.
        location: String = "in",
        /// What happened, for people.
        message: String = "message",
        /// A finer category.
        sub_category: SubCategory = "subCategory",
    }
}

received! {
    /// The body of an answer that is not 2xx, where HubSpot's API wrote it. (Unknown routes answer HTML.)
    HttpErrorBody {
        /// What kind of error it is, such as `MISSING_SCOPES`; rate limits often leave it out.
        category: String = "category",
        /// What HubSpot's support asks for.
        correlation_id: String = "correlationId",
        /// What it is about; for a missing scope `requiredGranularScopes`.
        context: ErrorContext = "context",
        /// What kind of limit was hit: `RATE_LIMIT`.
        error_type: String = "errorType",
        /// The errors that it is made of.
        errors: Vec<ErrorDetail> = "errors",
        /// Addresses that explain it, by name.
        #[cfg_attr(feature = "tsify", tsify(type = "Record<string, string> | null"))]
        links: Links = "links",
        /// What happened, for people.
        message: String = "message",
        /// Which limit was hit: `TEN_SECONDLY_ROLLING` or `DAILY`.
        policy_name: String = "policyName",
        /// The request's id.
        request_id: String = "requestId",
        /// Always `error`.
        status: String = "status",
        /// A finer category.
        sub_category: SubCategory = "subCategory",
    }
}
