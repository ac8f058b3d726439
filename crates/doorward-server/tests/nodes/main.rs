//! Several processes of the program `doorward` on one database: what they count together, and what becomes of it while
//! the database is cut off, restarted, locked or full, and while one of them is killed.
//!
//! On SQLite always, and on each server that the run was told of. `STORM_SECONDS=60 cargo test -p doorward-server --test
//! nodes` makes each fault last so long; `cargo xtask extra` does.

#[cfg(test)]
mod cluster;
#[cfg(test)]
mod crowds;
#[cfg(test)]
mod faults;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod full;
#[cfg(test)]
mod locked;
#[cfg(test)]
#[path = "../../../doorward-db/tests/mariadb/process.rs"]
mod mariadb_process;
#[cfg(test)]
#[path = "../../../doorward-db/tests/postgres/process.rs"]
#[expect(dead_code, reason = "not every fault is made here")]
mod postgres_process;
#[cfg(test)]
#[path = "../../../doorward-redis/tests/redis/process.rs"]
#[expect(dead_code, reason = "not every fault is made here")]
mod redis_process;
#[cfg(test)]
#[cfg(target_os = "linux")]
#[path = "../hostile/small_disk.rs"]
mod small_disk;
#[cfg(test)]
mod storm;
#[cfg(test)]
#[path = "../program/support.rs"]
#[expect(dead_code, reason = "the tests of the program use the rest")]
mod support;
#[cfg(test)]
mod versions;
