//! What users type into `doorward.toml` and the environment, and what they are told.
#![cfg(feature = "config")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorward::app::{App, Apps, Installed, Site};
use doorward::django::secret::Secret;
use doorward::exception_handler::exception_handler;
use doorward::settings::{
    Audience, Environment, LoadErrors, Loader, Period, SameSite, Section, Settings, SettingsErrors,
    TokenSettings,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const KEY: &str = "a-key-for-tests-that-is-long-enough-0123456789";

/// Every key of the contract's table.
const EVERY_KEY: &str = r#"
secret_key = "a-key-for-tests-that-is-long-enough-0123456789"
secret_key_fallbacks = ["an-older-key-for-tests-that-is-long-enough"]
debug = false
allowed_hosts = ["127.0.0.1", ".example.com"]
append_slash = true
[database]
url = "sqlite://doorward.sqlite3"
[redis]
url = "redis://:password@cache.example:6379/1"
prefix = "site:"
timeout = "20ms"
[user]
table = "auth_user"
id = "int"
username_field = "username"
[rest]
authentication = ["basic", "session", "token", "jwt", "jwt-stateless"]
permission = "IsAuthenticatedOrReadOnly"
[token]
keyword = "Token"
auto_create = false
max_age = "30d"
[passwords]
hashers = ["argon2", "pbkdf2_sha256", "bcrypt", "md5"]
validators = ["MinimumLengthValidator"]
workers = 2
queue = 10
[session]
cookie_name = "sid"
cookie_age = "14d"
save_every_request = true
expire_at_browser_close = true
cookie_secure = true
cookie_httponly = true
cookie_samesite = "Strict"
cookie_domain = "example.com"
cookie_path = "/app"
[csrf]
cookie_name = "csrf"
cookie_age = "1h"
cookie_secure = true
cookie_httponly = true
cookie_samesite = "None"
cookie_domain = "example.com"
cookie_path = "/"
header_name = "HTTP_X_XSRF_TOKEN"
trusted_origins = ["https://*.example.com"]
[cors]
allowed_origins = []
allowed_origin_regexes = []
allow_all_origins = false
allow_credentials = false
expose_headers = []
preflight_max_age = 86400
[throttle]
strict = ["login"]
nodes = 2
before_authentication = ["gate"]
trusted_proxies = ["10.0.0.0/8"]
[throttle.rates]
gate = "600/min"
[lockout]
failures = 5
address_failures = 20
window = "15m"
cool_off = "5m"
cool_off_max = "1h"
by = ["account", "address", "account+address"]
allow = ["10.0.0.0/8"]
reset_on_success = true
known_for = "90d"
[jwt]
access_token_lifetime = "5m"
refresh_token_lifetime = "1d"
rotate_refresh_tokens = true
blacklist_after_rotation = true
update_last_login = true
algorithm = "HS256"
signing_key = "a-signing-key-of-its-own-that-is-long-enough"
verifying_key = ""
audience = ["shop", "till"]
issuer = "https://issuer.example"
leeway = "100ms"
auth_header_types = ["Bearer", "JWT"]
auth_header_name = "HTTP_X_ACCESS_TOKEN"
user_id_field = "username"
user_id_claim = "sub"
auth_token_classes = ["access", "sliding"]
token_type_claim = "kind"
jti_claim = "tid"
sliding_token_refresh_exp_claim = "rexp"
sliding_token_lifetime = "90s"
sliding_token_refresh_lifetime = "2d"
check_revoke_token = true
revoke_token_claim = "hash"
check_user_is_active = false
reuse_grace = "0s"
reuse_detection = true
[jwt.cookie]
refresh_name = "__Secure-refresh"
access_name = "__Host-access"
secure = true
samesite = "Strict"
path = "/"
refresh_path = "/api/token/refresh/"
[cache]
enabled = true
max_staleness = "0s"
max_age = "60s"
feed = "auto"
capacity = 100000
[metrics]
allowed_networks = ["::1", "10.0.0.0/8"]
[security]
hsts_seconds = 60
hsts_include_subdomains = true
hsts_preload = true
ssl_redirect = true
ssl_host = "example.com"
redirect_exempt = ["^feed/"]
proxy_ssl_header = "X-Forwarded-Proto: https"
use_x_forwarded_host = true
use_x_forwarded_port = true
content_security_policy = "default-src 'self'"
content_type_nosniff = true
referrer_policy = "no-referrer"
cross_origin_opener_policy = "same-origin"
x_frame_options = "DENY"
[server]
bind = "127.0.0.1:8000"
max_body = 2621440
shutdown_grace = "30s"
shutdown_delay = "1s"
header_timeout = "10s"
max_header = 65536
body_timeout = "30s"
body_min_rate = 4096
handler_timeout = "60s"
write_timeout = "30s"
keep_alive_timeout = "75s"
max_connections = 1000
max_requests_in_flight = 2048
[server.http2]
max_streams = 200
max_pending_resets = 20
max_error_resets = 1024
stream_window = 262144
connection_window = 1048576
ping_interval = "30s"
ping_timeout = "20s"
"#;

struct Case {
    folder: tempfile::TempDir,
    variables: Vec<(OsString, OsString)>,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            folder,
            variables: Vec::new(),
        }
    }

    fn file(self, text: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path(), text).expect("the settings are written");
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("doorward.toml")
    }

    fn loader(&self) -> Loader {
        Loader::new()
            .default_file(self.path())
            .environment(Environment::new(self.variables.clone()))
    }

    fn load(&self) -> Result<Settings, LoadErrors> {
        self.loader().load()
    }

    #[track_caller]
    fn settings(&self) -> Settings {
        self.load().expect("these settings are good")
    }

    /// What people read, without the folder's name.
    #[track_caller]
    fn error(&self) -> String {
        let error = self.load().expect_err("these settings are wrong").to_string();
        let folder = format!("{}/", self.folder.path().display());
        error.replace(&folder, "")
    }
}

