//! Names of rules: those that come with Doorward, and those that apps bring.

/// The name of a rule.
pub(crate) trait Name {
    /// The names of those that come with Doorward.
    const OWN: &'static [&'static str];

    /// The name, as the settings have it.
    fn as_str(&self) -> &str;
}

/// An enum of the names of one kind of rule. What is none of ours is kept as it is: an app may bring it.
macro_rules! names {
    ($(#[$doc:meta])* $kind:ident { $($(#[$remark:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $kind {
            $($(#[$remark])* $variant,)*
            /// One that an app brings, by the name that it gave it.
            App(String),
        }

        impl $kind {
            /// The rule of that name.
            #[must_use]
            pub fn of(name: &str) -> Self {
                match name {
                    $($text => Self::$variant,)*
                    other => Self::App(other.to_owned()),
                }
            }

            /// The name, as the settings have it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::App(name) => name,
                }
            }
        }

        impl $crate::settings::Name for $kind {
            const OWN: &'static [&'static str] = &[$($text),*];

            fn as_str(&self) -> &str {
                self.as_str()
            }
        }

        impl From<String> for $kind {
            fn from(name: String) -> Self {
                Self::of(&name)
            }
        }

        impl From<$kind> for String {
            fn from(name: $kind) -> Self {
                name.as_str().to_owned()
            }
        }

        impl schemars::JsonSchema for $kind {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($kind).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": <Self as $crate::settings::Name>::OWN })
            }
        }
    };
}

pub(super) use names;
