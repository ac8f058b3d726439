//! Which machine a request comes from: [`client_ident`] (`rest_framework.throttling.BaseThrottle.get_ident`).
//!
//! DRF without `NUM_PROXIES` takes the whole X-Forwarded-For, which anyone can forge. Here the peer's address counts,
//! unless the proxies in front are known, by number or by network (a wanted difference).

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

mod network;

pub use network::{Network, NetworkError};

/// Whose forwarded addresses are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxies {
    /// Nobody's.
    #[default]
    None,
    /// So many proxies stand in front (`NUM_PROXIES`): that many addresses from the right is the client, or the
    /// leftmost, where there are fewer. Whoever reaches this server past the proxies can claim any address.
    Count(u32),
    /// Proxies in these networks are believed, hop by hop from the right.
    Networks(Vec<Network>),
}

/// The machine that a request is counted for, or its network: an IPv6 address stands for its prefix, because one
/// machine may use any address of its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientIdent {
    address: IpAddr,
    prefix: u8,
}

impl ClientIdent {
    /// The ident of an address; `ipv6_prefix` is how many bits of an IPv6 address count, 64 for what one site has.
    /// An IPv4 address in IPv6's clothes (RFC 4291 §2.5.5.2) is an IPv4 address.
    #[must_use]
    pub fn new(address: IpAddr, ipv6_prefix: u8) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self {
                address: address.into(),
                prefix: 32,
            },
            IpAddr::V6(address) => Self {
                address: network::masked(address, ipv6_prefix).into(),
                prefix: ipv6_prefix.min(128),
            },
        }
    }
}

impl fmt::Display for ClientIdent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            IpAddr::V6(address) if self.prefix < 128 => write!(f, "{address}/{}", self.prefix),
            address => address.fmt(f),
        }
    }
}

/// The address of the client: that of the `peer`, or one that proxies forwarded.
///
/// `forwarded` are the values of X-Forwarded-For, in the order of the headers; they read as one list. What is no
/// address is not believed, nor what stands left of it.
///
/// ```
/// use doorward_django::client_ident::{Proxies, client_ident};
///
/// let peer = "10.0.0.1".parse()?;
/// let forwarded = || [b"6.6.6.6, 192.0.2.7".as_slice()];
/// assert_eq!(client_ident(peer, forwarded(), &Proxies::None), peer);
/// let behind_one = client_ident(peer, forwarded(), &Proxies::Count(1));
/// assert_eq!(behind_one.to_string(), "192.0.2.7");
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
pub fn client_ident<'h, I>(peer: IpAddr, forwarded: I, proxies: &Proxies) -> IpAddr
where
    I: IntoIterator<Item = &'h [u8]>,
    I::IntoIter: DoubleEndedIterator,
{
    let values = forwarded.into_iter().rev();
    let mut hops = values
        .flat_map(|value| value.rsplit(|byte| *byte == b','))
        .map(address);
    match proxies {
        Proxies::None | Proxies::Count(0) => peer,
        Proxies::Count(count) => counted(*count, &mut hops).unwrap_or(peer),
        Proxies::Networks(networks) => walked(peer, hops, networks),
    }
}

/// `addrs[-min(num_proxies, len(addrs))]`
fn counted(count: u32, hops: &mut dyn Iterator<Item = Option<IpAddr>>) -> Option<IpAddr> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    hops.take(count).last().flatten()
}

/// From hop to hop while each one is a trusted proxy.
fn walked(peer: IpAddr, hops: impl Iterator<Item = Option<IpAddr>>, networks: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| networks.iter().any(|network| network.contains(address));
    let mut client = peer;
    for hop in hops {
        match hop {
            Some(address) if is_trusted(client) => client = address,
            _ => break,
        }
    }
    client
}