fn with_key(text: &str) -> Case {
    Case::new().file(format!("secret_key = \"{KEY}\"\n{text}"))
}

#[test]
fn every_key_of_the_contract_parses() {
    let settings = Case::new().file(EVERY_KEY).settings();
    assert_eq!(settings.session.cookie_samesite, SameSite::Strict);
    assert_eq!(
        settings.jwt.audience,
        Some(Audience::Many(vec!["shop".to_owned(), "till".to_owned()]))
    );
    assert_eq!(settings.jwt.leeway.duration().as_millis(), 100);
    assert_eq!(settings.jwt.cookie.access_name.as_deref(), Some("__Host-access"));
    assert_eq!(
        settings
            .section::<TokenSettings>()
            .max_age
            .expect("it is set")
            .duration()
            .as_secs(),
        2_592_000
    );
}

#[test]
fn every_key_of_the_contract_can_be_set_in_the_environment() {
    let case = Case::new()
        .variable("DOORWARD_SECRET_KEY", KEY)
        .variable("DOORWARD_ALLOWED_HOSTS", "[\"a.example\"]")
        .variable("DOORWARD_APPEND_SLASH", "false")
        .variable("DOORWARD_JWT__LEEWAY", "10s")
        .variable("DOORWARD_JWT__ISSUER", "\"quoted\"")
        .variable("DOORWARD_SERVER__MAX_BODY", "1_000")
        .variable("DOORWARD_SESSION__COOKIE_NAME", "true")
        .variable("DOORWARD_REST__PERMISSION", "AllowAny")
        .variable("PATH", "/usr/bin");
    let settings = case.settings();
    assert_eq!(settings.allowed_hosts, ["a.example"]);
    assert!(!settings.append_slash);
    assert_eq!(settings.jwt.leeway.to_string(), "10s");
    assert_eq!(settings.jwt.issuer.as_deref(), Some("quoted"));
    assert_eq!(settings.server.max_body, 1_000);
    assert_eq!(settings.session.cookie_name, "true");
}

#[test]
fn the_environment_wins_over_the_file_key_by_key() {
    let case = with_key("[jwt]\nleeway = \"1s\"\nissuer = \"kept\"").variable("DOORWARD_JWT__LEEWAY", "2s");
    let settings = case.settings();
    assert_eq!(settings.jwt.leeway.to_string(), "2s");
    assert_eq!(settings.jwt.issuer.as_deref(), Some("kept"));
}

#[test]
fn the_command_line_wins_over_all() {
    let case = with_key("").variable("DOORWARD_DATABASE_URL", "sqlite://one.sqlite3");
    let loader = case
        .loader()
        .set("database.url", "sqlite://two.sqlite3", "--database-url");
    let settings = loader.load().expect("these settings are good");
    assert_eq!(settings.database.url.expose(), "sqlite://two.sqlite3");
}

