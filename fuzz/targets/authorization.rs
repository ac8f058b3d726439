//! The `Authorization` header: Basic, opaque tokens, bearer tokens.

#![no_main]

use doorward_django::authorization::{BasicCredentials, bearer_token, header_token};
use doorward_django::token_key::TokenKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|header: &[u8]| {
    let _ = BasicCredentials::parse(header);
    let _ = header_token(header, "Token");
    let _ = bearer_token(header, &["Bearer", "JWT"]);
    let _ = std::str::from_utf8(header).map(TokenKey::parse);
});
