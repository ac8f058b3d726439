//! Durations, and seconds that stand as a number: long enough to mean something, and short enough that a date comes out
//! at their end. Dates end with the year 9999, as Python's do.

use super::{Findings, Settings};
use crate::settings::{JwtSettings, Period, ServerSettings};

const DAY_S: u64 = 86_400;

/// What ends at a date: a thousand years, whatever the date is now.
const LONGEST_LIFE: Period = Period::from_secs(365_000 * DAY_S);

/// What somebody waits for.
const LONGEST_WAIT: Period = Period::from_secs(365 * DAY_S);

/// The shortest that is possible, and what a shorter one would do.
#[derive(Clone, Copy)]
pub(crate) enum Least {
    /// `0s`, as "never" or "at once".
    Zero,
    Millisecond(&'static str),
    /// Claims of tokens and ages of cookies are told in whole seconds.
    Second(&'static str),
}

/// A key, how long it is, and the shortest that is possible.
pub(crate) type Entry = (&'static str, Period, Least);

/// `lives_of_apps` stand in the sections of apps, and end at dates.
pub(crate) fn check(settings: &Settings, lives_of_apps: &[Entry], found: &mut Findings) {
    let mut lives = cookies(settings).to_vec();
    lives.extend(tokens(&settings.jwt));
    lives.extend(lives_of_apps);
    lives.extend(optional(settings));
    lives.extend(seconds(settings));
    for (key, period, least) in lives {
        within(period, LONGEST_LIFE, least, key, found);
    }
    for (key, period, least) in waits(settings) {
        within(period, LONGEST_WAIT, least, key, found);
    }
}

const END_COOKIES: Least = Least::Second("would end every cookie at once");
const END_TOKENS: Least = Least::Second("would end every token at once");
const END_LINKS: Least = Least::Second("would end every link at once");

fn cookies(settings: &Settings) -> [Entry; 2] {
    [
        ("session.cookie_age", settings.session.cookie_age, END_COOKIES),
        ("csrf.cookie_age", settings.csrf.cookie_age, END_COOKIES),
    ]
}

fn tokens(jwt: &JwtSettings) -> [Entry; 6] {
    [
        ("jwt.access_token_lifetime", jwt.access_token_lifetime, END_TOKENS),
        (
            "jwt.refresh_token_lifetime",
            jwt.refresh_token_lifetime,
            END_TOKENS,
        ),
        (
            "jwt.sliding_token_lifetime",
            jwt.sliding_token_lifetime,
            END_TOKENS,
        ),
        (
            "jwt.sliding_token_refresh_lifetime",
            jwt.sliding_token_refresh_lifetime,
            END_TOKENS,
        ),
        ("jwt.leeway", jwt.leeway, Least::Zero),
        ("jwt.reuse_grace", jwt.reuse_grace, Least::Zero),
    ]
}

fn optional(settings: &Settings) -> impl Iterator<Item = Entry> {
    let periods = [
        ("token.max_age", settings.token.max_age, END_TOKENS),
        (
            "jwt.refresh_token_max_lifetime",
            settings.jwt.refresh_token_max_lifetime,
            Least::Zero,
        ),
        (
            "passwords.reset_timeout",
            Some(settings.passwords.reset_timeout),
            END_LINKS,
        ),
    ];
    periods
        .into_iter()
        .filter_map(|(key, period, least)| Some((key, period?, least)))
}

/// Seconds in the place of a duration, as Django and django-cors-headers have them.
fn seconds(settings: &Settings) -> [Entry; 2] {
    let period = Period::from_secs;
    [
        (
            "security.hsts_seconds",
            period(settings.security.hsts_seconds),
            Least::Zero,
        ),
        (
            "cors.preflight_max_age",
            period(settings.cors.preflight_max_age),
            Least::Zero,
        ),
    ]
}

fn waits(settings: &Settings) -> Vec<Entry> {
    let http2 = &settings.server.http2;
    let pings = !http2.ping_interval.duration().is_zero();
    let ping_timeout = match pings {
        true => Least::Millisecond("would end every connection"),
        false => Least::Zero,
    };
    let mut waits = server(&settings.server).to_vec();
    waits.extend([
        ("server.http2.ping_interval", http2.ping_interval, Least::Zero),
        ("server.http2.ping_timeout", http2.ping_timeout, ping_timeout),
        (
            "redis.timeout",
            settings.redis.timeout,
            Least::Millisecond("would never wait for an answer"),
        ),
        ("cache.max_staleness", settings.cache.max_staleness, Least::Zero),
        ("cache.max_age", settings.cache.max_age, Least::Zero),
        (
            "session.flush_interval",
            settings.session.flush_interval,
            Least::Zero,
        ),
        ("jwt.flush_interval", settings.jwt.flush_interval, Least::Zero),
        (
            "jwt.introspection.cache",
            settings.jwt.introspection.cache,
            Least::Zero,
        ),
    ]);
    waits
}

fn server(server: &ServerSettings) -> [Entry; 7] {
    let refuse = Least::Millisecond("would refuse every request");
    let close = Least::Millisecond("would close connections in use");
    [
        ("server.shutdown_grace", server.shutdown_grace, Least::Zero),
        ("server.shutdown_delay", server.shutdown_delay, Least::Zero),
        ("server.header_timeout", server.header_timeout, refuse),
        ("server.body_timeout", server.body_timeout, Least::Zero),
        ("server.handler_timeout", server.handler_timeout, Least::Zero),
        ("server.write_timeout", server.write_timeout, Least::Zero),
        ("server.keep_alive_timeout", server.keep_alive_timeout, close),
    ]
}

fn within(period: Period, longest: Period, least: Least, key: &str, found: &mut Findings) {
    let (shortest, effect) = match least {
        Least::Zero => (Period::from_secs(0), ""),
        Least::Millisecond(effect) => (Period::from_millis(1), effect),
        Least::Second(effect) => (Period::from_secs(1), effect),
    };
    found.require(period >= shortest, key, || {
        format!("{period} {effect}; the shortest is {shortest}")
    });
    found.require(period <= longest, key, || {
        let seconds = longest.duration().as_secs();
        format!("{period} is too long; the longest is {longest}, which is {seconds} seconds")
    });
}
