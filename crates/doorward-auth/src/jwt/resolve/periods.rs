//! The durations of `[jwt]`: long enough to mean something, and short enough that a date comes out at their end.

use doorward_core::settings::validate::periods::{END_TOKENS, Entry, Least, lives, waits};
use doorward_core::settings::{Findings, JwtSettings};

pub(in crate::jwt) fn check(jwt: &JwtSettings, found: &mut Findings) {
    lives(lifetimes(jwt), found);
    let longest = jwt.refresh_token_max_lifetime.into_iter();
    lives(
        longest.map(|longest| ("jwt.refresh_token_max_lifetime", longest, Least::Zero)),
        found,
    );
    let intervals = [
        ("jwt.flush_interval", jwt.flush_interval, Least::Zero),
        ("jwt.introspection.cache", jwt.introspection.cache, Least::Zero),
    ];
    waits(intervals, found);
}

fn lifetimes(jwt: &JwtSettings) -> [Entry; 6] {
    let sliding = jwt.sliding_token_lifetime;
    let renewal = jwt.sliding_token_refresh_lifetime;
    [
        ("jwt.access_token_lifetime", jwt.access_token_lifetime, END_TOKENS),
        (
            "jwt.refresh_token_lifetime",
            jwt.refresh_token_lifetime,
            END_TOKENS,
        ),
        ("jwt.sliding_token_lifetime", sliding, END_TOKENS),
        ("jwt.sliding_token_refresh_lifetime", renewal, END_TOKENS),
        ("jwt.leeway", jwt.leeway, Least::Zero),
        ("jwt.reuse_grace", jwt.reuse_grace, Least::Zero),
    ]
}
