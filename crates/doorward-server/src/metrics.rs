//! `/metrics`: what this process has counted, as Prometheus reads it.
//!
//! Every label has few values: classes of status codes, scopes of the settings, names of events. None comes from a
//! request.

use std::net::SocketAddr;
use std::sync::OnceLock;

use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use doorward::django::client_ident::Network;
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
    get(async move |request: Request| match COUNTS.get() {
        Some(counts) if may_read(&networks, &request) => told(counts),
        _ => ApiException::not_found().into_response(),
    })
}

fn may_read(networks: &[Network], request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let is_allowed = peer.is_some_and(|peer| {
        let ip = peer.0.ip();
        networks.iter().any(|network| network.contains(ip))
    });
    is_allowed && !is_forwarded(request.headers())
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    FORWARDED.iter().any(|name| headers.contains_key(*name))
}

fn told(counts: &PrometheusHandle) -> Response {
    let headers = [(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-store")];
    (headers, counts.render()).into_response()
}
