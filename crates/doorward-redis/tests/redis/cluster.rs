//! A cluster: keys lie on several nodes, move from one to another, and are not there while one is away.

use std::sync::Arc;
use std::time::Duration;

use doorward_core::settings::RedisSettings;
use doorward_core::throttling::ThrottleHistory;
use doorward_django::sliding_window::{Algorithm, Limit, Verdict};
use doorward_django::timestamp::Timestamp;
use doorward_redis::RedisThrottleHistory;
use tokio::task::JoinSet;

use crate::clustered::Clustered;
use crate::faults::{DECIDING, assert_costs_nothing, assert_limited_alone, log_says, longest_until_away};
use crate::log::Log;
use crate::process::free_port;
use crate::tls_files::{TlsFiles, is_built_in};
use crate::{client, hit, key, limit, settings, until_shared};

const LONG: Duration = Duration::from_secs(10);

fn clustered(cluster: &Clustered, timeout: Duration) -> RedisSettings {
    let mut settings = settings(&cluster.url(), timeout);
    settings.cluster = true;
    settings
}

async fn store(settings: &RedisSettings) -> RedisThrottleHistory {
    RedisThrottleHistory::new(&client(settings).await)
}

fn key_of(ident: &str) -> String {
    let digest = key(ident);
    let digest: String = digest
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("test:throttle:{{{digest}}}:log:60")
}

/// Somebody whose keys that node has.
fn somebody_on(cluster: &Clustered, node: usize) -> String {
    let mut names = (0..).map(|number| format!("on {node}, {number}"));
    names
        .find(|name| cluster.place_of(&key_of(name)).1 == node)
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_forty_at_once_on_two_stores_three_pass_on_every_node() {
    let Some(cluster) = Clustered::start().await else {
        return;
    };
    let stores = [
        Arc::new(store(&clustered(&cluster, LONG)).await),
        Arc::new(store(&clustered(&cluster, LONG)).await),
    ];
    for algorithm in [Algorithm::SlidingWindow, Algorithm::Gcra] {
        for round in 0..30 {
            let mut hits = JoinSet::new();
            for place in 0..40 {
                let store = Arc::clone(&stores[place % 2]);
                let limit = Limit {
                    rates: "3/min,100/d".parse().unwrap(),
                    algorithm,
                };
                hits.spawn(async move {
                    let now = Timestamp::from_secs(7);
                    store.hit(key(&format!("{round}")), &limit, now).await.unwrap()
                });
            }
            let verdicts = hits.join_all().await;
            assert_eq!(
                verdicts.iter().filter(|verdict| verdict.is_allowed()).count(),
                3,
                "round {round}"
            );
        }
    }
    assert!(stores.iter().all(|store| store.is_shared()));
    for node in 0..3 {
        assert!(cluster.scripts_asked_of(node) > 0, "node {node}");
    }
}

#[tokio::test]
async fn keys_are_counted_while_they_move_and_after() {
    let Some(cluster) = Clustered::start().await else {
        return;
    };
    let store = store(&clustered(&cluster, LONG)).await;
    // To a node that has slots, and to one that nobody has heard of.
    for (from, to) in [(0, 2), (1, cluster.spare())] {
        let name = &somebody_on(&cluster, from);
        let (slot, _) = cluster.place_of(&key_of(name));
        let limit = limit("4/min,9/h");
        assert!(hit(&store, name, &limit).await.is_allowed());
        cluster.begin_to_move(slot, from, to);
        // The node that has it says: ask there, this once.
        assert!(hit(&store, name, &limit).await.is_allowed());
        assert!(hit(&store, name, &limit).await.is_allowed());
        cluster.end_to_move(slot, from, to);
        // It says: that has moved.
        assert!(hit(&store, name, &limit).await.is_allowed());
        let Verdict::Denied { .. } = hit(&store, name, &limit).await else {
            panic!("four had passed")
        };
        assert!(store.is_shared());
        until_asked_at_once(&cluster, &store, name, from).await;
    }
}

#[tokio::test]
async fn keys_that_are_on_their_way_are_waited_for() {
    let Some(cluster) = Clustered::start().await else {
        return;
    };
    let store = store(&clustered(&cluster, LONG)).await;
    let name = &somebody_on(&cluster, 0);
    let (slot, from) = cluster.place_of(&key_of(name));
    let limit = limit("2/min,9/h");
    assert!(hit(&store, name, &limit).await.is_allowed());
    cluster.tell(
        2,
        &format!("CLUSTER SETSLOT {slot} IMPORTING {}", cluster.id(from)),
    );
    cluster.tell(
        from,
        &format!("CLUSTER SETSLOT {slot} MIGRATING {}", cluster.id(2)),
    );
    // One of the two is there, and one is here: neither node can count.
    assert!(cluster.move_one(slot, from, 2));
    let (hit_meanwhile, ()) = tokio::join!(hit(&store, name, &limit), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(cluster.move_one(slot, from, 2));
    });
    assert!(hit_meanwhile.is_allowed());
    assert!(!hit(&store, name, &limit).await.is_allowed());
    assert!(store.is_shared());
}

