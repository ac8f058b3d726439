//! [`Sentinels`]: who knows which server is the primary (Redis Sentinel).

use redis::Value;
use redis::aio::MultiplexedConnection;

use super::values::{items, number, text};
use crate::failure::Failure;
use crate::node::{Access, Place, ask_in_time};

/// Sentinels, and the name of the service that they watch over.
pub(crate) struct Sentinels {
    sentinels: Vec<(Access, Place)>,
    service: String,
}

impl Sentinels {
    pub(crate) fn new(sentinels: Vec<(Access, Place)>, service: String) -> Self {
        Self { sentinels, service }
    }

    /// A connection to the primary: the first server that a Sentinel names and that says it is one. A Sentinel that was
    /// cut off may name one of before.
    pub(crate) async fn connect(&self, access: &Access) -> Result<MultiplexedConnection, Failure> {
        let mut cause = "there are none".to_owned();
        for (login, sentinel) in &self.sentinels {
            match self.primary_told_by(login, sentinel, access).await {
                Ok(connection) => return Ok(connection),
                Err(failure) => cause = format!("{sentinel}: {failure}"),
            }
        }
        let service = self.service.clone();
        Err(Failure::NoPrimary { service, cause })
    }

    async fn primary_told_by(
        &self,
        login: &Access,
        sentinel: &Place,
        access: &Access,
    ) -> Result<MultiplexedConnection, Failure> {
        let mut command = redis::cmd("SENTINEL");
        command.arg("GET-MASTER-ADDR-BY-NAME").arg(&self.service);
        let answer = ask_in_time(&command, &mut login.connect(sentinel).await?).await?;
        let place = read_place(&answer, sentinel).ok_or(Failure::Nonsense)?;
        let mut connection = access.connect(&place).await?;
        let role = ask_in_time(&redis::cmd("ROLE"), &mut connection).await?;
        match is_primary(&role) {
            true => Ok(connection),
            false => Err(Failure::NotPrimary(place.to_string())),
        }
    }

    /// Where they are, for the log.
    pub(crate) fn places(&self) -> impl Iterator<Item = &Place> {
        self.sentinels.iter().map(|(_, place)| place)
    }

    pub(crate) fn service(&self) -> &str {
        &self.service
    }
}

fn read_place(answer: &Value, from: &Place) -> Option<Place> {
    let [host, port] = items(answer)? else {
        return None;
    };
    Place::told_apart(text(host), number(port)?, from)
}

fn is_primary(role: &Value) -> bool {
    let first = items(role).and_then(<[Value]>::first);
    first.and_then(text) == Some("master")
}
