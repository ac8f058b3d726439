//! [`IPAddressField`]: addresses of hosts (`rest_framework.fields.IPAddressField`).

use std::net::{Ipv4Addr, Ipv6Addr};

use super::format::{TextFormat, TextOf};
use crate::serializers::{ErrorDetail, FieldContext, Primitive, TypedField, ValidationError};

/// An address of IPv4 or IPv6, in its shortest form.
pub type IPAddressField = TypedField<TextOf<Protocol>>;

/// Which addresses an [`IPAddressField`] takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Both; an IPv4 address inside an IPv6 one is unpacked.
    Both,
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl IPAddressField {
    /// An address of either kind.
    #[must_use]
    pub fn new() -> Self {
        Self::of_format(Protocol::Both)
    }

    /// An address of that kind.
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.kind.format = protocol;
        self
    }
}

impl Default for IPAddressField {
    fn default() -> Self {
        Self::new()
    }
}

impl TextFormat for Protocol {
    const INVALID: &'static str = "Enter a valid IPv4 or IPv6 address.";

    fn clean(&self, data: &Primitive<'_>, cx: &FieldContext<'_>) -> Option<Result<String, ValidationError>> {
        let invalid = || cx.fail("invalid", Self::INVALID, &[]);
        match data {
            Primitive::Text(text) if text.contains(':') && *self != Self::V4 => {
                Some(self.ipv6(text).ok_or_else(invalid))
            }
            Primitive::Text(_) => None,
            _ => Some(Err(invalid())),
        }
    }

    /// Django's validator has a sentence of its own.
    fn check(&self, text: &str, _: &FieldContext<'_>) -> Option<ErrorDetail> {
        let (is_valid, message) = match self {
            Self::Both => (is_ipv4(text) || ipv6(text).is_some(), Self::INVALID),
            Self::V4 => (is_ipv4(text), "Enter a valid IPv4 address."),
            Self::V6 => (ipv6(text).is_some(), "Enter a valid IPv6 address."),
        };
        (!is_valid).then(|| ErrorDetail::new("invalid", message))
    }
}

impl Protocol {
    /// `clean_ipv6_address`
    fn ipv6(self, text: &str) -> Option<String> {
        let address = ipv6(text)?;
        Some(match address.to_ipv4_mapped() {
            Some(inner) if self == Self::Both => inner.to_string(),
            _ => address.to_string(),
        })
    }
}

fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// `django.utils.ipv6.MAX_IPV6_ADDRESS_LENGTH`
const MAX_IPV6: usize = 39;

/// A zone, such as `%eth0`, is dropped.
fn ipv6(text: &str) -> Option<Ipv6Addr> {
    let address = match text.split_once('%') {
        Some((_, zone)) if zone.is_empty() || zone.contains('%') => return None,
        Some((address, _)) => address,
        None => text,
    };
    let is_short = text.chars().nth(MAX_IPV6).is_none();
    is_short.then(|| address.parse().ok()).flatten()
}
