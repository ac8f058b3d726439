mod known;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use doorward_core::app::Given;
use doorward_core::http_client::trusted_url;
use doorward_core::settings::{
    Blacklist, Findings, JwtSettings, Settings, SettingsError, SettingsErrors, TokenStorage,
};
use doorward_core::stores::{ReuseRule, StoreError, UserField};
use doorward_django::jwt::{self, Claims, Fault, Keyring, SignError, TokenError, TokenType};
use doorward_django::timestamp::Timestamp;
use http::{HeaderName, HeaderValue};

use super::cookies::CookieRules;
use super::remembered::Remembered;
use super::remote_keys::RemoteKeys;
use super::resolve::{self, cookies, keys, periods, words};

/// The settings' rules and keys, resolved (`rest_framework_simplejwt.settings.api_settings`).
#[derive(Debug)]
pub struct TokenRules {
    claims: jwt::Rules,
    keyring: ArcSwap<Keyring>,
    remote: OnceLock<RemoteKeys>,
    /// `None` where nothing is to be remembered.
    remembered: Option<Remembered>,
    header_name: HeaderName,
    header_types: Vec<String>,
    challenge: HeaderValue,
    cookies: Option<CookieRules>,
    classes: Vec<TokenType>,
    user_id_field: UserField,
    rotation: RotationRule,
    reuse: ReuseRule,
    max_lifetime: Option<Duration>,
    storage: TokenStorage,
    blacklist_after_rotation: bool,
    check_revoke_token: bool,
    revoke_on_password_change: bool,
    check_user_is_active: bool,
    update_last_login: bool,
    refresh_claims: bool,
    flush_interval: Duration,
}

/// What a refresh does with the refresh token it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationRule {
    /// It stays, and no other one is issued.
    Off,
    /// A successor is issued, and it stays as good (`ROTATE_REFRESH_TOKENS`).
    Rotate,
    /// A successor is issued, and it is taken back (`BLACKLIST_AFTER_ROTATION` too).
    RotateAndBlacklist,
}

impl TokenRules {
    /// The rules of the settings.
    ///
    /// # Errors
    /// [`SettingsErrors`] for values that are impossible or not supported yet, such as a weak key or an
    /// unknown algorithm.
    pub fn new(settings: &Settings) -> Result<Self, SettingsErrors> {
        Findings::of(|found| Self::resolve(settings, found))
    }

    /// As [`TokenRules::new`]; each thing that is wrong is told by itself.
    fn resolve(settings: &Settings, found: &mut Findings) -> Option<Self> {
        let jwt = &settings.jwt;
        periods::check(jwt, found);
        cookies::check(settings, found);
        words::headers(jwt, found);
        words::claims(jwt, found);
        found.note(resolve::check_supported(jwt));
        let keyring = found.note_if_new(keys::keyring(settings));
        let header_name = found.note(resolve::header_name(&jwt.auth_header_name));
        let challenge = found.note_if_new(resolve::challenge(jwt));
        let user_id_field = found.note(resolve::user_id_field(jwt, &settings.user));
        check_urls(jwt, found);
        let has_server = jwt.blacklist == Blacklist::Database || settings.redis.url.is_some();
        found.require(has_server, "jwt.blacklist", || {
            "`redis` needs a server: set `redis.url`, or leave it at `database`".to_owned()
        });
        Some(Self {
            claims: resolve::claims(jwt),
            keyring: ArcSwap::from_pointee(keyring?),
            remote: OnceLock::new(),
            remembered: settings
                .cache
                .enabled
                .then(|| Remembered::new(settings.cache.max_memory / 4)),
            header_name: header_name?,
            header_types: jwt.auth_header_types.clone(),
            challenge: challenge?,
            cookies: CookieRules::of(settings),
            classes: resolve::classes(jwt),
            user_id_field: user_id_field?,
            rotation: resolve::rotation(jwt),
            reuse: resolve::reuse(jwt),
            max_lifetime: resolve::max_lifetime(jwt),
            storage: jwt.store_tokens,
            blacklist_after_rotation: jwt.blacklist_after_rotation,
            check_revoke_token: jwt.check_revoke_token,
            revoke_on_password_change: jwt.revoke_on_password_change,
            check_user_is_active: jwt.check_user_is_active,
            update_last_login: jwt.update_last_login,
            refresh_claims: jwt.refresh_claims,
            flush_interval: jwt.flush_interval.duration(),
        })
    }

    /// The rules on claims.
    #[must_use]
    pub fn rules(&self) -> &jwt::Rules {
        &self.claims
    }

    /// The keys that sign and verify now; others may take their place at any time.
    #[must_use]
    pub fn keyring(&self) -> Arc<Keyring> {
        self.keyring.load_full()
    }

    /// Puts the keys of those settings in the place of ours, while requests go on.
    ///
    /// # Errors
    /// [`SettingsError`] for keys that cannot be used; ours stay then.
    pub fn reload_keys(&self, settings: &Settings) -> Result<(), SettingsError> {
        self.keyring.store(Arc::new(keys::keyring(settings)?));
        Ok(())
    }

    /// Signs claims with the key that signs now.
    ///
    /// # Errors
    /// Where no key may sign.
    pub fn encode(&self, claims: &Claims, now: Timestamp) -> Result<String, SignError> {
        self.keyring.load().encode(claims, &self.claims, now)
    }

