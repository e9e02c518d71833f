//! Takes what HubSpot sends as far as it goes: a field of a wrong type is as good as absent, one without a name here stays.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A type that takes what it can of a JSON value.
pub(super) trait FromJson: Sized {
    /// `None` where the value is of another type.
    fn from_json(value: Value) -> Option<Self>;
}

/// A field of an object; it is taken out of there, so that what is left in the end is what nobody knows.
pub(super) fn take<T: FromJson>(fields: &mut Map<String, Value>, name: &str) -> Option<T> {
    T::from_json(fields.remove(name)?)
}

/// What `Deserialize` gives for such a type.
pub(super) fn deserialize<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    T::from_json(value).ok_or_else(|| D::Error::custom("a value of another type"))
}

/// Declares objects that HubSpot sends: `field: Type = "itsName"`, each `Option<Type>`, since HubSpot may leave out any.
macro_rules! received {
    (
        $(#[$meta:meta])*
        $name:ident {
            $( $(#[$field_meta:meta])* $field:ident: $type:ident $(<$item:ident>)? = $wire:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
        // tsify writes `name?:` for what has a default.
        #[serde(default)]
        #[cfg_attr(feature = "tsify", derive(tsify::Tsify), tsify(missing_as_null))]
        pub struct $name {
            $( $(#[$field_meta])* #[serde(rename = $wire)] pub $field: Option<$type $(<$item>)?>, )*
            /// What HubSpot sends besides, by name.
            // (tsify leaves out what serde's derive would not fill; `from_json` fills it.)
            #[serde(flatten, skip_deserializing)]
            pub other: serde_json::Map<String, serde_json::Value>,
        }

        impl $crate::model::received::FromJson for $name {
            fn from_json(value: serde_json::Value) -> Option<Self> {
                let serde_json::Value::Object(mut fields) = value else { return None };
                $( let $field = $crate::model::received::take(&mut fields, $wire); )*
                Some($name { $($field,)* other: fields })
            }
        }

        $crate::model::received::deserialize_from_json!($name);
    };
}

/// `Deserialize` for a type that takes what it can.
macro_rules! deserialize_from_json {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::received::deserialize(deserializer)
            }
        }
    };
}

pub(super) use {deserialize_from_json, received};

impl FromJson for String {
    fn from_json(value: Value) -> Option<Self> {
        if let Value::String(text) = value { Some(text) } else { None }
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Option<Self> {
        value.as_bool()
    }
}

impl FromJson for i64 {
    fn from_json(value: Value) -> Option<Self> {
        /// Up to there every whole number is one of its own.
        const EXACT: f64 = (1_u64 << 53) as f64;
        // To JSON 1.0 and 1 are one number.
        let whole = || value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= EXACT);
        value.as_i64().or_else(|| whole().map(|number| number as i64))
    }
}

impl FromJson for i32 {
    fn from_json(value: Value) -> Option<Self> {
        i64::from_json(value)?.try_into().ok()
    }
}

/// An item that is null is none; one of another type is one of which nothing is known. An object is a list of one, where
/// its type is that of the items, and an empty one is none.
impl<T: FromJson + Default> FromJson for Vec<T> {
    fn from_json(value: Value) -> Option<Self> {
        let items = match value {
            Value::Array(items) => items,
            Value::Object(fields) if !fields.is_empty() => return Some(vec![T::from_json(fields.into())?]),
            _ => return None,
        };
        let items = items.into_iter().filter(|item| !item.is_null());
        Some(items.map(|item| T::from_json(item).unwrap_or_default()).collect())
    }
}
