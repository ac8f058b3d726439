//! Every spelling of an address, and what is said of those that cannot be.

use sqlx::postgres::PgSslMode;

use super::*;

fn read(url: &str) -> Address {
    Address::read(url).expect(url)
}

fn named(url: &str) -> String {
    read(url).named.to_string()
}

fn modes(parameters: &str) -> Vec<String> {
    let address = read(&format!("postgres://app@h/shop?{parameters}"));
    let ways = address.servers.iter().flatten();
    ways.map(|options| format!("{:?}", options.get_ssl_mode()))
        .collect()
}

#[test]
fn servers_and_sockets_are_named_without_who_logs_in() {
    for (url, expected) in [
        (
            "postgres://app:canary@db.example.org/shop",
            "shop on db.example.org:5432: ",
        ),
        (
            "postgres://app:canary@db.example.org",
            "app on db.example.org:5432: ",
        ),
        (
            "postgres://app@[::1]:5433/shop?sslmode=disable",
            "shop on [::1]:5433: ",
        ),
        ("postgres://app@a,b:5433/shop", "shop on a:5432,b:5433: "),
        (
            "postgres://app@/shop?host=/run/postgresql",
            "shop in /run/postgresql: ",
        ),
        (
            "postgres:///shop?host=/run/postgresql",
            "shop in /run/postgresql: ",
        ),
        (
            "postgres://app@%2Frun%2Fpostgresql/shop",
            "shop in /run/postgresql: ",
        ),
        (
            "postgres://app@h/shop?channel_binding=require&connect_timeout=3",
            "shop on h:5432: ",
        ),
        ("postgres://app:ca%40na%2Fry@h:1/sh%20op", "sh op on h:1: "),
    ] {
        assert_eq!(named(url), expected, "{url}");
    }
}

#[test]
fn who_logs_in_is_read_with_any_letters() {
    for (url, user) in [
        ("postgres://app@h/d", "app"),
        ("postgres://a+b%26c:p+w@h/d", "a+b&c"),
        ("postgres://user@tenant:pw@h/d", "user@tenant"),
        ("postgres:///d?user=app&host=h", "app"),
    ] {
        assert_eq!(read(url).servers[0][0].get_username(), user, "{url}");
    }
}

#[test]
fn what_is_wrong_is_told_without_the_password() {
    for url in [
        "postgres://app:canary@h:port/d",
        "postgres://app:can#ary@h/d",
        "postgres://app:can/ary@h/d",
        "postgres://app:can?ary@h/d",
        "postgres://app:canary@h/d?sslmode=canary",
        "postgres://app:canary@h/d?canary=1",
        "postgres://app:canary@h/d?sslmode=require&pass=canary",
        "postgres://app:canary@h/d?sslmode=verify-ca",
        "postgres://app:canary@h/d?sslcert=/etc/hosts",
        "postgres://app:canary@h/d?sslrootcert=/nowhere/ca.pem",
        "postgres://app:canary@h/d?sslrootcert=system&sslmode=require",
        "postgres://app:canary@h/d?connect_timeout=canary",
        "postgres://app:canary@a,b/d?target_session_attrs=standby",
    ] {
        let error = Address::read(url).expect_err(url);
        let told = format!("{error}{error:?}");
        assert!(
            !told.contains("canary") && !told.contains("ary@"),
            "{url}: {error}"
        );
    }
}

#[test]
fn every_sslmode_is_what_libpq_means_by_it() {
    for (parameters, expected) in [
        ("", vec!["Prefer", "Disable"]),
        ("sslmode=disable", vec!["Disable"]),
        ("sslmode=allow", vec!["Disable", "Require"]),
        ("sslmode=prefer", vec!["Prefer", "Disable"]),
        ("sslmode=require", vec!["Require"]),
        ("sslmode=require&sslrootcert=/etc/hosts", vec!["VerifyCa"]),
        ("sslmode=verify-ca&sslrootcert=/etc/hosts", vec!["VerifyCa"]),
        ("sslmode=verify-full", vec!["VerifyFull"]),
        ("sslrootcert=system", vec!["VerifyFull"]),
    ] {
        assert_eq!(modes(parameters), expected, "{parameters}");
    }
    let socket = read("postgres:///d?host=/run/postgresql&sslmode=verify-full");
    assert!(
        matches!(socket.servers[0][0].get_ssl_mode(), PgSslMode::Disable),
        "nothing is in between"
    );
}

#[test]
fn several_servers_mean_the_one_that_takes_writes() {
    let wanted = |url: &str| read(url).wanted;
    assert_eq!(wanted("postgres://h/d"), Wanted::Any);
    assert_eq!(wanted("postgres://a,b/d"), Wanted::Primary);
    assert_eq!(wanted("postgres://a,b/d?target_session_attrs=any"), Wanted::Any);
    assert_eq!(
        wanted("postgres://h/d?target_session_attrs=read-write"),
        Wanted::Primary
    );
}

#[test]
fn settings_of_the_session_are_handed_on() {
    let address = read("postgres://h/d?options=-c%20search_path%3Dshop&options[lock_timeout]=1s");
    let options = address.servers[0][0].get_options().unwrap_or_default();
    assert_eq!(options, "-c search_path=shop -c lock_timeout=1s");
}