#[test]
fn short_forms_are_text_whatever_they_look_like() {
    let digits = "12345678901234567890123456789012";
    let case = Case::new()
        .variable("DOORWARD_SECRET_KEY", digits)
        .variable("DOORWARD_DATABASE_URL", "sqlite:///tmp/a.sqlite3")
        .variable("DOORWARD_REDIS_URL", "");
    let settings = case.settings();
    assert_eq!(settings.secret_key.expose(), digits);
    assert_eq!(settings.database.url.expose(), "sqlite:///tmp/a.sqlite3");
}

#[test]
fn what_is_wrong_inside_a_variable_is_named_after_it() {
    for list in ["[\"basc\"]", "[1]"] {
        let error = with_key("")
            .variable("DOORWARD_REST__AUTHENTICATION", list)
            .error();
        assert!(
            error.starts_with("DOORWARD_REST__AUTHENTICATION: rest.authentication: "),
            "{error}"
        );
    }
    let error = with_key("")
        .variable("DOORWARD_REST", "{ permision = 1 }")
        .error();
    assert!(error.starts_with("DOORWARD_REST: "), "{error}");
}

#[test]
fn doorward_config_names_the_file() {
    let elsewhere = with_key("debug = true");
    let case = Case::new().variable("DOORWARD_CONFIG", &elsewhere.path().display().to_string());
    assert!(case.settings().debug);
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let case = Case::new();
    let error = case
        .loader()
        .config("/nowhere/doorward.toml")
        .load()
        .expect_err("there is none");
    assert!(
        error
            .to_string()
            .starts_with("/nowhere/doorward.toml: cannot read the settings: "),
        "{error}"
    );
}

#[test]
fn without_a_secret_key_one_is_told_what_to_do() {
    let error = Case::new().error();
    assert_eq!(
        error,
        "secret_key: there is no secret key; make one with `doorward generate-key`, and put it into the settings file \
         as `secret_key = \"…\"` or into the variable DOORWARD_SECRET_KEY"
    );
}

#[test]
fn unknown_keys_are_told_with_place_and_nearest_name() {
    let error = with_key("[jwt]\n  acces_token_lifetime = \"5m\"").error();
    let start =
        "doorward.toml:3:3: jwt.acces_token_lifetime: unknown key; did you mean `access_token_lifetime`? ";
    assert!(error.starts_with(start), "{error}");
    let error = with_key("SECRET_KEYS = 1").error();
    assert!(
        error.starts_with("doorward.toml:2:1: SECRET_KEYS: unknown key; did you mean `secret_key`?"),
        "{error}"
    );
    let error = with_key("[sesion]").error();
    assert!(
        error.starts_with("doorward.toml:2:2: sesion: unknown key; did you mean `session`?"),
        "{error}"
    );
}

#[test]
fn unknown_variables_are_told_by_their_name() {
    let error = with_key("").variable("DOORWARD_JWT__LEEWAI", "1s").error();
    let start = "DOORWARD_JWT__LEEWAI: jwt.leewai: unknown key; did you mean `leeway`?";
    assert!(error.starts_with(start), "{error}");
    let error = with_key("")
        .variable("DOORWARD_DEBUG__DEEP", "1")
        .variable("DOORWARD_DEBUG", "true")
        .error();
    assert_eq!(
        error,
        "DOORWARD_DEBUG__DEEP: debug.deep: stands below a key that is no section"
    );
}

#[test]
fn unknown_names_are_told_with_what_is_allowed() {
    let error = with_key("[rest]\nauthentication = [\"basic\", \"sesion\"]").error();
    assert_eq!(
        error,
        "doorward.toml:3:28: rest.authentication: `sesion` is unknown; did you mean `session`? allowed: basic, \
         session, token, jwt, jwt-stateless, remote-user, introspection"
    );
}

#[test]
fn claims_are_read_from_the_file_and_the_environment() {
    let case = with_key(
        "[jwt.claims]\ngroups = \"user.groups\"\nscope = { value = \"news:read\" }\nlevels = [1, \"b\"]\nbeta = true",
    );
    let claims = case.variable("DOORWARD_JWT__CLAIMS__EMAIL", "user.email").load();
    let found = format!("{:?}", claims.unwrap().jwt.claims);
    let expected = "{\"beta\": Value(Bool(true)), \"email\": User(Email), \"groups\": User(Groups), \
        \"levels\": Value(Array [Number(1), String(\"b\")]), \"scope\": Value(String(\"news:read\"))}";
    assert_eq!(found, expected);
    let error = with_key("[jwt.claims]\ngroups = \"user.group\"").error();
    let start = "doorward.toml:3:10: jwt.claims.groups: `user.group` is nothing of a user; known: user.id, ";
    assert!(error.starts_with(start), "{error}");
    let error = with_key("[jwt.claims]\nexp = 1").error();
    assert!(
        error.starts_with("doorward.toml:3:7: jwt.claims.exp: the door writes this claim itself"),
        "{error}"
    );
}

