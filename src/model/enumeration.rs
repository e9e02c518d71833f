//! Open enumerations: the known values have names, an unknown one is kept as it came.

/// Declares an enum of HubSpot's values that also takes any other string, and its TypeScript type.
macro_rules! open_enumeration {
    (
        $(#[doc = $doc:literal])*
        $name:ident: $typescript:literal {
            $( $(#[doc = $value_doc:literal])* $variant:ident = $value:literal, )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "tsify", derive(tsify::Tsify), tsify(type = $typescript))]
        pub enum $name {
            $( $(#[doc = $value_doc])* $variant, )*
            /// A value that this version of the crate does not know.
            Other(String),
        }

        impl $name {
            /// HubSpot's word for it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $value, )*
                    Self::Other(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $( $value => Self::$variant, )*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Ok(Self::from(value.as_ref()))
            }
        }

        impl $crate::model::received::FromJson for $name {
            fn from_json(value: serde_json::Value) -> Option<Self> {
                value.as_str().map(Self::from)
            }
        }

        #[cfg(all(test, not(target_arch = "wasm32")))]
        impl $name {
            /// Every known word, and the TypeScript type written beside them.
            pub(crate) const DECLARED: (&[&str], &str) = (&[$($value),*], $typescript);
        }
    };
}

pub(crate) use open_enumeration;
