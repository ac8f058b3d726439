//! [`Server`]: an own accept loop, so that a slow client is cut off and a stop loses no request.

use doorward_core::{Door, Router};

use crate::chores::Chores;

pub use doorward_serve::{Draining, Error, Limits, Result, Server};

/// Serves a door's routes as its settings say; its keys are read again when their files change.
pub(crate) async fn door(door: &Door, app: Router) -> crate::Result {
    let service = Limits::new(app.into_service()?);
    let chores = Chores::start(door)?;
    let ended = Server::bind(&door.settings().server).await?.run(service).await;
    chores.finish().await;
    Ok(ended?)
}
