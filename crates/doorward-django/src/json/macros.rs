//! [`json!`](crate::json::json): a value as it is written in JSON.

/// A [`Value`](crate::json::Value), as it is written in JSON. What stands in it may be any expression of a type that
/// serde serializes; integers of any size stay what they are.
///
/// ```
/// use doorward_django::json::{json, loads};
///
/// let sent = loads("123456789012345678901234567890").unwrap();
/// let name = "alice";
/// let value = json!({"name": name, "sent": [sent, null, 1.5], "more": {}});
/// assert_eq!(value.to_string(), r#"{"name":"alice","sent":[123456789012345678901234567890,null,1.5],"more":{}}"#);
/// ```
///
/// # Panics
/// Where the `Serialize` of a type in it fails.
#[doc(hidden)]
#[macro_export]
macro_rules! __json {
    (null) => { $crate::json::Value::Null };
    ([ $($items:tt)* ]) => { $crate::__json_list!([] $($items)*) };
    ({}) => { $crate::json::Value::Object($crate::json::Object::new()) };
    ({ $($members:tt)+ }) => {{
        let mut object = $crate::json::Object::new();
        $crate::__json_members!(object $($members)+);
        $crate::json::Value::Object(object)
    }};
    ($value:expr) => {
        $crate::json::to_value(&$value).expect("the value can be written as JSON")
    };
}

/// The items of a list, one after the other.
#[doc(hidden)]
#[macro_export]
macro_rules! __json_list {
    ([ $($done:expr,)* ]) => { $crate::json::Value::Array(vec![$($done),*]) };
    ([ $($done:expr,)* ] null $(, $($rest:tt)*)?) => {
        $crate::__json_list!([ $($done,)* $crate::__json!(null), ] $($($rest)*)?)
    };
    ([ $($done:expr,)* ] [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::__json_list!([ $($done,)* $crate::__json!([ $($inner)* ]), ] $($($rest)*)?)
    };
    ([ $($done:expr,)* ] { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $crate::__json_list!([ $($done,)* $crate::__json!({ $($inner)* }), ] $($($rest)*)?)
    };
    ([ $($done:expr,)* ] $next:expr $(, $($rest:tt)*)?) => {
        $crate::__json_list!([ $($done,)* $crate::__json!($next), ] $($($rest)*)?)
    };
}

/// The members of an object, one after the other.
#[doc(hidden)]
#[macro_export]
macro_rules! __json_members {
    ($object:ident) => {};
    ($object:ident $name:tt : null $(, $($rest:tt)*)?) => {
        $object.insert(String::from($name), $crate::__json!(null));
        $crate::__json_members!($object $($($rest)*)?);
    };
    ($object:ident $name:tt : [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $object.insert(String::from($name), $crate::__json!([ $($inner)* ]));
        $crate::__json_members!($object $($($rest)*)?);
    };
    ($object:ident $name:tt : { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $object.insert(String::from($name), $crate::__json!({ $($inner)* }));
        $crate::__json_members!($object $($($rest)*)?);
    };
    ($object:ident $name:tt : $value:expr $(, $($rest:tt)*)?) => {
        $object.insert(String::from($name), $crate::__json!($value));
        $crate::__json_members!($object $($($rest)*)?);
    };
}
