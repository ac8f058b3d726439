//! `/metrics`: what this process has counted, as Prometheus reads it.
//!
//! Every label has few values: classes of status codes, scopes of the settings, names of events. None comes from a
//! request.

use std::net::{IpAddr, SocketAddr};
use std::sync::OnceLock;

use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST};
use axum::http::uri::Authority;
use axum::http::{StatusCode, Version};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use doorward::django::client_ident::Network;
use doorward::django::urls::{HostAndPort, split_domain_port};
use doorward::exceptions::ApiException;
use doorward::settings::Settings;
use doorward::signals::Event;
use metrics::{counter, describe_counter, describe_gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::failure::Failure;

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
}

/// Counts an answer.
pub(crate) fn answered(status: StatusCode) {
    let class = match status.as_u16() {
        ..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500.. => "5xx",
    };
    counter!("doorward_requests_total", "class" => class).increment(1);
}

/// Counts what happened to an account.
pub(crate) fn happened(event: &Event) {
    counter!("doorward_events_total", "event" => event.name()).increment(1);
}

/// What was counted, for the machines that the settings name; for all others there is nothing here.
pub(crate) fn endpoint(settings: &Settings) -> MethodRouter {
    let networks = settings.metrics.allowed_networks.iter();
    let networks: Vec<Network> = networks.filter_map(|network| network.parse().ok()).collect();
    let told = async move |request: Request| match COUNTS.get() {
        Some(counts) if may_read(&networks, &request) => told(counts),
        _ => nothing().await,
    };
    get(told).fallback(nothing)
}

async fn nothing() -> Response {
    ApiException::not_found().into_response()
}

fn may_read(networks: &[Network], request: &Request) -> bool {
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
