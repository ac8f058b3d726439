//! `runserver`: serves until it is told to stop.

use doorward::Doorward;
use doorward::serve::{Limits, Server};
use doorward::settings::{Loader, Settings};

use super::require_tables;
use crate::access_log::AccessLog;
use crate::command_line::{Common, Runserver};
use crate::console::Console;
use crate::failure::Failure;
use crate::{app, first_run, metrics, self_signed, settings};

pub(super) async fn run(common: &Common, options: &Runserver, console: &mut Console) -> Result<(), Failure> {
    let mut loader = loader(common, options);
    let mut loaded = loader.clone().read()?;
    if options.tls_self_signed {
        loader = self_signed::settings(loader, &loaded)?;
        loaded = loader.clone().read()?;
    }
    if settings::is_unconfigured(&loaded) && settings::is_loopback(&loaded.settings().server.bind) {
        return first(loader, console).await;
    }
    let door = open(loaded.checked()?).await?;
    require_tables(&door).await?;
    let server = Server::bind(&door.settings().server).await?;
    if options.tls_self_signed {
        self_signed::welcome(&first_run::base(&server)?, console)?;
    }
    serve(&door, server).await
}

async fn first(loader: Loader, console: &mut Console) -> Result<(), Failure> {
    let settings = first_run::settings(loader)?;
    let server = Server::bind(&settings.server).await?;
    let door = open(settings).await?;
    first_run::prepare(&door).await?;
    require_tables(&door).await?;
    first_run::welcome(&door, &server, console)?;
    serve(&door, server).await
}

/// A door whose events are counted.
async fn open(settings: Settings) -> Result<Doorward, Failure> {
    metrics::start()?;
    Ok(Doorward::from_settings_with(settings, |door| door.on(metrics::happened)).await?)
}

async fn serve(door: &Doorward, server: Server) -> Result<(), Failure> {
    let service = app::router(door, &server.draining())
        .into_service()
        .map_err(doorward::Error::from)?;
    let _watch = doorward::keys::watch(door)?;
    let flushing = doorward::flush::start(door);
    let scheme = server.scheme().as_str();
    tracing::info!(address = %server.local_addr()?, %scheme, "listening");
    server.run(AccessLog::new(door, Limits::new(service))).await?;
    drop(flushing);
    door.database().close().await;
    tracing::info!("stopped");
    Ok(())
}

fn loader(common: &Common, options: &Runserver) -> Loader {
    let loader = settings::loader(common);
    match &options.address {
        None => loader,
        Some(address) => loader.set("server.bind", with_host(address), "ADDR:PORT"),
    }
}

/// A port alone is one of 127.0.0.1, as Django's `runserver` takes it.
fn with_host(address: &str) -> String {
    match address.parse::<u16>() {
        Ok(port) => format!("127.0.0.1:{port}"),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_one_of_this_machine() {
        assert_eq!(with_host("8001"), "127.0.0.1:8001");
        assert_eq!(with_host("0.0.0.0:8001"), "0.0.0.0:8001");
    }
}
