//! `X-Forwarded-For`, and networks of proxies.

#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use doorward_django::client_ident::{ClientIdent, Network, Proxies, client_ident};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: (&[u8], &[u8], u8)| {
    let (first, second, prefix) = parts;
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    assert_eq!(client_ident(peer, [first, second], &Proxies::None), peer);
    let network = std::str::from_utf8(second)
        .ok()
        .and_then(|text| text.parse::<Network>().ok());
    let loopback = "127.0.0.0/8".parse::<Network>().expect("a network");
    let networks = network.into_iter().chain([loopback]).collect();
    for proxies in [
        Proxies::Count(2),
        Proxies::Count(u32::MAX),
        Proxies::Networks(networks),
    ] {
        let address = client_ident(peer, [first, second], &proxies);
        let _ = ClientIdent::new(address, prefix).to_string();
    }
});
