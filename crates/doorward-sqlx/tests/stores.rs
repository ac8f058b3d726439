//! The contract of the stores, on every kind of database.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by a panic"
)]

#[macro_use]
mod contract;

use contract::{Bench, at};
use doorward_sqlx::migrations::Migrator;
use doorward_sqlx::{Database, Schema, open_stores};
use doorward_testing::FreshDatabase;

async fn sqlite() -> Option<Bench> {
    Some(on(FreshDatabase::sqlite()).await)
}

/// As Django makes a file.
async fn sqlite_with_journal() -> Option<Bench> {
    let bench = on(FreshDatabase::sqlite_with_journal().await).await;
    let mode = bench.database.fetch_optional("PRAGMA journal_mode", []).await;
    let mode: String = mode.expect("a mode").expect("a row").read(0).expect("a text");
    assert_eq!(mode, "delete");
    Some(bench)
}

/// A database of its own on the server that `POSTGRES_FOR_TESTS` names; `None` where there is no such server.
#[expect(clippy::disallowed_methods, reason = "how a test is told something")]
async fn postgres() -> Option<Bench> {
    let server = std::env::var("POSTGRES_FOR_TESTS").ok()?;
    Some(on(FreshDatabase::postgres(&server).await).await)
}

/// The same on the server that `MARIADB_FOR_TESTS` names, as servers compare texts at first: without case and accents.
async fn mariadb() -> Option<Bench> {
    Some(on(FreshDatabase::mariadb(&mariadb_server()?).await).await)
}

async fn mariadb_with_an_exact_collation() -> Option<Bench> {
    let fresh = FreshDatabase::mariadb(&mariadb_server()?).await;
    let database = Database::open(fresh.url()).await.expect("opened");
    let altered = database
        .execute("ALTER DATABASE COLLATE utf8mb4_nopad_bin", [])
        .await;
    if altered.is_err() {
        // MySQL has another one that is as exact.
        let sql = "ALTER DATABASE COLLATE utf8mb4_0900_bin";
        database.execute(sql, []).await.expect("altered");
    }
    database.close().await;
    Some(on(fresh).await)
}

/// As who made the database may have chosen it.
async fn mariadb_encoded(encoding: &'static str) -> Option<Bench> {
    let fresh = FreshDatabase::mariadb(&mariadb_server()?).await;
    let database = Database::open(fresh.url()).await.expect("opened");
    let sql = doorward_sqlx::Sql::rendered(format!("ALTER DATABASE CHARACTER SET {encoding}"));
    database.execute(sql, []).await.expect("altered");
    database.close().await;
    Some(on(fresh).await)
}

async fn mariadb_latin1() -> Option<Bench> {
    mariadb_encoded("latin1").await
}

async fn mariadb_utf8mb3() -> Option<Bench> {
    mariadb_encoded("utf8mb3").await
}

#[expect(clippy::disallowed_methods, reason = "how a test is told something")]
async fn postgres_encoded(encoding: &str) -> Option<Bench> {
    let server = std::env::var("POSTGRES_FOR_TESTS").ok()?;
    Some(on(FreshDatabase::postgres_encoded(&server, encoding).await).await)
}

async fn postgres_latin1() -> Option<Bench> {
    postgres_encoded("LATIN1").await
}

async fn postgres_sql_ascii() -> Option<Bench> {
    postgres_encoded("SQL_ASCII").await
}

#[expect(clippy::disallowed_methods, reason = "how a test is told something")]
fn mariadb_server() -> Option<String> {
    std::env::var("MARIADB_FOR_TESTS").ok()
}

async fn on(fresh: FreshDatabase) -> Bench {
    let schema = Schema::default();
    let database = migrated(fresh.url(), &schema).await;
    let other = Database::open(fresh.url()).await.expect("opened again");
    Bench {
        stores: open_stores(&database, &schema),
        others: open_stores(&other, &schema),
        database,
        fresh: Some(fresh),
    }
}

async fn memory() -> Option<Bench> {
    let schema = Schema::default();
    let database = migrated("sqlite::memory:", &schema).await;
    let stores = open_stores(&database, &schema);
    let others = stores.clone();
    Some(Bench {
        database,
        stores,
        others,
        fresh: None,
    })
}

async fn migrated(url: &str, schema: &Schema) -> Database {
    let database = Database::open(url).await.expect("opened");
    let migrated = Migrator::new(&database, schema).apply(at(0)).await;
    migrated.expect("migrated");
    database
}

