//! `[jwt]`: SimpleJWT's `SIMPLE_JWT`, every key in lower case, and our own.

mod claims;
mod cookie;
mod keys;

use std::collections::BTreeMap;

use doorward_django::secret::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

pub use claims::{ClaimTemplate, ClaimTemplateError, UserClaim};
pub use cookie::JwtCookieSettings;
pub use keys::{IntrospectionSettings, JwtKeySettings, KeyDirectory, SecretFile};

use crate::settings::Period;

/// `[jwt]`: the settings of `rest_framework_simplejwt.settings.DEFAULTS`. Classes go by short names; what is a
/// dotted Python path there is a trait or a closure here.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "they are SimpleJWT's settings")]
pub struct JwtSettings {
    /// How long an access token lasts (`ACCESS_TOKEN_LIFETIME`).
    pub access_token_lifetime: Period,
    /// How long a refresh token lasts (`REFRESH_TOKEN_LIFETIME`).
    pub refresh_token_lifetime: Period,
    /// Whether a refresh answers with a new refresh token (`ROTATE_REFRESH_TOKENS`).
    pub rotate_refresh_tokens: bool,
    /// Whether the old refresh token is taken back then (`BLACKLIST_AFTER_ROTATION`).
    pub blacklist_after_rotation: bool,
    /// Whether obtaining a token counts as a login (`UPDATE_LAST_LOGIN`).
    pub update_last_login: bool,
    /// The signature algorithm (`ALGORITHM`): HMAC, RSA, ECDSA or EdDSA.
    pub algorithm: String,
    /// The HMAC secret, or the private key in PEM (`SIGNING_KEY`); the secret key unless set.
    pub signing_key: Option<Secret<String>>,
    /// The same, in a file that only its owner can read.
    pub signing_key_file: Option<SecretFile>,
    /// The public key of an asymmetric algorithm, in PEM (`VERIFYING_KEY`); derived from the private one when
    /// empty.
    pub verifying_key: Secret<String>,
    /// The same, in a file.
    pub verifying_key_file: Option<SecretFile>,
    /// Several keys, each with a name: the first that can sign does, all verify.
    pub keys: Vec<JwtKeySettings>,
    /// A directory of keys, as `doorward keys` makes it; the one that began last signs, all verify until they retire.
    pub key_directory: Option<KeyDirectory>,
    /// The audience that is written and demanded, one or several (`AUDIENCE`).
    pub audience: Option<Audience>,
    /// The issuer that is written, and demanded (`ISSUER`).
    pub issuer: Option<String>,
    /// Where public keys are fetched (`JWK_URL`).
    pub jwk_url: Option<String>,
    /// `[jwt.introspection]`
    pub introspection: IntrospectionSettings,
    /// How much clocks may differ (`LEEWAY`).
    pub leeway: Period,
    /// The words accepted before a token, in any case (`AUTH_HEADER_TYPES`); the first one is the challenge.
    pub auth_header_types: Vec<String>,
    /// The header that carries the token (`AUTH_HEADER_NAME`), as `Authorization` or in WSGI's spelling.
    pub auth_header_name: String,
    /// The column that identifies a user (`USER_ID_FIELD`): `id`, `username` or `email`.
    pub user_id_field: String,
    /// The claim that holds it (`USER_ID_CLAIM`).
    pub user_id_claim: String,
    /// The kinds of token that open the API (`AUTH_TOKEN_CLASSES`).
    pub auth_token_classes: Vec<TokenClass>,
    /// The claim that holds the kind (`TOKEN_TYPE_CLAIM`); an empty text in a file: none.
    #[serde(deserialize_with = "none_if_empty")]
    pub token_type_claim: Option<String>,
    /// The claim that holds the id (`JTI_CLAIM`); an empty text in a file: none.
    #[serde(deserialize_with = "none_if_empty")]
    pub jti_claim: Option<String>,
    /// The claim that ends a sliding token's renewal (`SLIDING_TOKEN_REFRESH_EXP_CLAIM`).
    pub sliding_token_refresh_exp_claim: String,
    /// How long a sliding token lasts (`SLIDING_TOKEN_LIFETIME`).
    pub sliding_token_lifetime: Period,
    /// How long it can be renewed (`SLIDING_TOKEN_REFRESH_LIFETIME`).
    pub sliding_token_refresh_lifetime: Period,
    /// Whether a password change revokes tokens (`CHECK_REVOKE_TOKEN`).
    pub check_revoke_token: bool,
    /// The claim that tells the password's digest (`REVOKE_TOKEN_CLAIM`).
    pub revoke_token_claim: String,
    /// Whether inactive users are refused (`CHECK_USER_IS_ACTIVE`).
    pub check_user_is_active: bool,
    /// How long a rotated token may be presented again.
    pub reuse_grace: Period,
    /// What shows that a rotated token comes from the client that rotated it.
    pub reuse_binding: ReuseBinding,
    /// Whether a token presented again after that revokes its family.
    pub reuse_detection: bool,
    /// How long a login may be prolonged by rotation; unless set `90d`, or as long as one refresh token where that is
    /// longer; `0s`: without end.
    pub refresh_token_max_lifetime: Option<Period>,
    /// What the table of outstanding tokens keeps of a token.
    pub store_tokens: TokenStorage,
    /// Whether a password that is changed here revokes the user's tokens.
    pub revoke_on_password_change: bool,
    /// Where the blacklist is asked: in the database alone, or in Redis (`redis.url`) first.
    pub blacklist: Blacklist,
    /// `[jwt.cookie]`
    pub cookie: JwtCookieSettings,
    /// `[jwt.claims]`: what new tokens say besides.
    pub claims: BTreeMap<String, ClaimTemplate>,
    /// Whether a refresh asks for those claims, and for those of hooks, again.
    pub refresh_claims: bool,
    /// How often expired tokens are deleted while the server runs; `0s`: only `doorward flushexpiredtokens` does.
    pub flush_interval: Period,
}

