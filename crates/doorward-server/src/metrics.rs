//! `/metrics`: what this process has counted, as Prometheus reads it.
//!
//! Every label has few values: classes of status codes, scopes of the settings, names of events. None comes from a
//! request.

mod cache;
mod check;
mod database;
mod settings;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::extract::{ConnectInfo, Request};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, WWW_AUTHENTICATE};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Version};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use doorward::app::{App, Check, Endpoint, Installed, Site};
use doorward::command::Failure;
use doorward::django::authorization::bearer_token;
use doorward::django::client_ident::Network;
use doorward::django::crypto::constant_time_eq;
use doorward::django::secret::Secret;
use doorward::django::urls::{HostAndPort, split_domain_port};
use doorward::endpoints;
use doorward::exception_handler::default_status;
use doorward::exceptions::ApiException;
use doorward::serve::Limits;
use doorward::settings::{Findings, ServerSettings, Settings, SettingsErrors};
use doorward::signals::Event;
use doorward::{Door, Server};
use metrics::{counter, describe_counter, describe_gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tower::ServiceExt;
use tower::util::MapResponse;

pub use settings::MetricsSettings;

/// Where they are told on the site, unless `[urls]` says otherwise.
const USUAL_PATH: &str = "/metrics";

/// How many connections a listener of their own takes.
const CONNECTIONS: usize = 16;

/// The text format of Prometheus.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What a proxy adds: who is asked through one speaks for others.
const FORWARDED: [&str; 7] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "true-client-ip",
];

/// Where the counts of this process are; it can be named once.
static COUNTS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Counts from now on.
pub(crate) fn start() -> Result<(), Failure> {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _ = COUNTS.set(recorder.handle());
    metrics::set_global_recorder(recorder)
        .map_err(|error| Failure::command(format!("cannot count for /metrics: {error}")))?;
    describe();
    Ok(())
}

fn describe() {
    describe_counter!(
        "doorward_requests_total",
        "Requests by the class of their answer's status."
    );
    describe_counter!(
        "doorward_events_total",
        "What happened to accounts, by the event's name."
    );
    describe_counter!(
        "doorward_emails_total",
        "Letters by outcome: sent, retried, given_up."
    );
    describe_counter!("doorward_throttled_total", "Refusals of throttles, by scope.");
    describe_gauge!("doorward_redis_breaker_open", "1 while Redis is away, else 0.");
    describe_counter!(
        "doorward_redis_breaker_openings_total",
        "How often Redis went away."
    );
    describe_counter!(
        "doorward_redis_failures_total",
        "Questions that Redis did not answer, by kind."
    );
    describe_counter!(
        "doorward_redis_local_hits_total",
        "Hits counted by this process alone."
    );
    describe_counter!(
        "doorward_redis_blacklist_lookups_total",
        "Questions about tokens that were taken back, by answer: hit, absent, away."
    );
    cache::describe();
    database::describe();
}

/// That service, whose answers are counted.
pub(crate) fn counted(service: Limits) -> MapResponse<Limits, fn(Response) -> Response> {
    service.map_response(answered as fn(Response) -> Response)
}

fn answered(response: Response) -> Response {
    let class = match default_status(&response).as_u16() {
        ..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500.. => "5xx",
    };
    counter!("doorward_requests_total", "class" => class).increment(1);
    response
}

/// Counts what happened to an account.
fn happened(event: &Event) {
    counter!("doorward_events_total", "event" => event.name()).increment(1);
}

/// What was counted, as an app.
pub(crate) struct Metrics {
    readers: Readers,
    bind: Option<String>,
}

impl App for Metrics {
    type Settings = MetricsSettings;
    type State = Self;

    fn checks() -> Vec<Check> {
        vec![check::check()]
    }

    fn resolve(settings: MetricsSettings, site: &Site<'_>) -> Result<Self, SettingsErrors> {
        Findings::of(|found| {
            settings.check(site.settings(), found);
            Some(Self {
                readers: Readers::new(&settings),
                bind: settings.bind,
            })
        })
    }

    fn install(metrics: &Arc<Self>, to: &mut Installed) {
        let metrics = Arc::clone(metrics);
        let endpoint = move |door: &Door| metrics.endpoint(door);
        to.endpoint(Endpoint::probe("metrics", USUAL_PATH, endpoint));
        to.on(happened);
    }
}

