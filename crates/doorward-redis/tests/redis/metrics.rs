//! What is told of a server.

use metrics_exporter_prometheus::PrometheusBuilder;

use crate::process::RedisProcess;
use crate::{hit, limit, open, until_shared};

#[tokio::test]
async fn an_outage_is_counted() {
    let Some(mut server) = RedisProcess::start() else {
        return;
    };
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let told = |line: &str| handle.render().lines().any(|told| told == line);
    let store = open(&server.url()).await;
    assert!(told("doorward_redis_breaker_open 0"), "{}", handle.render());
    hit(&store, "counted", &limit("1/min")).await;
    assert!(!handle.render().contains("local_hits"));
    server.kill();
    hit(&store, "counted", &limit("1/min")).await;
    hit(&store, "counted", &limit("1/min")).await;
    assert!(told("doorward_redis_local_hits_total 2"), "{}", handle.render());
    while !told("doorward_redis_breaker_open 1") {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert!(told("doorward_redis_breaker_openings_total 1"));
    assert!(
        handle
            .render()
            .contains("doorward_redis_failures_total{kind=\"connection\"}")
    );
    server.start_again();
    until_shared(&store, true).await;
    assert!(told("doorward_redis_breaker_open 0"));
}