    /// Reads a token: its signature by our keys or those at `jwt.jwk_url`, and its registered claims.
    ///
    /// # Errors
    /// The outer ones tell that keys cannot be fetched, the inner ones what is wrong with the token.
    pub async fn decode(
        &self,
        token: &[u8],
        now: Timestamp,
    ) -> Result<Result<Claims, TokenError>, StoreError> {
        let Some(remote) = self.remote.get() else {
            return Ok(self.keyring.load().decode(token, &self.claims, now));
        };
        let keyring = remote.keyring(jwt::claimed_kid(token).as_deref(), now).await?;
        Ok(keyring.decode(token, &self.claims, now))
    }

    /// The rule of [`decode`](Self::decode) that a token breaks, as far as the keys at hand tell.
    pub(crate) fn fault(&self, token: &[u8], now: Timestamp) -> Option<Fault> {
        match self.remote.get() {
            Some(remote) => remote.known()?.fault(token, &self.claims, now),
            None => self.keyring.load().fault(token, &self.claims, now),
        }
    }

    /// Lets the keys at `jwt.jwk_url` be fetched with the client that the door was given.
    pub(super) fn fetch_keys(&self, given: &Given<'_>) -> Result<(), SettingsError> {
        let (key, settings) = ("jwt.jwk_url", &given.settings().jwt);
        let Some(url) = &settings.jwk_url else {
            return Ok(());
        };
        let url = trusted_url(key, url)?;
        let Some(client) = given.http_client() else {
            let problem = "nothing fetches it in this build; switch on the feature `jwks-client`";
            return Err(SettingsError::new(key, problem));
        };
        let algorithm = keys::algorithm("jwt.algorithm", &settings.algorithm)?;
        self.remote
            .get_or_init(|| RemoteKeys::new(url, algorithm, Arc::clone(client)));
        Ok(())
    }

    /// The header that carries the token (`AUTH_HEADER_NAME`).
    #[must_use]
    pub fn header_name(&self) -> &HeaderName {
        &self.header_name
    }

    /// The words accepted before it (`AUTH_HEADER_TYPES`), in any case.
    #[must_use]
    pub fn header_types(&self) -> &[String] {
        &self.header_types
    }

    /// The challenge of a 401: `Bearer realm="api"`, with the first of the words.
    #[must_use]
    pub fn challenge(&self) -> &HeaderValue {
        &self.challenge
    }

    /// How tokens travel in cookies; `None` where none does.
    #[must_use]
    pub fn cookies(&self) -> Option<&CookieRules> {
        self.cookies.as_ref()
    }

    /// The kinds of token that open the API (`AUTH_TOKEN_CLASSES`).
    #[must_use]
    pub fn classes(&self) -> &[TokenType] {
        &self.classes
    }

    /// The column that identifies a user (`USER_ID_FIELD`).
    #[must_use]
    pub fn user_id_field(&self) -> UserField {
        self.user_id_field
    }

    /// What a refresh does with its token.
    #[must_use]
    pub fn rotation(&self) -> RotationRule {
        self.rotation
    }

    /// When a rotated token may be shown again.
    #[must_use]
    pub fn reuse(&self) -> ReuseRule {
        self.reuse
    }

    /// Tokens whose end is not after that are refused by everyone at `now`: what is kept of them may go.
    #[must_use]
    pub fn ended(&self, now: Timestamp) -> Timestamp {
        now.saturating_sub(self.claims.leeway)
    }

    /// How often tokens that have expired are deleted (`flush_interval`); never where that is zero.
    pub(super) fn flush_interval(&self) -> Duration {
        self.flush_interval
    }

    /// How long rotation may prolong a login (`refresh_token_max_lifetime`); `None` where it has no end, or does not.
    #[must_use]
    pub fn max_lifetime(&self) -> Option<Duration> {
        self.max_lifetime
    }

    /// What is kept of a token that was issued.
    #[must_use]
    pub fn storage(&self) -> TokenStorage {
        self.storage
    }

    /// Whether tokens fall with the password (`CHECK_REVOKE_TOKEN`).
    #[must_use]
    pub fn checks_revoke_token(&self) -> bool {
        self.check_revoke_token
    }

    /// Whether a token that is verified is looked for on the blacklist (`BLACKLIST_AFTER_ROTATION`, as SimpleJWT has it).
    pub(crate) fn looks_at_blacklist(&self) -> bool {
        self.blacklist_after_rotation
    }

    /// Whether a user's tokens are taken back with a password that is changed (`revoke_on_password_change`).
    pub(crate) fn revokes_on_password_change(&self) -> bool {
        self.revoke_on_password_change
    }

    /// Whether a password that is changed here ends the user's tokens, by either rule.
    pub(crate) fn fall_with_password(&self) -> bool {
        self.check_revoke_token || self.revoke_on_password_change
    }

    /// Whether inactive users are refused (`CHECK_USER_IS_ACTIVE`).
    #[must_use]
    pub fn checks_user_is_active(&self) -> bool {
        self.check_user_is_active
    }

    /// Whether obtaining a token counts as a login (`UPDATE_LAST_LOGIN`).
    #[must_use]
    pub fn updates_last_login(&self) -> bool {
        self.update_last_login
    }

    /// Whether a refresh asks for the claims of templates and hooks again (`refresh_claims`).
    #[must_use]
    pub fn refreshes_claims(&self) -> bool {
        self.refresh_claims
    }
}

fn check_urls(jwt: &JwtSettings, found: &mut Findings) {
    let urls = [
        ("jwt.jwk_url", &jwt.jwk_url),
        ("jwt.introspection.url", &jwt.introspection.url),
    ];
    for (key, url) in urls {
        if let Some(url) = url {
            found.note_if_new(trusted_url(key, url));
        }
    }
}
