//! The room `jwt` against what PyJWT and SimpleJWT write and answer (`interop/golden/make_jwt.py`).
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorward_django::json::loads;
use doorward_django::jwt::{
    self, Algorithm, Audience, Claims, Keys, Rules, TokenError, TokenType, UserIdClaim, revoke_digest,
};
use doorward_django::timestamp::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha2::Sha256;

const SECRET: &[u8] = b"a secret that is longer than thirty-two bytes";
const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

// --- Golden vectors -------------------------------------------------------------

struct Golden(Value);

impl Golden {
    fn load() -> Self {
        let text = include_str!("../../../interop/vectors/jwt.json");
        Self(serde_json::from_str(text).unwrap())
    }

    fn rows(&self, name: &str) -> &[Value] {
        self.0[name].as_array().unwrap()
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0["now_micros"].as_i64().unwrap())
    }

    fn keys(&self, profile: &str) -> Keys {
        let algorithm = self.0["profiles"][profile]["ALGORITHM"].as_str().unwrap();
        Keys::new(
            algorithm.parse().unwrap(),
            text(&self.0, "secret").as_bytes(),
            b"",
        )
        .unwrap()
    }

    fn rules(&self, profile: &str) -> Rules {
        let settings = &self.0["profiles"][profile];
        let name = |key: &str| settings[key].as_str().map(str::to_owned);
        Rules {
            audience: audience(&settings["AUDIENCE"]),
            issuer: name("ISSUER"),
            leeway: Duration::from_secs(settings["LEEWAY"].as_u64().unwrap()),
            token_type_claim: name("TOKEN_TYPE_CLAIM"),
            jti_claim: name("JTI_CLAIM"),
            user_id_claim: name("USER_ID_CLAIM").unwrap(),
            sliding_token_refresh_exp_claim: name("SLIDING_TOKEN_REFRESH_EXP_CLAIM").unwrap(),
            ..Rules::default()
        }
    }

    /// The bytes whose version 4 UUID is the id of every token that was made.
    fn jti(&self) -> [u8; 16] {
        let digits = u128::from_str_radix(text(&self.0, "jti"), 16).unwrap();
        digits.to_be_bytes()
    }

    fn judge(&self, row: &Value) -> Result<(), TokenError> {
        let (profile, kind) = (text(row, "profile"), kind(text(row, "kind")));
        let (rules, keys) = (self.rules(profile), self.keys(profile));
        let claims = jwt::decode(text(row, "token"), &rules, &keys.verifying, self.now())?;
        claims.verify(kind, &rules, self.now())
    }
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap()
}

fn audience(setting: &Value) -> Option<Audience> {
    match setting {
        Value::String(name) => Some(Audience::One(name.clone())),
        Value::Array(names) => {
            let names = names.iter().map(|name| name.as_str().unwrap().to_owned());
            Some(Audience::Any(names.collect()))
        }
        _ => None,
    }
}

fn kind(name: &str) -> TokenType {
    let all = [
        TokenType::Access,
        TokenType::Refresh,
        TokenType::Sliding,
        TokenType::Untyped,
    ];
    all.into_iter().find(|kind| kind.name() == name).unwrap()
}

fn verdict(result: Result<(), TokenError>) -> String {
    result.map_or_else(|error| error.to_string(), |()| "ok".to_owned())
}

#[test]
fn tokens_are_simplejwt_s_to_the_byte() {
    let golden = Golden::load();
    for row in golden.rows("minted") {
        let profile = text(row, "profile");
        let (rules, keys, now) = (golden.rules(profile), golden.keys(profile), golden.now());
        let encode = |claims: &Claims| jwt::encode(claims, &rules, &keys.signing).unwrap();

        let extra = r#"["😀\u007f\u2028", 1.5, 1e16, 1e-5, null, true, {"b": 1, "a": 2}, 10000000000000000000000000000000000000000]"#;
        let refresh = Claims::new_token(TokenType::Refresh, golden.jti(), now, &rules)
            .for_user("5", &rules)
            .with("café", loads(extra).unwrap());
        assert_eq!(encode(&refresh), text(row, "refresh"), "{profile}");

        let decoded = jwt::decode(text(row, "refresh"), &rules, &keys.verifying, now).unwrap();
        let access = decoded.access_token(golden.jti(), now, &rules);
        assert_eq!(encode(&access), text(row, "access"), "{profile}");
        let rotated = decoded.rotated(golden.jti(), now, &rules);
        assert_eq!(encode(&rotated), text(row, "rotated"), "{profile}");

        let sliding = Claims::new_token(TokenType::Sliding, golden.jti(), now, &rules).for_user("5", &rules);
        assert_eq!(encode(&sliding), text(row, "sliding"), "{profile}");
    }
}

