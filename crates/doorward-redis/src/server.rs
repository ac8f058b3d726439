//! [`Server`]: what the settings name, and how a connection to it is made.

use std::sync::Arc;

use arc_swap::ArcSwap;
use doorward_core::settings::{RedisSettings, SettingsError};
use doorward_django::secret::Secret;

use crate::certificates::Certificates;
use crate::connection::{Cluster, Connection, Sentinels};
use crate::failure::Failure;
use crate::node::{Access, Place};

/// How many nodes are kept in mind besides those of the settings.
const LEARNT: usize = 64;

/// One server, the primary that Sentinels tell of, or a cluster.
pub(crate) struct Server {
    access: Access,
    form: Form,
}

enum Form {
    One(Place),
    Sentinels(Sentinels),
    Cluster {
        seeds: Vec<Place>,
        /// Nodes that the cluster has told of, for when those of the settings are gone.
        learnt: ArcSwap<Vec<Place>>,
    },
}

impl Server {
    /// What the settings name; `url` is their address.
    ///
    /// # Errors
    /// Addresses and files that no connection can be made with.
    pub(crate) fn new(settings: &RedisSettings, url: &Secret<String>) -> Result<Self, SettingsError> {
        let certificates = Certificates::of(settings)?.map(Arc::new);
        let read = |url: &str, key| Access::of(url, key, certificates.as_ref());
        let servers = each_host(url.expose())
            .iter()
            .map(|url| read(url, "redis.url"))
            .collect();
        let (access, places) = one_access(servers)?;
        let sentinels = settings.sentinels.iter().map(Secret::expose);
        let sentinels: Vec<_> = sentinels
            .map(|url| read(url, "redis.sentinels"))
            .collect::<Result<_, _>>()?;
        let form = match places.as_slice() {
            [service] if !sentinels.is_empty() => {
                Form::Sentinels(Sentinels::new(sentinels, service.host.clone()))
            }
            [place] if !settings.cluster => Form::One(place.clone()),
            _ => Form::Cluster {
                seeds: places,
                learnt: ArcSwap::default(),
            },
        };
        Ok(Self { access, form })
    }

    /// Where it is, for the log.
    pub(crate) fn address(&self) -> String {
        match &self.form {
            Form::One(place) => place.to_string(),
            Form::Sentinels(sentinels) => {
                format!(
                    "{} (Sentinels at {})",
                    sentinels.service(),
                    joined(sentinels.places())
                )
            }
            Form::Cluster { seeds, .. } => format!("{} (a cluster)", joined(seeds.iter())),
        }
    }

    pub(crate) async fn connect(&self) -> Result<Connection, Failure> {
        Ok(match &self.form {
            Form::One(place) => Connection::One(self.access.connect(place).await?),
            Form::Sentinels(sentinels) => Connection::One(sentinels.connect(&self.access).await?),
            Form::Cluster { seeds, learnt } => {
                let all = [seeds.as_slice(), &learnt.load()].concat();
                let cluster = Cluster::connect(&self.access, &all).await?;
                let mut places = cluster.places();
                places.truncate(LEARNT);
                learnt.store(Arc::new(places));
                Connection::Cluster(cluster)
            }
        })
    }
}

/// The nodes of one address differ in their places only.
fn one_access(
    servers: Result<Vec<(Access, Place)>, SettingsError>,
) -> Result<(Access, Vec<Place>), SettingsError> {
    let (accesses, places): (Vec<_>, Vec<_>) = servers?.into_iter().unzip();
    let access = accesses.into_iter().next();
    let access = access.ok_or_else(|| SettingsError::new("redis.url", "it names no server"))?;
    Ok((access, places))
}

fn joined<'a>(places: impl Iterator<Item = &'a Place>) -> String {
    places.map(Place::to_string).collect::<Vec<_>>().join(", ")
}

/// An address with several hosts, `redis://:password@a:1,b:2/0`, as one for each.
fn each_host(url: &str) -> Vec<String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (login, hosts) = match authority.rsplit_once('@') {
        Some((login, hosts)) => (format!("{login}@"), hosts),
        None => (String::new(), authority),
    };
    let hosts = hosts.split(',');
    hosts
        .map(|host| format!("{scheme}://{login}{host}/{path}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_several_hosts_is_one_for_each() {
        assert_eq!(each_host("redis://a:1"), ["redis://a:1/"]);
        assert_eq!(
            each_host("rediss://user:pa,ss@a:1,[::1]:2,c/3"),
            [
                "rediss://user:pa,ss@a:1/3",
                "rediss://user:pa,ss@[::1]:2/3",
                "rediss://user:pa,ss@c/3"
            ]
        );
    }
}