/// An address as proxies write it: with or without a port, IPv6 with or without brackets.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let bare = text.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || {
        text.strip_prefix('[')?
            .strip_suffix(']')?
            .parse::<Ipv6Addr>()
            .ok()
    };
    bare.or_else(with_port)
        .or_else(|| bracketed().map(IpAddr::from))
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::golden;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn seen(peer: &str, forwarded: &[&str], proxies: &Proxies) -> String {
        let values: Vec<&[u8]> = forwarded.iter().map(|value| value.as_bytes()).collect();
        client_ident(ip(peer), values, proxies).to_string()
    }

    fn networks(networks: &[&str]) -> Proxies {
        Proxies::Networks(networks.iter().map(|network| network.parse().unwrap()).collect())
    }

    #[test]
    fn num_proxies_is_drf_s() {
        for case in golden::throttling("idents") {
            let count = u32::try_from(case["num_proxies"].as_u64().unwrap()).unwrap();
            let peer = case["remote_addr"].as_str().unwrap();
            let forwarded: Vec<&str> = case["forwarded"].as_str().into_iter().collect();
            // What is no address counts as the peer's; DRF counts it as it stands.
            let theirs = case["ident"].as_str().unwrap();
            let wanted = theirs.parse().unwrap_or_else(|_| ip(peer)).to_canonical();
            assert_eq!(
                seen(peer, &forwarded, &Proxies::Count(count)),
                wanted.to_string(),
                "{case}"
            );
        }
    }

    #[test]
    fn nobody_is_believed_unless_the_proxies_are_known() {
        let long = "1.2.3.4,".repeat(1024);
        let values = [
            "1.2.3.4",
            "1.2.3.4, 5.6.7.8",
            "[::1]:80",
            "",
            ",",
            "unknown",
            &long,
        ];
        for value in values {
            assert_eq!(seen("192.0.2.1", &[value], &Proxies::None), "192.0.2.1");
            assert_eq!(seen("192.0.2.1", &[value], &Proxies::Count(0)), "192.0.2.1");
            assert_eq!(
                seen("192.0.2.1", &[value], &networks(&["10.0.0.0/8"])),
                "192.0.2.1"
            );
        }
    }

    #[test]
    fn trusted_hops_are_walked_from_the_right() {
        let trusted = networks(&["10.0.0.0/8", "fd00::/8"]);
        let cases = [
            (&["192.0.2.7"][..], "192.0.2.7"),
            (&["6.6.6.6, 192.0.2.7"], "192.0.2.7"),
            (&["6.6.6.6, 192.0.2.7, 10.0.0.2, fd00::7"], "192.0.2.7"),
            (&["6.6.6.6", "192.0.2.7, 10.0.0.2"], "192.0.2.7"),
            (&["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            (&["6.6.6.6, unknown, 10.0.0.2"], "10.0.0.2"),
            (&["6.6.6.6, , 10.0.0.2"], "10.0.0.2"),
            (&[""], "10.0.0.1"),
            (&[], "10.0.0.1"),
        ];
        for (forwarded, wanted) in cases {
            assert_eq!(seen("10.0.0.1", forwarded, &trusted), wanted, "{forwarded:?}");
            assert_eq!(
                seen("::ffff:10.0.0.1", forwarded, &trusted).trim_start_matches("::ffff:"),
                wanted
            );
        }
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_read() {
        let spellings = [
            ("192.0.2.7:8080", "192.0.2.7"),
            ("[2001:db8::7]:443", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("2001:DB8:0:0::7", "2001:db8::7"),
            ("\t::ffff:192.0.2.7 ", "192.0.2.7"),
        ];
        for (text, wanted) in spellings {
            assert_eq!(seen("10.0.0.1", &[text], &Proxies::Count(1)), wanted);
        }
        for garbage in [
            "192.0.2.7:x",
            "192.0.2",
            "[192.0.2.7]",
            "fe80::1%eth0",
            "192.0.2.07",
            "for=192.0.2.7",
            "\u{ff11}.1.1.1",
        ] {
            assert_eq!(
                seen("10.0.0.1", &[garbage], &Proxies::Count(1)),
                "10.0.0.1",
                "{garbage}"
            );
        }
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let ident = |text: &str, prefix| ClientIdent::new(ip(text), prefix);
        assert_eq!(ident("2001:db8:1:2:3::4", 64), ident("2001:db8:1:2:ffff::", 64));
        assert_ne!(ident("2001:db8:1:2::", 64), ident("2001:db8:1:3::", 64));
        assert_eq!(ident("2001:db8:1:2:3::4", 64).to_string(), "2001:db8:1:2::/64");
        assert_eq!(ident("2001:db8::1", 128).to_string(), "2001:db8::1");
        assert_eq!(ident("::ffff:192.0.2.7", 64), ident("192.0.2.7", 64));
        assert_ne!(ident("192.0.2.7", 64), ident("192.0.2.8", 64));
    }

    proptest! {
        #[test]
        fn any_header_has_an_answer(
            values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..4),
            count in 0_u32..5,
            all in prop::sample::select(vec!["0.0.0.0/0", "::/0", "10.0.0.0/8"]),
        ) {
            let values = || values.iter().map(Vec::as_slice);
            client_ident(ip("10.0.0.1"), values(), &Proxies::Count(count));
            client_ident(ip("10.0.0.1"), values(), &networks(&[all]));
        }

        #[test]
        fn a_stranger_cannot_choose_an_address(value in "[0-9a-f:., \\[\\]]{0,60}") {
            prop_assert_eq!(seen("192.0.2.1", &[&value], &networks(&["10.0.0.0/8"])), "192.0.2.1");
        }

        #[test]
        fn what_a_client_sends_ahead_changes_nothing(value in "[0-9a-f:., \\[\\]]{0,60}") {
            let forwarded = format!("{value}, 192.0.2.7");
            prop_assert_eq!(seen("10.0.0.1", &[&forwarded], &networks(&["10.0.0.0/8"])), "192.0.2.7");
            prop_assert_eq!(seen("10.0.0.1", &[&forwarded], &Proxies::Count(1)), "192.0.2.7");
        }
    }
}
