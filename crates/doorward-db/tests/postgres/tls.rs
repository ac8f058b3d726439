//! Every `sslmode` against a server with a certificate, and the other things that an address may ask for.

use doorward_db::{Database, DatabaseError, Trouble};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use crate::process::PostgresProcess;

/// Who signs certificates.
struct Authority {
    certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self {
            certificate: params.self_signed(&key).unwrap().pem(),
            issuer: Issuer::new(params, key),
        }
    }

    /// A certificate and its key, for that name.
    fn sign(&self, name: &str) -> (String, String) {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }
}

/// A server whose certificate is for `localhost`, with a database for each rule of who may come in how.
struct Secured {
    server: PostgresProcess,
    authority: String,
    other: String,
    certificate: String,
    key: String,
}

const RULES: &str = "hostssl tls all all trust\nhostnossl tls all all reject\nhostssl plain all all reject\n\
                     hostnossl plain all all trust\nhostssl cert all all cert\nhostnossl cert all all reject";

impl Secured {
    async fn start() -> Option<Self> {
        let server = PostgresProcess::start()?;
        let (authority, other) = (Authority::new(), Authority::new());
        let (certificate, key) = authority.sign("localhost");
        server.file("data/server.crt", &certificate);
        server.file("data/server.key", &key);
        server.file("data/root.crt", &authority.certificate);
        let admin = Database::open(&format!("{}/postgres", server.url()))
            .await
            .unwrap();
        for sql in [
            "CREATE DATABASE tls",
            "CREATE DATABASE plain",
            "CREATE DATABASE cert",
        ] {
            admin.execute(sql, []).await.unwrap();
        }
        server.rule(RULES);
        server.stop("fast");
        server.run("-c ssl=on -c ssl_ca_file=root.crt");
        let path = |name: &str, text: &str| server.file(name, text).display().to_string();
        let (own, own_key) = authority.sign("doorward");
        Some(Self {
            authority: path("ca.pem", &authority.certificate),
            other: path("other.pem", &other.certificate),
            certificate: path("own.pem", &own),
            key: path("own.key", &own_key),
            server,
        })
    }

    /// Whether a connection is encrypted, where there is one.
    async fn ask(&self, host: &str, rest: &str) -> Result<bool, DatabaseError> {
        let url = format!("postgres://doorward@{host}:{}/{rest}", self.server.port());
        let database = Database::open(&url).await?;
        let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let row = database.fetch_optional(sql, []).await?.expect("a row");
        row.read(0)
    }
}

/// Whether a connection by that address is encrypted, or why there is none.
async fn told(secured: &Secured, host: &str, rest: &str) -> Result<bool, Trouble> {
    let asked = secured.ask(host, rest).await;
    asked.map_err(|error| error.trouble().expect("a trouble"))
}

#[tokio::test]
async fn every_sslmode_does_what_libpq_says() {
    let Some(secured) = Secured::start().await else {
        return;
    };
    for (rest, expected) in [
        ("tls", Ok(true)),
        ("tls?sslmode=disable", Err(Trouble::Refused)),
        ("tls?sslmode=allow", Ok(true)),
        ("tls?sslmode=prefer", Ok(true)),
        ("tls?sslmode=require", Ok(true)),
        ("plain", Ok(false)),
        ("plain?sslmode=allow", Ok(false)),
        ("plain?sslmode=require", Err(Trouble::Refused)),
        ("cert", Err(Trouble::Refused)),
    ] {
        assert_eq!(told(&secured, "127.0.0.1", rest).await, expected, "{rest}");
    }
}

#[tokio::test]
async fn a_server_is_proved_as_libpq_proves_it() {
    let Some(secured) = Secured::start().await else {
        return;
    };
    let away = Err(Trouble::Away);
    let (ca, other) = (&secured.authority, &secured.other);
    for (host, rest, expected) in [
        ("127.0.0.1", format!("sslmode=require&sslrootcert={other}"), away),
        ("127.0.0.1", format!("sslmode=require&sslrootcert={ca}"), Ok(true)),
        (
            "127.0.0.1",
            format!("sslmode=verify-ca&sslrootcert={ca}"),
            Ok(true),
        ),
        (
            "127.0.0.1",
            format!("sslmode=verify-ca&sslrootcert={other}"),
            away,
        ),
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={ca}"), away),
        (
            "localhost",
            format!("sslmode=verify-full&sslrootcert={ca}"),
            Ok(true),
        ),
        (
            "localhost",
            format!("sslmode=verify-full&sslrootcert={other}"),
            away,
        ),
        ("localhost", "sslrootcert=system".to_owned(), away),
    ] {
        let told = told(&secured, host, &format!("tls?{rest}")).await;
        assert_eq!(told, expected, "{host} {rest}");
    }
}

#[tokio::test]
async fn who_has_a_certificate_logs_in_by_it() {
    let Some(secured) = Secured::start().await else {
        return;
    };
    let (ca, certificate, key) = (&secured.authority, &secured.certificate, &secured.key);
    let rest = format!("cert?sslmode=verify-full&sslrootcert={ca}&sslcert={certificate}&sslkey={key}");
    assert!(secured.ask("localhost", &rest).await.unwrap());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o644)).unwrap();
        let error = secured
            .ask("localhost", &rest)
            .await
            .expect_err("others may read it");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
}

#[tokio::test]
async fn sockets_schemas_and_ipv6_are_reached() {
    let Some(server) = PostgresProcess::start() else {
        return;
    };
    let folder = server.folder().display();
    let port = server.port();
    for url in [
        format!("postgres://doorward@/postgres?host={folder}&port={port}"),
        format!("postgres://doorward@:{port}/postgres?host={folder}"),
        format!("psql://doorward@[::1]:{port}/postgres"),
        format!("pgsql://doorward@localhost:{port}/postgres?sslmode=prefer"),
        format!("postgis://doorward@127.0.0.1:{port}/postgres?options=-c%20search_path%3Dshop,public"),
    ] {
        let database = Database::open(&url).await.expect(&url);
        let row = database
            .fetch_optional("SELECT current_setting('search_path')", [])
            .await;
        let path: String = row.unwrap().unwrap().read(0).unwrap();
        assert_eq!(
            path.starts_with("shop"),
            url.contains("search_path"),
            "{url}: {path}"
        );
        let mut transaction = database.transaction().await.expect(&url);
        let row = transaction
            .fetch_optional("SELECT current_setting('search_path')", [])
            .await;
        assert_eq!(
            row.unwrap().unwrap().read::<String>(0).unwrap(),
            path,
            "who writes has it too"
        );
        transaction.rollback().await.unwrap();
    }
}
