//! Networks in CIDR notation (RFC 4632, RFC 4291 §2.3).

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A network such as `10.0.0.0/8` or `fd00::/8`; an address alone is a network of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// IPv4 addresses in IPv6's clothes, so that there is one kind of comparison.
    address: Ipv6Addr,
    prefix: u8,
}

impl Network {
    /// Whether the address is in it. An IPv4 address in IPv6's clothes is an IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        masked(mapped(address), self.prefix) == self.address
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Shape)?;
        let prefix = prefix
            .map(str::parse)
            .transpose()
            .map_err(|_| NetworkError::Shape)?;
        Self::new(address, prefix)
    }
}

impl Network {
    fn new(address: IpAddr, prefix: Option<u8>) -> Result<Self, NetworkError> {
        let bits: u8 = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(bits);
        if prefix > bits {
            return Err(NetworkError::Shape);
        }
        let network = Self {
            address: mapped(address),
            prefix: prefix + (128 - bits),
        };
        if masked(network.address, network.prefix) != network.address {
            return Err(NetworkError::HostBits);
        }
        Ok(network)
    }
}

/// The first `prefix` bits of an address, the rest zero.
pub(super) fn masked(address: Ipv6Addr, prefix: u8) -> Ipv6Addr {
    let mask = u128::MAX
        .checked_shl(128_u32.saturating_sub(prefix.into()))
        .unwrap_or(0);
    Ipv6Addr::from(u128::from(address) & mask)
}

fn mapped(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

/// A text is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// It is neither an address nor an address, a slash and a number of bits.
    #[error(
        "a network is an address and how many of its bits count, such as `10.0.0.0/8`, `fd00::/8` or `127.0.0.1`"
    )]
    Shape,
    /// Bits that do not count are set: it may have been meant otherwise.
    #[error("bits after the first ones that count are set; write `10.0.0.0/8`, not `10.1.2.3/8`")]
    HostBits,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(network: &str, address: &str) -> bool {
        let network: Network = network.parse().unwrap();
        network.contains(address.parse().unwrap())
    }

    #[test]
    fn addresses_are_in_their_networks() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("10.0.0.0/8", "::ffff:10.0.0.1", "::10.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
            ("192.0.2.6/31", "192.0.2.7", "192.0.2.8"),
            ("::1", "::1", "127.0.0.1"),
            ("fd00::/8", "fdff::1", "fe00::"),
            ("2001:db8:0:8000::/49", "2001:db8:0:ffff::", "2001:db8:0:7fff::"),
            ("0.0.0.0/0", "1.2.3.4", "2001:db8::"),
            ("::ffff:10.0.0.0/104", "10.1.1.1", "11.1.1.1"),
        ] {
            assert!(has(network, inside), "{inside} in {network}");
            assert!(!has(network, outside), "{outside} in {network}");
        }
        assert!(has("::/0", "2001:db8::"));
    }

    #[test]
    fn what_is_no_network_is_told() {
        for text in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "localhost",
            "10.0.0.0/8/8",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NetworkError::Shape), "{text:?}");
        }
        assert_eq!("10.1.2.3/8".parse::<Network>(), Err(NetworkError::HostBits));
        assert_eq!("2001:db8::1/64".parse::<Network>(), Err(NetworkError::HostBits));
    }
}