#[test]
fn wrong_types_are_told_without_the_value() {
    let cases = [
        (
            "debug = \"yes\"",
            "doorward.toml:2:9: debug: expected true or false, not a text",
        ),
        (
            "[server]\nmax_body = -1",
            "doorward.toml:3:12: server.max_body: expected a whole number, 0 or more, not this number",
        ),
        (
            "allowed_hosts = \"a.example\"",
            "doorward.toml:2:17: allowed_hosts: expected a list, such as [\"a\", \"b\"], not a text",
        ),
        (
            "jwt = 1",
            "doorward.toml:2:7: jwt: expected a section, not this number",
        ),
        (
            "[jwt]\naudience = 1",
            "doorward.toml:3:12: jwt.audience: expected a text or a list of texts",
        ),
        (
            "[jwt]\nleeway = \"10 years\"",
            "doorward.toml:3:10: jwt.leeway: a duration is a whole number and a unit, such as `100ms`, `90s`, `5m`, `1h` or `14d`",
        ),
    ];
    for (text, told) in cases {
        assert_eq!(with_key(text).error(), told);
    }
}

#[test]
fn impossible_values_are_told_with_their_place() {
    let error = with_key("[session]\ncookie_path = \"a\"").error();
    assert_eq!(
        error,
        "doorward.toml:3:15: session.cookie_path: `a` is no path; it starts with `/`"
    );
    let error = with_key("").variable("DOORWARD_SERVER__MAX_BODY", "0").error();
    assert_eq!(
        error,
        "DOORWARD_SERVER__MAX_BODY: server.max_body: 0 is out of range: fewer bytes would refuse the body of a login; \
         allowed: 512 to 1099511627776"
    );
}

#[test]
fn what_is_judged_where_it_is_made_has_its_place_too() {
    let cases = [
        ("[urls]\nnowhere = false", "doorward.toml:3:11: urls.nowhere: "),
        ("[urls]\nadmin = \"staff\"", "doorward.toml:3:9: urls.admin: "),
        (
            "[jwt]\nalgorithm = \"none\"",
            "doorward.toml:3:13: jwt.algorithm: ",
        ),
        (
            "[passwords]\nhashers = [\"argon3\"]",
            "doorward.toml:3:11: passwords.hashers: ",
        ),
    ];
    for (text, start) in cases {
        let error = with_key(text).error();
        assert!(error.starts_with(start), "{error}");
    }
}

#[test]
fn what_is_impossible_is_told_with_its_place() {
    let error = with_key("[cache]\nmax_memory = 0").error();
    assert_eq!(
        error,
        "doorward.toml:3:14: cache.max_memory: 0 is no number of bytes from 1048576 to 1099511627776; \
         `cache.enabled = false` remembers nothing"
    );
}

#[test]
fn an_address_of_redis_is_told_with_its_place_and_not_repeated() {
    let error = with_key("")
        .variable("DOORWARD_REDIS_URL", "redis://:hunter2@cache:port")
        .error();
    assert_eq!(
        error,
        "DOORWARD_REDIS_URL: redis.url: the port is none; allowed: `redis://[user:password@]host[:port][/number]`, or `rediss://…` for TLS"
    );
}

