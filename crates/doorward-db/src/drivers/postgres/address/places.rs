//! Which servers an address names.

use super::parameters::Parameters;
use crate::sql::{DatabaseError, Result};

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// A name, an address, or the folder of a socket; `None` for the one that is usual on this machine.
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
}

/// Those of `host:port,host:port`, unless the parameters `hostaddr`, `host` and `port` name others; lists are read as libpq
/// reads them.
pub(super) fn places(authority: &str, parameters: &Parameters<'_>) -> Result<Vec<Place>> {
    let mut places = authority.split(',').map(place).collect::<Result<Vec<_>>>()?;
    if let Some(hosts) = parameters.value("hostaddr").or_else(|| parameters.value("host")) {
        let ports: Vec<_> = places.iter().map(|place| place.port).collect();
        let named = hosts.split(',').enumerate();
        places = named.map(|(index, host)| at(host, of(&ports, index))).collect();
    }
    if let Some(ports) = parameters.value("port") {
        let ports = ports.split(',').map(port).collect::<Result<Vec<_>>>()?;
        for (index, place) in places.iter_mut().enumerate() {
            place.port = of(&ports, index);
        }
    }
    Ok(places)
}

/// One port is that of all.
fn of(ports: &[Option<u16>], index: usize) -> Option<u16> {
    ports.get(index).or(ports.first()).copied().flatten()
}

/// An IPv6 address stands in brackets, for the sake of its colons.
fn place(text: &str) -> Result<Place> {
    let (host, number) = match text.rsplit_once(':') {
        Some((host, number)) if !number.ends_with(']') => (host, number),
        _ => (text, ""),
    };
    Ok(at(host, port(number)?))
}

fn at(host: &str, port: Option<u16>) -> Place {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = percent_encoding::percent_decode_str(bare.unwrap_or(host)).decode_utf8_lossy();
    Place {
        host: Some(host.into_owned()).filter(|host| !host.is_empty()),
        port,
    }
}

fn port(text: &str) -> Result<Option<u16>> {
    match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| DatabaseError::Address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(authority: &str, parameters: &str) -> Vec<(Option<String>, Option<u16>)> {
        let parameters = Parameters::read(parameters).expect("they are known");
        let places = places(authority, &parameters).expect(authority);
        places.into_iter().map(|place| (place.host, place.port)).collect()
    }

    #[test]
    fn lists_of_servers_are_read_as_libpq_reads_them() {
        let host = |name: &str| Some(name.to_owned());
        for (authority, parameters, expected) in [
            ("db", "", vec![(host("db"), None)]),
            ("[::1]:5433", "", vec![(host("::1"), Some(5433))]),
            (
                "a:1,b,[::2]:3",
                "",
                vec![(host("a"), Some(1)), (host("b"), None), (host("::2"), Some(3))],
            ),
            ("%2Frun%2Fpostgresql", "", vec![(host("/run/postgresql"), None)]),
            ("", "host=/run/postgresql", vec![(host("/run/postgresql"), None)]),
            (
                "",
                "host=a,b&port=6",
                vec![(host("a"), Some(6)), (host("b"), Some(6))],
            ),
            (
                "",
                "host=a,b&port=6,7",
                vec![(host("a"), Some(6)), (host("b"), Some(7))],
            ),
            ("", "", vec![(None, None)]),
            ("x:5", "hostaddr=10.0.0.1", vec![(host("10.0.0.1"), Some(5))]),
        ] {
            assert_eq!(read(authority, parameters), expected, "{authority} {parameters}");
        }
        let none = Parameters::read("").expect("nothing");
        assert!(places("h:port", &none).is_err());
    }
}