/// All of the contract.
macro_rules! whole_contract {
    ($bench:path) => {
        contract! { $bench:
            users {
                a_user_reads_back a_row_that_cannot_be_read_is_not_made names_are_exact case_is_ignored_where_it_is_asked a_name_is_taken_once a_name_is_taken_once_whatever_its_case fields_name_one_user_or_none keys_have_one_text
                a_hash_is_upgraded_only_if_it_is_still_the_same the_last_login_is_kept_to_the_microsecond
            }
            own_users {
                a_column_is_read_as_the_key_that_it_refers_to
                columns_and_flags_are_the_project_s a_flag_that_is_null_is_not_set new_users_have_what_the_settings_say a_further_column_names_one_user_or_none
                who_is_hidden_is_nobody
            }
            local_times {
                sessions_end_when_they_should a_column_without_a_zone_is_local_everywhere users_and_their_keys_read_back
                json_web_tokens_stand_as_simple_jwt_writes_them an_hour_that_comes_twice_is_the_first
            }
            permissions { own_and_by_group }
            several_at_once { tokens sessions holders permissions_and_groups the_blacklist }
            sessions {
                a_session_reads_back_until_it_ends whole_seconds_and_fractions_are_in_order a_key_is_taken_once
                an_update_never_brings_back replace_is_one_step a_login_is_one_step the_expired_are_deleted_in_portions of_many_at_once_each_is_deleted_once
            }
            auth_tokens {
                a_key_gives_token_and_user all_get_the_same_one a_new_one_takes_the_place an_old_one_is_renewed_once one_that_is_made_meanwhile_is_taken no_token_for_a_user_who_is_gone
            }
            outstanding_tokens {
                a_record_is_made_once_and_kept what_is_taken_back_stays_so the_blacklist_is_read_page_by_page
                what_one_call_took_back_of_a_user_is_told it_is_taken_back_by_one
                exactly_one_rotation_wins a_predecessor_may_stay_good a_user_who_is_gone_is_no_fault
                an_id_that_is_too_long_is_refused the_expired_are_deleted_in_portions of_many_at_once_each_is_deleted_once
            }
            token_families {
                the_same_successor_is_answered_again the_grace_ends the_ninth_replay_is_reuse
                a_used_successor_is_not_answered_again a_successor_that_was_taken_back_is_not_answered_again
                another_client_ends_the_family without_detection_another_client_is_refused_only
                of_many_at_once_from_two_clients_nobody_keeps_a_token without_a_binding_any_client_will_do
                without_detection_reuse_is_refused_only what_we_did_not_rotate_is_refused_only
                families_are_apart_and_keep_their_beginning a_family_is_taken_back_by_any_of_its_tokens
                a_client_in_a_loop_does_not_fill_the_disk families_end_with_their_tokens
                of_many_at_once_all_get_the_one_successor of_many_at_once_without_a_grace_one_succeeds
                families_end_while_the_expired_are_deleted
            }
            revocations {
                a_holder_is_found_as_a_user_is everything_of_a_user_is_taken_back what_is_not_meant_stays
                each_revocation_has_a_later_moment of_many_at_once_each_has_a_moment
                a_password_and_what_falls_with_it_are_one_step of_many_new_passwords_at_once_one_is_written
                no_rotation_outlives_a_revocation
            }
        }
    };
}

mod on_sqlite {
    whole_contract! { crate::sqlite }
}

mod on_postgres {
    whole_contract! { crate::postgres }
}

mod on_mariadb {
    whole_contract! { crate::mariadb }
}

/// Where a database tells all names apart, as it does elsewhere.
mod on_mariadb_with_an_exact_collation {
    contract! { crate::mariadb_with_an_exact_collation:
        users { names_are_exact case_is_ignored_where_it_is_asked a_name_is_taken_once_whatever_its_case }
        sessions { a_session_reads_back_until_it_ends a_key_is_taken_once }
        auth_tokens { a_key_gives_token_and_user }
        several_at_once { tokens sessions the_blacklist }
        token_families { the_same_successor_is_answered_again }
    }
}

mod on_sqlite_with_journal {
    contract! { crate::sqlite_with_journal:
        users { a_name_is_taken_once a_name_is_taken_once_whatever_its_case a_hash_is_upgraded_only_if_it_is_still_the_same }
        sessions { a_key_is_taken_once replace_is_one_step }
        auth_tokens { all_get_the_same_one an_old_one_is_renewed_once one_that_is_made_meanwhile_is_taken no_token_for_a_user_who_is_gone }
        outstanding_tokens { it_is_taken_back_by_one exactly_one_rotation_wins }
        token_families { of_many_at_once_all_get_the_one_successor of_many_at_once_without_a_grace_one_succeeds }
        revocations { no_rotation_outlives_a_revocation }
    }
}

mod on_sqlite_in_memory {
    contract! { crate::memory:
        users { a_user_reads_back a_name_is_taken_once a_name_is_taken_once_whatever_its_case }
        auth_tokens { all_get_the_same_one no_token_for_a_user_who_is_gone }
        outstanding_tokens { exactly_one_rotation_wins }
        token_families {
            the_same_successor_is_answered_again the_grace_ends the_ninth_replay_is_reuse
            a_used_successor_is_not_answered_again a_successor_that_was_taken_back_is_not_answered_again
            another_client_ends_the_family without_detection_another_client_is_refused_only
            of_many_at_once_from_two_clients_nobody_keeps_a_token without_a_binding_any_client_will_do
            without_detection_reuse_is_refused_only what_we_did_not_rotate_is_refused_only
            families_are_apart_and_keep_their_beginning a_family_is_taken_back_by_any_of_its_tokens
            a_client_in_a_loop_does_not_fill_the_disk families_end_with_their_tokens
            of_many_at_once_all_get_the_one_successor of_many_at_once_without_a_grace_one_succeeds
            families_end_while_the_expired_are_deleted
        }
        revocations {
            a_holder_is_found_as_a_user_is everything_of_a_user_is_taken_back what_is_not_meant_stays
            each_revocation_has_a_later_moment of_many_at_once_each_has_a_moment
            a_password_and_what_falls_with_it_are_one_step of_many_new_passwords_at_once_one_is_written
            no_rotation_outlives_a_revocation
        }
    }
}

/// What is written may go beyond what the database holds.
macro_rules! encodings {
    ($bench:path) => {
        contract! { $bench: encodings {
            a_text_that_cannot_be_held_is_a_miss_and_never_a_fault a_name_that_cannot_be_held_is_refused_as_a_wrong_one
        } }
    };
}

mod on_postgres_in_latin1 {
    encodings! { crate::postgres_latin1 }
}

mod on_postgres_in_no_encoding {
    encodings! { crate::postgres_sql_ascii }
}

mod on_postgres_in_utf8 {
    encodings! { crate::postgres }
}

mod on_mariadb_in_latin1 {
    encodings! { crate::mariadb_latin1 }
}

mod on_mariadb_in_utf8mb3 {
    encodings! { crate::mariadb_utf8mb3 }
}