super::of_field!(JwtSettings, jwt);

impl Default for JwtSettings {
    fn default() -> Self {
        Self {
            access_token_lifetime: Period::from_secs(300),
            refresh_token_lifetime: Period::from_secs(86_400),
            rotate_refresh_tokens: false,
            blacklist_after_rotation: false,
            update_last_login: false,
            algorithm: "HS256".to_owned(),
            signing_key: None,
            signing_key_file: None,
            verifying_key: Secret::new(String::new()),
            verifying_key_file: None,
            keys: Vec::new(),
            key_directory: None,
            audience: None,
            issuer: None,
            jwk_url: None,
            introspection: IntrospectionSettings::default(),
            leeway: Period::from_secs(0),
            auth_header_types: vec!["Bearer".to_owned()],
            auth_header_name: "HTTP_AUTHORIZATION".to_owned(),
            user_id_field: "id".to_owned(),
            user_id_claim: "user_id".to_owned(),
            auth_token_classes: vec![TokenClass::Access],
            token_type_claim: Some("token_type".to_owned()),
            jti_claim: Some("jti".to_owned()),
            sliding_token_refresh_exp_claim: "refresh_exp".to_owned(),
            sliding_token_lifetime: Period::from_secs(300),
            sliding_token_refresh_lifetime: Period::from_secs(86_400),
            check_revoke_token: false,
            revoke_token_claim: "hash_password".to_owned(),
            check_user_is_active: true,
            reuse_grace: Period::from_secs(10),
            reuse_binding: ReuseBinding::UserAgent,
            reuse_detection: true,
            refresh_token_max_lifetime: None,
            store_tokens: TokenStorage::Raw,
            revoke_on_password_change: false,
            blacklist: Blacklist::Database,
            cookie: JwtCookieSettings::default(),
            claims: BTreeMap::new(),
            refresh_claims: false,
            flush_interval: Period::from_secs(0),
        }
    }
}

/// TOML has no `None`, which SimpleJWT's settings may be.
fn none_if_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// One audience or several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// A kind of token that may open the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are SimpleJWT's")]
pub enum TokenClass {
    Access,
    Sliding,
    Refresh,
    Untyped,
}

/// What shows that a rotated token comes from the client that rotated it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReuseBinding {
    /// The User-Agent header: no proof, but a thief has to know it.
    UserAgent,
    /// Nothing: any client may.
    None,
}

/// What `token_blacklist_outstandingtoken.token` keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenStorage {
    /// The token's text, as SimpleJWT.
    Raw,
    /// `sha256$` and its SHA-256 in hexadecimal: who reads the table cannot use the tokens.
    Digest,
}

/// Where the blacklist is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Blacklist {
    /// In the database's tables.
    Database,
    /// In Redis first (`redis.url`), and then in the database's tables, which stay the truth.
    Redis,
}
