//! What a database counts by itself, told when somebody reads it.

use doorward::Door;
use doorward::database::PoolStatus;
use metrics::{counter, describe_counter, describe_gauge, gauge};

pub(super) fn describe() {
    describe_counter!(
        "doorward_database_statements_total",
        "SQL statements, by what they are for: asked, polls."
    );
    describe_gauge!(
        "doorward_database_connections",
        "Connections, by pool and by state: in_use, idle."
    );
    describe_gauge!(
        "doorward_database_max_connections",
        "How many connections there are at most, by pool."
    );
}

/// Brings the counts up to date; a door that only verifies tokens has none.
pub(super) fn count(door: &Door) {
    let Ok(database) = door.database() else { return };
    let statements = database.statements();
    counter!("doorward_database_statements_total", "kind" => "asked").absolute(statements.asked);
    counter!("doorward_database_statements_total", "kind" => "polls").absolute(statements.polls);
    database.pools().iter().for_each(of_pool);
}

fn of_pool(pool: &PoolStatus) {
    let name = pool.name;
    gauge!("doorward_database_connections", "pool" => name, "state" => "in_use").set(pool.in_use as f64);
    gauge!("doorward_database_connections", "pool" => name, "state" => "idle").set(pool.idle as f64);
    gauge!("doorward_database_max_connections", "pool" => name).set(pool.size as f64);
}
