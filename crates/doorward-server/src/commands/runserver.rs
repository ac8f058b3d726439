//! `runserver`: serves until it is told to stop.

use clap::Args;
use doorward::access_log::AccessLog;
use doorward::chores::Chores;
use doorward::command::{Console, Failure, Topic};
use doorward::database::Opening;
use doorward::first_run::{self, Secrets, Welcome};
use doorward::serve::{Limits, Server, StartLine};
use doorward::settings::{Loader, Settings};
use doorward::{Doorward, Router};
use tokio::net::TcpListener;

use crate::entry::Entry;
use crate::options::Common;
use crate::settings::require_tables;
use crate::{app, health, metrics, self_signed, settings};

const ABOUT: &str = "Serve [default command]";

pub(super) fn entry() -> Entry {
    Entry::new(
        Topic::Server,
        "runserver",
        ABOUT,
        |common, options: Runserver, console| Box::pin(run(common, options, console)),
    )
}

#[derive(Debug, Args)]
struct Runserver {
    /// ADDRESS:PORT, or a port of 127.0.0.1 [default: server.bind, 127.0.0.1:8000].
    #[arg(value_name = "ADDR:PORT")]
    address: Option<String>,
    /// Speak HTTPS with a certificate of its own making, in doorward-tls.crt and doorward-tls.key; for development, on
    /// an address of this machine only.
    #[arg(long)]
    tls_self_signed: bool,
}

async fn run(common: &Common, options: Runserver, console: &mut Console) -> Result<(), Failure> {
    let loader = loader(common, &options);
    let loaded = loader.clone().read()?;
    if options.tls_self_signed {
        self_signed::check(&loaded)?;
    }
    let is_first = first_run::is_first_run(&loaded);
    let planned = match is_first {
        true => first_run::plan(loader.clone())?,
        false => settings::checked(&loaded)?,
    };
    // Before any file is made: where the address is taken, nothing is left behind.
    let listeners = Listeners::open(&planned).await?;
    let loader = match options.tls_self_signed {
        true => self_signed::settings(loader, &planned.server.bind)?,
        false => loader,
    };
    match is_first {
        true => first(loader, listeners, console).await,
        false => again(loader.load()?, listeners, &options, console).await,
    }
}

/// What is listened on.
struct Listeners {
    site: TcpListener,
    metrics: Option<metrics::Beside>,
}

impl Listeners {
    async fn open(settings: &Settings) -> Result<Self, Failure> {
        let bind = settings.server.bind.as_str();
        let failed = |source| doorward::Error::Bind {
            address: bind.to_owned(),
            source,
        };
        Ok(Self {
            site: TcpListener::bind(bind).await.map_err(failed)?,
            metrics: metrics::listen(settings).await?,
        })
    }
}

async fn first(loader: Loader, listeners: Listeners, console: &mut Console) -> Result<(), Failure> {
    let settings = first_run::settings(loader)?;
    let server = Server::on(listeners.site, &settings.server).await?;
    let door = open(settings, Opening::OrMake).await?;
    first_run::prepare(&door, &door.migrator()).await?;
    require_tables(&door).await?;
    health::tell(&door).await;
    let routes = app::router(&door, &server.draining());
    welcome(&door, &server, &routes, console).await?;
    serve(&door, server, routes, listeners.metrics).await
}

/// Says where everything is, and how to call it.
async fn welcome(
    door: &Doorward,
    server: &Server,
    routes: &Router,
    console: &mut Console,
) -> Result<(), Failure> {
    let (base, routes) = (StartLine::new(door, server, None)?.base(), routes.routes());
    let mut welcome = Welcome::new(door, &base, &routes).await?;
    let fingerprint;
    if self_signed::is_used(door.settings()) {
        fingerprint = self_signed::own_fingerprint()?;
        welcome = welcome.certificate(self_signed::CERTIFICATE, &fingerprint);
    }
    let secrets = match console.shows_secrets() {
        true => Secrets::Shown,
        false => Secrets::Hidden,
    };
    let mut lines = welcome.lines(secrets).into_iter();
    lines.try_for_each(|line| console.say(line))
}

async fn again(
    settings: Settings,
    listeners: Listeners,
    options: &Runserver,
    console: &mut Console,
) -> Result<(), Failure> {
    let server = Server::on(listeners.site, &settings.server).await?;
    let door = open(settings, Opening::Existing).await?;
    require_tables(&door).await?;
    health::tell(&door).await;
    if options.tls_self_signed {
        self_signed::welcome(&StartLine::new(&door, &server, None)?.base(), console)?;
    }
    let routes = app::router(&door, &server.draining());
    serve(&door, server, routes, listeners.metrics).await
}

/// The start page: it says who is logged in.
const LOGIN_REDIRECT_URL: &str = "/";

/// A door whose events are counted.
async fn open(mut settings: Settings, opening: Opening) -> Result<Doorward, Failure> {
    metrics::start()?;
    let redirect = &mut settings.session.login_redirect;
    redirect.get_or_insert_with(|| LOGIN_REDIRECT_URL.to_owned());
    Ok(Doorward::from_settings_for(settings, opening, |door| door).await?)
}

async fn serve(
    door: &Doorward,
    server: Server,
    routes: Router,
    beside: Option<metrics::Beside>,
) -> Result<(), Failure> {
    let count = routes.routes().len();
    let service = Limits::new(routes.into_service().map_err(doorward::Error::from)?);
    let chores = Chores::start(door)?;
    StartLine::new(door, &server, Some(count))?.tell();
    let site = server.run(AccessLog::new(door, metrics::counted(service)));
    match beside {
        None => site.await?,
        Some(beside) => {
            tracing::info!(metrics.address = %beside.address()?, "listening for who reads metrics");
            tokio::select! {
                ended = site => ended?,
                () = beside.run(door) => {}
            }
        }
    }
    chores.finish().await;
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