#[test]
fn verdicts_are_simplejwt_s_but_for_the_wanted_differences() {
    let golden = Golden::load();
    assert!(golden.rows("verdicts").len() > 300);
    for row in golden.rows("verdicts") {
        let found = verdict(golden.judge(row));
        assert_eq!(
            found,
            text(row, "expect"),
            "row {} of the catalogue: {}",
            row["row"],
            row["name"]
        );
    }
}

#[test]
fn a_sliding_token_has_a_second_end() {
    let golden = Golden::load();
    let (rules, keys, now) = (golden.rules("default"), golden.keys("default"), golden.now());
    for row in golden.rows("sliding") {
        let claims = jwt::decode(text(row, "token"), &rules, &keys.verifying, now).unwrap();
        assert_eq!(claims.verify(TokenType::Sliding, &rules, now), Ok(()));
        assert_eq!(
            verdict(claims.check_exp("refresh_exp", &rules, now)),
            text(row, "expect")
        );
    }
}

#[test]
fn users_are_those_simplejwt_finds() {
    let golden = Golden::load();
    for row in golden.rows("user_ids") {
        let claim = loads(text(row, "claim")).unwrap();
        let claims = Claims::new().with("user_id", claim);
        let id = claims.user_id(&Rules::default());
        let found = match id.and_then(|id| id.unwrap().integer()) {
            Ok(Some(id @ (1 | 2 | 5))) => format!("user {id}"),
            Ok(_) => "user_not_found".to_owned(),
            Err(_) => "token_not_valid".to_owned(),
        };
        assert_eq!(found, text(row, "expect"), "{}", row["claim"]);
    }
    assert_eq!(Claims::new().user_id(&Rules::default()), Ok(None));
}

#[test]
fn revoke_digests_are_simplejwt_s() {
    for row in Golden::load().rows("revoke") {
        assert_eq!(revoke_digest(text(row, "password")), text(row, "digest"));
    }
}

// --- Properties -----------------------------------------------------------------

fn decode(token: impl AsRef<[u8]>) -> Result<Claims, TokenError> {
    jwt::decode(token, &Rules::default(), &Keys::hs256(SECRET).verifying, NOW)
}

fn accepted(token: impl AsRef<[u8]>) -> Result<(), TokenError> {
    decode(token)?.verify(TokenType::Access, &Rules::default(), NOW)
}

fn access() -> Claims {
    Claims::new_token(TokenType::Access, [3; 16], NOW, &Rules::default()).for_user("5", &Rules::default())
}

fn encode(claims: &Claims) -> String {
    jwt::encode(claims, &Rules::default(), &Keys::hs256(SECRET).signing).unwrap()
}