impl Metrics {
    /// What was counted, on the listener of the site; for whom the settings do not name there is nothing here.
    fn endpoint(&self, door: &Door) -> MethodRouter {
        match self.readers.are_named() && self.bind.is_none() {
            true => self.readers.clone().endpoint(door),
            false => get(nothing).fallback(nothing),
        }
    }
}

/// Who may read what was counted.
#[derive(Clone, Debug)]
struct Readers {
    token: Option<Secret<String>>,
    networks: Vec<Network>,
}

/// A listener for what was counted, where the settings want one.
pub(crate) async fn listen(settings: &Settings) -> Result<Option<Beside>, Failure> {
    let settings = settings.section::<MetricsSettings>();
    let Some(bind) = &settings.bind else {
        return Ok(None);
    };
    let mut server = ServerSettings::default();
    (server.bind, server.max_connections) = (bind.clone(), Some(CONNECTIONS));
    Ok(Some(Beside {
        server: Server::bind(&server).await?,
        readers: Readers::new(&settings),
    }))
}

/// A listener where nothing but what was counted is told.
pub(crate) struct Beside {
    server: Server,
    readers: Readers,
}

impl Beside {
    /// Where it listens.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.server.local_addr()
    }

    /// Tells it where `[urls]` has it, until this is dropped.
    pub(crate) async fn run(self, door: &Door) {
        let urls = &door.settings().urls;
        let path = endpoints::path(urls, "metrics", USUAL_PATH).unwrap_or(USUAL_PATH);
        let app = axum::Router::new().route(path, self.readers.endpoint(door));
        self.server.run_beside(app.fallback(nothing)).await;
    }
}

async fn nothing() -> Response {
    ApiException::not_found().into_response()
}

impl Readers {
    fn new(settings: &MetricsSettings) -> Self {
        let networks = settings.allowed_networks.iter();
        Self {
            token: settings.token.clone(),
            networks: networks.filter_map(|network| network.parse().ok()).collect(),
        }
    }

    fn are_named(&self) -> bool {
        self.token.is_some() || !self.networks.is_empty()
    }

    fn endpoint(self, door: &Door) -> MethodRouter {
        let door = door.clone();
        let told = async move |request: Request| match COUNTS.get() {
            Some(counts) if self.comes_from_there(&request) => match self.is_borne(request.headers()) {
                true => {
                    cache::count(&door);
                    database::count(&door);
                    told(counts)
                }
                false => challenge(),
            },
            _ => nothing().await,
        };
        get(told).fallback(nothing)
    }

    fn comes_from_there(&self, request: &Request) -> bool {
        self.networks.is_empty() || is_among(&self.networks, request)
    }

    fn is_borne(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else { return true };
        let header = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        let borne = header.and_then(|header| bearer_token(header, &["Bearer"]).ok().flatten());
        borne.is_some_and(|borne| constant_time_eq(borne, token.expose().as_bytes()))
    }
}

fn challenge() -> Response {
    let mut response = ApiException::not_authenticated().into_response();
    let challenge = HeaderValue::from_static("Bearer realm=\"metrics\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}

fn is_among(networks: &[Network], request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|peer| {
        let ip = peer.0.ip().to_canonical();
        let is_allowed = networks.iter().any(|network| network.contains(ip));
        is_allowed && !is_forwarded(request) && (!ip.is_loopback() || is_local(request))
    })
}

fn is_forwarded(request: &Request) -> bool {
    FORWARDED.iter().any(|name| request.headers().contains_key(*name))
}

/// Whether a program of this machine seems to ask for itself. A proxy here that adds no header gives itself away where
/// it speaks HTTP/1.0, as nginx does, or passes on the host of its site; a browser whose page lives at a name that leads
/// to this machine, by its host.
fn is_local(request: &Request) -> bool {
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = header.or(request.uri().authority().map(Authority::as_str));
    request.version() >= Version::HTTP_11 && host.is_some_and(names_loopback)
}

fn names_loopback(host: &str) -> bool {
    split_domain_port(host).is_some_and(|HostAndPort { domain, .. }| {
        let ip = domain
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>();
        domain == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
    })
}

fn told(counts: &PrometheusHandle) -> Response {
    let headers = [(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-store")];
    (headers, counts.render()).into_response()
}