#[test]
fn no_error_repeats_a_secret() {
    let secret = "hunter2-hunter2";
    let cases = [
        Case::new().variable("DOORWARD_SECRET_KEY", secret),
        Case::new().file(format!("secret_key = [\"{secret}\"]")),
        Case::new().file(format!("secret_key = {{ {secret} = 1 }}")),
        with_key(&format!("secret_key_fallbacks = \"{secret}\"")),
        with_key("").variable(
            "DOORWARD_DATABASE_URL",
            &format!("postgres://app:{secret}@db:notaport/app"),
        ),
        with_key("").variable("DOORWARD_DATABASE_URL", &format!("nonsense {secret}")),
        with_key(&format!("[jwt]\nsigning_key = [\"{secret}\"]")),
        with_key(&format!("[jwt]\nverifying_key = {{ a = \"{secret}\" }}")),
        Case::new().file(format!("secret_key = \"{secret}")),
        Case::new().file(format!("secret_key = {secret}")),
    ];
    for case in cases {
        let error = case.load().expect_err("these settings are wrong");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn files_that_are_no_settings_are_told_with_their_place() {
    let error = |text: &[u8]| Case::new().file(text).error();
    assert!(
        error(b"debug = \n").starts_with("doorward.toml:1:"),
        "{}",
        error(b"debug = \n")
    );
    assert!(
        error(b"debug = true\ndebug = true\n")
            .starts_with("doorward.toml:2:1: this is no TOML: duplicate key")
    );
    assert_eq!(
        error(b"\xEF\xBB\xBFdebug = true"),
        "doorward.toml:1:1: the file starts with a byte order mark; save it as UTF-8 without one"
    );
    assert_eq!(
        error(b"debug = true\n# \xFF"),
        "doorward.toml:2:3: the file is not UTF-8 from here on"
    );
    let large = vec![b'#'; 2 << 20];
    assert_eq!(
        error(&large),
        "doorward.toml: this file is larger than 1 MiB, and so no settings file"
    );
}

#[test]
fn a_folder_is_no_settings_file() {
    let case = Case::new();
    std::fs::create_dir(case.path()).expect("a folder");
    assert_eq!(case.error(), "doorward.toml: the settings must be a regular file");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStringExt;
    let mut case = with_key("");
    case.variables
        .push(("DOORWARD_DEBUG".into(), OsString::from_vec(vec![0xFF])));
    assert_eq!(case.error(), "DOORWARD_DEBUG: the value is not UTF-8");
}

#[test]
fn a_variable_cannot_smuggle_other_keys() {
    let case = with_key("").variable("DOORWARD_JWT__ISSUER", "1\n[rest]\npermission = \"AllowAny\"");
    let settings = case.settings();
    assert_eq!(
        settings.jwt.issuer.as_deref(),
        Some("1\n[rest]\npermission = \"AllowAny\"")
    );
}

#[test]
fn impossible_rates_proxies_and_origins_are_told_with_their_place() {
    let cases = [
        (
            "[throttle.rates]\nanon = \"0/s\"",
            "doorward.toml:3:8: throttle.rates.anon: `0/s`: ",
        ),
        (
            "[throttle]\ntrusted_proxies = [\"10.1.2.3/8\"]",
            "doorward.toml:3:19: throttle.trusted_proxies: `10.1.2.3/8`: ",
        ),
        (
            "[throttle]\nalgorithm = \"leaky\"",
            "doorward.toml:3:13: throttle.algorithm: ",
        ),
        (
            "[cors]\nallow_all_origins = true\nallow_credentials = true",
            "doorward.toml:3:21: cors.allow_all_origins: ",
        ),
    ];
    for (text, start) in cases {
        let error = with_key(text).error();
        assert!(error.starts_with(start), "{error}");
    }
}

#[test]
fn the_profiles_of_the_conformance_suite_load() {
    let profiles = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/conformance/profiles");
    for entry in std::fs::read_dir(profiles).expect("the profiles are there") {
        let path = entry.expect("a profile").path();
        let text = std::fs::read_to_string(&path).expect("a profile is text");
        let case = Case::new().file(text);
        let loaded = case.loader().apps(&Apps::new().app::<Tutorial>()).load();
        assert!(loaded.is_ok(), "{}: {loaded:?}", path.display());
    }
}

/// What the tutorial brings that a profile names.
struct Tutorial;

/// It has no keys.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct TutorialSettings {}

impl Section for TutorialSettings {
    const LABEL: &'static str = "tutorial";
}

impl App for Tutorial {
    type Settings = TutorialSettings;
    type State = ();

    fn resolve(_: TutorialSettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        Ok(())
    }

    fn install(_: &Arc<()>, to: &mut Installed) {
        to.exception_handler("envelope", exception_handler);
    }
}

/// The settings of somebody's shop, who forgot `deny_unknown_fields`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct ShopSettings {
    /// The currency of the prices.
    currency: String,
    /// How long a basket is kept.
    basket: Option<Period>,
    /// What the bank knows us by.
    bank_key: Option<Secret<String>>,
}

impl Section for ShopSettings {
    const LABEL: &'static str = "shop";
}

#[test]
fn a_section_of_an_app_is_read_from_the_file_and_the_environment() {
    let case = with_key("[shop]\ncurrency = \"EUR\"").variable("DOORWARD_SHOP__BASKET", "2h");
    let settings = case
        .loader()
        .section::<ShopSettings>()
        .load()
        .expect("it is good");
    let shop = settings.section::<ShopSettings>();
    assert_eq!(shop.currency, "EUR");
    assert_eq!(shop.basket, Some(Period::from_secs(7_200)));
    let settings = with_key("").loader().section::<ShopSettings>().load();
    assert_eq!(
        settings.expect("it is good").section::<ShopSettings>().currency,
        ""
    );
}

#[test]
fn what_is_wrong_with_a_section_of_an_app_is_told_at_once() {
    let case = with_key("shop.basket = \"EUR\"\nshop.curency = \"EUR\"\n[jwt]\nleeway = 1\n[shpo]\n");
    let errors = case
        .loader()
        .section::<ShopSettings>()
        .load()
        .expect_err("it is wrong");
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let [leeway, basket, currency, shop] = &told[..] else {
        panic!("{told:#?}");
    };
    assert!(
        leeway.contains("5:10: jwt.leeway: expected a duration"),
        "{leeway}"
    );
    assert!(
        basket.contains("2:15: shop.basket: a duration is a whole number"),
        "{basket}"
    );
    assert!(currency.contains("3:16: shop.curency: unknown key"), "{currency}");
    assert!(
        shop.contains("6:2: shpo: unknown key; did you mean `shop`? known here: secret_key, "),
        "{shop}"
    );
    assert!(
        shop.ends_with("urls, shop") && !shop.contains("metrics"),
        "{shop}"
    );
}

#[test]
fn a_text_in_the_place_of_an_apps_section_is_not_repeated() {
    let case = with_key("shop = \"canary\"");
    let errors = case
        .loader()
        .section::<ShopSettings>()
        .load()
        .expect_err("it is no section");
    assert!(
        errors
            .to_string()
            .ends_with("2:8: shop: expected a section, not a text"),
        "{errors}"
    );
    let error = case.error();
    assert!(
        error.starts_with("doorward.toml:2:1: shop: unknown key"),
        "{error}"
    );
}

/// An app with the label of a section that is there already.
struct Courier;

/// `[mail]`
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct CourierSettings {}

impl Section for CourierSettings {
    const LABEL: &'static str = "mail";
}

impl App for Courier {
    type Settings = CourierSettings;
    type State = ();

    fn resolve(_: CourierSettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        Ok(())
    }
}

#[test]
fn an_app_takes_no_section_away() {
    let errors = with_key("").loader().apps(&Apps::new().app::<Courier>()).load();
    let told = errors.expect_err("the label is taken").to_string();
    assert!(
        told.contains("mail: an app has this label, and Doorward has a section of that name itself"),
        "{told}"
    );
}

#[test]
fn a_section_that_is_written_out_tells_no_secret() {
    let case = with_key("shop.bank_key = \"canary\"");
    let settings = case
        .loader()
        .section::<ShopSettings>()
        .load()
        .expect("it is good");
    let shop = settings.section::<ShopSettings>();
    assert_eq!(shop.bank_key.as_ref().expect("it is set").expose(), "canary");
    for shown in [
        serde_json::to_string(&*shop).expect("it is JSON"),
        format!("{settings:?}"),
    ] {
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn a_program_s_default_counts_where_nobody_sets_the_key() {
    let load = |variables: &[(&str, &str)]| {
        let loader = Loader::new().default_file("there-is-none.toml");
        let loader = loader.environment(Environment::new(variables.iter().copied()));
        let loader = loader.default_value("throttle.rates.burst", "60/min");
        loader.default_value("append_slash", "false").load()
    };
    let settings = load(&[("DOORWARD_SECRET_KEY", KEY)]).expect("good settings");
    let rates = &settings.throttle.rates;
    assert_eq!(rates.get("burst").map(String::as_str), Some("60/min"));
    assert!(!settings.append_slash);
    let named = [
        ("DOORWARD_SECRET_KEY", KEY),
        ("DOORWARD_THROTTLE__RATES__BURST", "5/s"),
    ];
    let settings = load(&named).expect("good settings");
    let rates = &settings.throttle.rates;
    assert_eq!(rates.get("burst").map(String::as_str), Some("5/s"));
    let loader = Loader::new().environment(Environment::new([("DOORWARD_SECRET_KEY", KEY)]));
    let refused = loader
        .default_file("there-is-none.toml")
        .default_value("throttle.rates.burst", "often");
    let told = refused.load().expect_err("no rate").to_string();
    assert!(told.contains("the program's default"), "{told}");
}