/// Any bytes as header and payload, under a good signature.
fn signed(header: &[u8], payload: &[u8]) -> String {
    let text = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let mac = Hmac::<Sha256>::new_from_slice(SECRET)
        .unwrap()
        .chain_update(&text);
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn what_was_encoded_is_decoded(name in "[^\0]{0,12}", value in any_json()) {
        prop_assume!(!["exp", "iat", "nbf", "sub", "jti"].contains(&name.as_str()));
        let claims = access().with(name, value);
        prop_assert_eq!(decode(encode(&claims)), Ok(claims));
    }

    #[test]
    fn any_flipped_bit_is_refused(value in any_json(), at: prop::sample::Index, bit in 0..8_u32) {
        let mut token = encode(&access().with("x", value)).into_bytes();
        let at = at.index(token.len());
        token[at] ^= 1 << bit;
        prop_assert_eq!(decode(token), Err(TokenError::Invalid));
    }

    #[test]
    fn any_text_has_an_answer(token in any::<Vec<u8>>()) {
        prop_assert_eq!(decode(token), Err(TokenError::Invalid));
    }

    #[test]
    fn any_three_parts_have_an_answer(token in "[A-Za-z0-9_=-]{0,60}[.][A-Za-z0-9_=-]{0,60}[.][A-Za-z0-9_-]{0,90}") {
        prop_assert_eq!(decode(token), Err(TokenError::Invalid));
    }

    #[test]
    fn any_signed_payload_has_an_answer(payload in any::<Vec<u8>>()) {
        let _ = decode(signed(br#"{"alg":"HS256"}"#, &payload));
    }

    #[test]
    fn any_signed_header_has_an_answer(header in any::<Vec<u8>>()) {
        prop_assert_eq!(decode(signed(&header, b"{}")), Err(TokenError::Invalid));
    }

    #[test]
    fn claims_of_the_wrong_kind_never_pass(
        name in prop::sample::select(vec!["exp", "jti", "token_type", "sub", "iat", "nbf"]),
        value in any_json(),
    ) {
        let wrong = match name {
            "exp" | "iat" | "nbf" => !value.is_number() && !value.is_boolean(),
            "token_type" => value != "access",
            _ => !value.is_string(),
        };
        let verdict = accepted(encode(&access().with(name, value)));
        prop_assert!(!wrong || verdict.is_err(), "{:?}", verdict);
    }

    #[test]
    fn any_claims_have_an_answer(value in any_json(), name in "exp|jti|token_type|user_id|iat|nbf|sub|aud|iss") {
        let claims = access().with(name, value);
        let _ = accepted(encode(&claims));
        let rules = Rules::default();
        let _ = (claims.jti(&rules), claims.exp(), claims.token_type(&rules), claims.user_id(&rules));
        let _ = claims.check_exp("exp", &rules, Timestamp::from_micros(i64::MIN));
        let _ = claims.rotated([0; 16], Timestamp::from_micros(i64::MAX), &rules);
    }

    #[test]
    fn a_token_ends_when_it_says(exp in 0..4_000_000_000_i64, now in 0..4_000_000_000_000_000_i64, leeway in 0..100_u64) {
        let rules = Rules { leeway: Duration::from_secs(leeway), ..Rules::default() };
        let now = Timestamp::from_micros(now);
        let claims = Claims::new().with("exp", exp);
        let keys = Keys::hs256(SECRET);
        let token = jwt::encode(&claims, &rules, &keys.signing).unwrap();
        let over = Timestamp::from_secs(exp).saturating_add(rules.leeway) <= now;
        let expected = if over { Err(TokenError::Expired) } else { Ok(claims) };
        prop_assert_eq!(jwt::decode(token, &rules, &keys.verifying, now), expected);
    }

    #[test]
    fn text_ids_are_kept_letter_by_letter(id: String) {
        let claims = access().for_user(&id, &Rules::default());
        let read = claims.user_id(&Rules::default()).unwrap().unwrap();
        prop_assert_eq!(read.text().unwrap(), id.as_str());
    }
}

// --- Hostile input --------------------------------------------------------------

#[test]
fn every_flipped_bit_is_refused() {
    let token = encode(&access()).into_bytes();
    assert_eq!(accepted(&token), Ok(()));
    for position in 0..token.len() {
        for bit in 0..8 {
            let mut flipped = token.clone();
            flipped[position] ^= 1 << bit;
            assert_eq!(
                accepted(&flipped),
                Err(TokenError::Invalid),
                "byte {position}, bit {bit}"
            );
        }
    }
}

#[test]
fn every_cut_and_every_byte_more_is_refused() {
    let token = encode(&access());
    for end in 0..token.len() {
        assert_eq!(accepted(&token[..end]), Err(TokenError::Invalid), "{end}");
        assert_eq!(
            accepted(&token[token.len() - end..]),
            Err(TokenError::Invalid),
            "{end}"
        );
    }
    for byte in 0..=u8::MAX {
        assert_eq!(
            accepted([token.as_bytes(), &[byte]].concat()),
            Err(TokenError::Invalid),
            "{byte}"
        );
        assert_eq!(
            accepted([&[byte], token.as_bytes()].concat()),
            Err(TokenError::Invalid),
            "{byte}"
        );
    }
}

#[test]
fn the_flipped_bits_of_a_signature_are_refused() {
    let token = encode(&access());
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    for bit in 0..256 {
        let mut forged = signature.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        let forged = format!("{message}.{}", URL_SAFE_NO_PAD.encode(forged));
        assert_eq!(accepted(forged), Err(TokenError::Invalid), "bit {bit}");
    }
}

#[test]
fn large_input_takes_linear_time() {
    let dots = ".".repeat(100_000);
    let long = format!(
        "{}.{}.{}",
        "A".repeat(20_000),
        "A".repeat(20_000),
        "A".repeat(20_000)
    );
    let megabytes = encode(&access().with("x", "y".repeat(10_000_000)));
    let padding = format!(r#"{{"alg":"HS256","x":"{}"}}"#, "y".repeat(200_000));
    let keys = Keys::hs256(SECRET);
    for token in [
        dots,
        long,
        megabytes,
        signed(padding.as_bytes(), b"{}"),
        "..".to_owned(),
        ".".repeat(60_000),
    ] {
        for _ in 0..20 {
            let refused = jwt::decode(&token, &Rules::default(), &keys.verifying, NOW);
            assert_eq!(refused, Err(TokenError::Invalid));
        }
    }
}

#[test]
fn deep_nesting_is_refused_on_half_a_worker_s_stack() {
    let deep = |open: &str, count: usize| signed(br#"{"alg":"HS256"}"#, open.repeat(count).as_bytes());
    let check = move || {
        for token in [
            deep("[", 5_000),
            deep("{\"a\":", 5_000),
            deep("[", 40_000),
            signed(&[b'['; 40_000], b"{}"),
        ] {
            assert_eq!(decode(token), Err(TokenError::Invalid));
        }
    };
    let small = std::thread::Builder::new().stack_size(1024 * 1024);
    small.spawn(check).unwrap().join().unwrap();
}

#[test]
fn the_end_of_a_token_is_not_part_of_its_life() {
    let end = NOW.as_secs();
    let claims = access().with("iat", 0).with("exp", end).with("refresh_exp", end);
    let keys = Keys::hs256(SECRET);
    let at_end = |leeway: u64| {
        let rules = Rules {
            leeway: Duration::from_secs(leeway),
            ..Rules::default()
        };
        let now = NOW.saturating_add(rules.leeway);
        let just_before = Timestamp::from_micros(now.as_micros() - 1);
        let token = jwt::encode(&claims, &rules, &keys.signing).unwrap();
        assert!(jwt::decode(&token, &rules, &keys.verifying, just_before).is_ok());
        assert_eq!(
            jwt::decode(&token, &rules, &keys.verifying, now),
            Err(TokenError::Expired)
        );
        let passed = Err(TokenError::ClaimExpired("refresh_exp".to_owned()));
        assert_eq!(claims.check_exp("refresh_exp", &rules, just_before), Ok(()));
        assert_eq!(claims.check_exp("refresh_exp", &rules, now), passed);
    };
    at_end(0);
    at_end(10);
}

#[test]
fn a_key_answers_to_its_algorithm_only() {
    const HMAC: [Algorithm; 3] = [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512];
    for ours in HMAC {
        for theirs in HMAC {
            let theirs_keys = Keys::new(theirs, SECRET, b"").unwrap();
            let token = jwt::encode(&access(), &Rules::default(), &theirs_keys.signing).unwrap();
            let keys = Keys::new(ours, SECRET, b"").unwrap();
            let read = jwt::decode(token, &Rules::default(), &keys.verifying, NOW);
            assert_eq!(read.is_ok(), ours == theirs, "{theirs} where {ours} is set");
        }
    }
}

// --- Tokens from tokens ---------------------------------------------------------

#[test]
fn a_renewed_sliding_token_keeps_its_id_and_last_end() {
    let rules = Rules::default();
    let old = Claims::new_token(TokenType::Sliding, [1; 16], NOW, &rules).for_user("5", &rules);
    let later = NOW.saturating_add(Duration::from_secs(100));
    let new = old.renewed(later, &rules);
    assert_eq!(new.jti(&rules), old.jti(&rules));
    assert_eq!(new.get("refresh_exp"), old.get("refresh_exp"));
    assert_eq!(
        new.exp(),
        Some(later.saturating_add(rules.sliding_token_lifetime))
    );
    assert_eq!(new.get("iat").unwrap(), &json!(later.as_secs()));
}

#[test]
fn an_access_token_takes_over_what_is_not_its_own() {
    let rules = Rules {
        jti_claim: Some("tid".to_owned()),
        ..Rules::default()
    };
    let refresh = Claims::new_token(TokenType::Refresh, [1; 16], NOW, &rules)
        .for_user("5", &rules)
        .revoked_with("pbkdf2_sha256$1$s$h", &rules)
        .with("jti", "another's")
        .with("tier", "gold");
    let access = refresh.access_token([2; 16], NOW, &rules);
    let names: Vec<_> = access.as_object().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "token_type",
            "exp",
            "iat",
            "tid",
            "user_id",
            "hash_password",
            "tier"
        ]
    );
    assert_ne!(access.jti(&rules), refresh.jti(&rules));
    assert_eq!(access.user_id(&rules), Ok(Some(UserIdClaim::Integer(5))));
    assert_eq!(
        access.exp(),
        Some(NOW.saturating_add(rules.access_token_lifetime))
    );
}