/// Waits until a hit goes where the key is, and no longer to where it was.
async fn until_asked_at_once(cluster: &Clustered, store: &RedisThrottleHistory, name: &str, from: usize) {
    for _ in 0..500 {
        cluster.scripts_asked_of(from);
        hit(store, name, &limit("4/min,9/h")).await;
        if cluster.scripts_asked_of(from) == 0 {
            return;
        }
        assert!(store.is_shared());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the node that had the key is asked for ever");
}

#[tokio::test]
async fn a_node_that_is_away_takes_all_away_until_it_is_back() {
    let Some(mut cluster) = Clustered::start().await else {
        return;
    };
    let log = Log::default();
    let _logging = log.of_thread();
    let store = store(&clustered(&cluster, LONG)).await;
    cluster.nodes[1].kill();
    longest_until_away(&store).await;
    assert_costs_nothing(&store).await;
    assert_limited_alone(&store).await;
    log_says(&log, "Redis is away").await;
    cluster.nodes[1].start_again();
    cluster.until_agreed().await;
    until_shared(&store, true).await;
    for node in 0..3 {
        let name = somebody_on(&cluster, node);
        assert!(hit(&store, &name, &limit("1/min")).await.is_allowed());
        assert!(!hit(&store, &name, &limit("1/min")).await.is_allowed());
    }
    assert!(store.is_shared());
    assert_eq!(
        (log.count("Redis is away"), log.count("Redis is back")),
        (1, 1),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn a_node_that_hangs_costs_one_wait() {
    let Some(cluster) = Clustered::start().await else {
        return;
    };
    let store = store(&clustered(&cluster, Duration::from_millis(50))).await;
    until_shared(&store, true).await;
    cluster.nodes[2].signal("STOP");
    let longest = longest_until_away(&store).await;
    assert!(longest <= DECIDING, "{longest:?}");
    assert_costs_nothing(&store).await;
    assert_limited_alone(&store).await;
    cluster.nodes[2].signal("CONT");
    until_shared(&store, true).await;
}

#[tokio::test]
async fn a_replica_takes_the_place_of_its_primary() {
    let Some(mut cluster) = Clustered::start().await else {
        return;
    };
    let spare = cluster.spare();
    cluster.tell(spare, &format!("CLUSTER REPLICATE {}", cluster.id(0)));
    until_replicating(&cluster, spare).await;
    let store = store(&clustered(&cluster, LONG)).await;
    let name = somebody_on(&cluster, 0);
    assert!(hit(&store, &name, &limit("2/min")).await.is_allowed());
    assert_eq!(cluster.nodes[0].command("WAIT 1 5000").as_deref(), Some(":1\r\n"));
    cluster.nodes[0].kill();
    hit(&store, &name, &limit("2/min")).await;
    assert!(!store.is_shared());
    // The first node of the address is the one that is gone.
    until_shared(&store, true).await;
    assert!(hit(&store, &name, &limit("2/min")).await.is_allowed());
    assert!(!hit(&store, &name, &limit("2/min")).await.is_allowed());
}

async fn until_replicating(cluster: &Clustered, node: usize) {
    for _ in 0..1_500 {
        let told = cluster.nodes[node].command("INFO replication").unwrap();
        if told.contains("master_link_status:up") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the node does not follow its primary");
}

#[tokio::test]
async fn nodes_that_forgot_their_scripts_get_them_again() {
    let Some(cluster) = Clustered::start().await else {
        return;
    };
    let store = store(&clustered(&cluster, LONG)).await;
    for node in 0..3 {
        let name = somebody_on(&cluster, node);
        assert!(hit(&store, &name, &limit("1/min")).await.is_allowed());
        cluster.tell(node, "SCRIPT FLUSH");
        assert!(!hit(&store, &name, &limit("1/min")).await.is_allowed());
    }
    assert!(store.is_shared());
}

#[tokio::test]
async fn one_node_that_answers_leads_to_all() {
    let Some(cluster) = Clustered::start().await else {
        return;
    };
    let mut settings = clustered(&cluster, LONG);
    let spare = cluster.nodes[cluster.spare()].port();
    settings.url = Some(format!("redis://127.0.0.1:{},127.0.0.1:{spare}", free_port()).into());
    let store = store(&settings).await;
    assert!(store.is_shared());
    assert!(
        hit(&store, &somebody_on(&cluster, 2), &limit("1/min"))
            .await
            .is_allowed()
    );
    // A server that is in no cluster.
    let Some(alone) = crate::process::RedisProcess::start() else {
        return;
    };
    settings.url = Some(alone.url().into());
    assert!(!client(&settings).await.is_reachable());
}

#[tokio::test]
async fn all_of_it_goes_over_tls() {
    if !is_built_in() {
        return;
    }
    let files = TlsFiles::new();
    let Some(cluster) = Clustered::start_with(Some(&files)).await else {
        return;
    };
    let mut settings = clustered(&cluster, LONG);
    files.tell(&mut settings);
    let store = store(&settings).await;
    for node in 0..3 {
        let name = somebody_on(&cluster, node);
        assert!(hit(&store, &name, &limit("1/min")).await.is_allowed());
        assert!(!hit(&store, &name, &limit("1/min")).await.is_allowed());
    }
    assert!(store.is_shared());
    // Without the client's certificate not one node answers.
    settings.tls_cert = None;
    settings.tls_key = None;
    assert!(!client(&settings).await.is_reachable());
}
