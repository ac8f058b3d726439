//! JSON web tokens: any bytes, and any header and payload under a signature that holds.

#![no_main]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorward_django::jwt::{
    Algorithm, Claims, Keyring, Keys, RingKey, Rules, TokenType, claimed_kid, decode,
};
use doorward_django::timestamp::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use sha2::Sha256;

const SECRET: &[u8] = b"a secret for fuzzing, which is none";

fuzz_target!(|token: &[u8]| {
    let now = Timestamp::from_secs(1_700_000_000);
    let keys = Keys::hs256(SECRET);
    let _ = claimed_kid(token);
    let rules = Rules::default();
    read(decode(token, &rules, &keys.verifying, now).ok(), now);
    let ring = RingKey::new(Algorithm::Hs256, SECRET, b"").map(|key| Keyring::new([key.named("one")]));
    if let Ok(Ok(ring)) = ring {
        read(ring.decode(token, &rules, now).ok(), now);
    }
    let (header, payload) = token.split_at(token.iter().position(|byte| *byte == 0).unwrap_or(0));
    let header = if header.is_empty() {
        br#"{"alg":"HS256","typ":"JWT"}"#
    } else {
        header
    };
    read(
        decode(signed(header, payload), &rules, &keys.verifying, now).ok(),
        now,
    );
});

fn signed(header: &[u8], payload: &[u8]) -> String {
    let payload = payload.strip_prefix(&[0]).unwrap_or(payload);
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length will do");
    mac.update(message.as_bytes());
    format!(
        "{message}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}

/// All that is asked of claims.
fn read(claims: Option<Claims>, now: Timestamp) {
    let Some(claims) = claims else { return };
    let rules = Rules::default();
    for kind in [TokenType::Access, TokenType::Refresh, TokenType::Sliding] {
        let _ = claims.verify(kind, &rules, now);
    }
    let _ = (
        claims.jti(&rules),
        claims.exp(),
        claims.iat(),
        claims.user_id(&rules),
    );
    let _ = claims
        .rotated([0; 16], now, &rules)
        .renewed(now, &rules)
        .access_token([0; 16], now, &rules);
}
