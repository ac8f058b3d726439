//! Two processes: one issues tokens, the other verifies them without a database.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use doorward::Doorward;
use doorward::django::jwt::{Algorithm, KeyFile, generate_pem};
use doorward::django::secret::Secret;
use doorward::django::timestamp::Timestamp;
use doorward::settings::Loader;
use doorward::stores::{AuthToken, Created, NewUser};
use serde_json::Value;

const SECRET_KEY: &str = "a-key-for-tests-that-is-long-enough-0123456789";
const SERVICE_TOKEN: &str = "0123456789abcdef0123456789abcdef01234567";

/// A program of this package; it is killed when this goes.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(program: &str, folder: &Path, variables: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        let child = Command::new(program)
            .current_dir(folder)
            .env("DOORWARD_SERVER__BIND", &address)
            .env("DOORWARD_JWT__ALGORITHM", "ES256")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let listens = (0..1000).any(|_| {
            thread::sleep(Duration::from_millis(20));
            TcpStream::connect(&address).is_ok()
        });
        assert!(listens, "{program} does not listen");
        Self { child, address }
    }

    fn call(&self, request: &str, headers: &str, body: &str) -> (u16, Value) {
        let (address, length) = (&self.address, body.len());
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    fn reports(&self, token: &str) -> (u16, Value) {
        self.call("GET /reports/", &format!("Authorization: Bearer {token}\r\n"), "")
    }

    fn access(&self) -> String {
        let body = r#"{"username":"alice","password":"wonderland-42"}"#;
        let (status, pair) = self.call("POST /api/token/", "", body);
        assert_eq!(status, 200, "{pair}");
        pair["access"].as_str().unwrap().to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `doorward keys` writes.
fn write_key(folder: &Path, kid: &str) {
    let keys = folder.join("keys");
    fs::create_dir_all(&keys).unwrap();
    let mut file = KeyFile::new(generate_pem(Algorithm::Es256).unwrap());
    file.signs_from = Some(Timestamp::from_secs(1));
    let path = keys.join(format!("{kid}.key"));
    fs::write(&path, file.to_text().expose()).unwrap();
    #[cfg(unix)]
    fs::set_permissions(
        &path,
        <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600),
    )
    .unwrap();
}

fn issuer(folder: &Path) -> Process {
    fs::write(
        folder.join("issuer.toml"),
        format!(
            "secret_key = \"{SECRET_KEY}\"\n[passwords]\nhashers = [\"md5\"]\n[jwt]\nkey_directory = \"keys\"\n\
             [urls]\ntoken_introspect = true\n"
        ),
    )
    .unwrap();
    write_key(folder, "one");
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(make_users(folder));
    Process::start(env!("CARGO_BIN_EXE_issuer"), folder, &[])
}

/// Alice, and the account of the service.
async fn make_users(folder: &Path) {
    let database = format!("sqlite://{}", folder.join("doorward.sqlite3").display());
    let loaded = Loader::new()
        .config(folder.join("issuer.toml"))
        .set("database.url", database, "the test")
        .read()
        .unwrap();
    let mut settings = loaded.settings().clone();
    settings.jwt.key_directory = None;
    let door = Doorward::from_settings(settings).await.unwrap();
    door.migrator().apply(door.now()).await.unwrap();
    for name in ["alice", "reports"] {
        let password = Secret::new("wonderland-42".to_owned());
        let user = NewUser {
            username: name.to_owned(),
            password: door.passwords().make(&password, door.random()).await.unwrap(),
            email: String::new(),
            is_staff: name == "reports",
            is_superuser: name == "reports",
            date_joined: door.now(),
            further: Vec::new(),
        };
        let Created::User(user) = door.stores().users.create(user).await.unwrap() else {
            unreachable!("the database is new")
        };
        if name == "reports" {
            let token = AuthToken {
                key: Secret::new(SERVICE_TOKEN.to_owned()),
                user: user.id.clone(),
                created: door.now(),
            };
            door.stores().auth_tokens.get_or_create(token).await.unwrap();
        }
    }
}

fn folders() -> [tempfile::TempDir; 2] {
    [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()]
}

#[test]
fn a_service_verifies_with_published_keys() {
    let [home, away] = folders();
    let mut issuer = issuer(home.path());
    let url = format!("http://{}/.well-known/jwks.json", issuer.address);
    let service = Process::start(
        env!("CARGO_BIN_EXE_reports"),
        away.path(),
        &[("DOORWARD_JWT__JWK_URL", &url)],
    );
    let token = issuer.access();
    let (status, body) = service.reports(&token);
    assert_eq!((status, body["reader"].as_str()), (200, Some("1")), "{body}");
    assert_eq!(service.reports("junk").0, 401);
    assert_eq!(service.reports(&format!("{token}A")).0, 401);
    assert_eq!(service.call("GET /reports/", "", "").0, 401);
    issuer.child.kill().unwrap();
    issuer.child.wait().unwrap();
    assert_eq!(service.reports(&token).0, 200, "the issuer is not asked");
    assert_eq!(
        fs::read_dir(away.path()).unwrap().count(),
        0,
        "there is no database"
    );
}

#[test]
fn a_service_asks_the_issuer() {
    let [home, away] = folders();
    let issuer = issuer(home.path());
    let url = format!("http://{}/api/token/introspect/", issuer.address);
    let authorization = format!("Token {SERVICE_TOKEN}");
    let variables = [
        ("DOORWARD_JWT__INTROSPECTION__URL", url.as_str()),
        ("DOORWARD_JWT__INTROSPECTION__AUTHORIZATION", &authorization),
        ("DOORWARD_JWT__INTROSPECTION__CACHE", "0s"),
        ("DOORWARD_JWT__ALGORITHM", "HS256"),
    ];
    let service = Process::start(env!("CARGO_BIN_EXE_reports"), away.path(), &variables);
    let token = issuer.access();
    let (status, body) = service.reports(&token);
    assert_eq!((status, body["reader"].as_str()), (200, Some("1")), "{body}");
    assert_eq!(service.reports("junk").0, 401);
    assert_eq!(
        service.reports(SERVICE_TOKEN).1["reader"].as_str(),
        Some("2"),
        "opaque tokens too"
    );
    let revoked = issuer.call(
        "POST /api/token/revoke-all/",
        &format!("Authorization: Bearer {token}\r\n"),
        "",
    );
    assert!(revoked.0 < 300, "{revoked:?}");
    assert_eq!(service.reports(&token).0, 401, "a revocation is seen at once");
    drop(issuer);
    assert_eq!(service.reports(&token).0, 503, "nobody is there to ask");
}
