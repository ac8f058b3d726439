//! The program `doorward` as people use it: in a folder, over a real socket, with real signals.

mod accounts;
#[cfg(feature = "acme")]
mod acme;
mod adopt;
#[cfg(test)]
mod blacklist;
mod check;
mod commands;
#[cfg(test)]
mod expired;
mod feed;
mod first_run;
#[cfg(unix)]
#[cfg(test)]
mod keys;
#[cfg(test)]
mod logs;
mod metrics;
mod new;
#[cfg(test)]
mod odd_files;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod redis;
#[cfg(test)]
#[path = "../../../doorward-redis/tests/redis/process.rs"]
#[expect(dead_code, reason = "not every fault is made here")]
mod redis_process;
#[cfg(test)]
mod servers;
mod serving;
mod settings;
#[cfg(unix)]
#[cfg(test)]
mod signals;
mod status;
#[cfg(test)]
mod support;
mod tls;
mod wrong_settings;
