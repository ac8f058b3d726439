//! What is kept of failed logins, on every kind of database.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by a panic"
)]

mod bench;
mod missing;
mod promises;

/// Those promises, as tests on the bench that `$bench` makes; where it makes none, nothing is tried.
macro_rules! promises {
    ($bench:ident: $($name:ident)*) => {
        mod $bench { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some(bench) = crate::bench::$bench().await else {
                    return;
                };
                crate::promises::$name(&bench).await;
                bench.end().await;
            }
        )* }
    };
}

/// All of them.
macro_rules! all_promises {
    ($($bench:ident)*) => {
        $(promises! { $bench:
        of_any_number_at_once_so_many_are_granted
        of_many_failures_one_locks
        of_many_at_once_every_failure_is_counted
        what_is_released_can_be_had_again
        a_network_is_known_after_a_success
        what_is_held_can_be_listed_and_reset
        a_reset_keeps_what_is_under_way_and_what_is_known
        what_is_over_goes
        a_clock_set_back_is_written_down
        a_success_forgets_what_the_account_held
        })*
    };
}

all_promises! { sqlite postgres mariadb memory }

promises! { sqlite_with_journal: of_any_number_at_once_so_many_are_granted of_many_failures_one_locks }
