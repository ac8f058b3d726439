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

#[tokio::test]
async fn every_sslmode_does_what_libpq_says() {
    let Some(secured) = Secured::start().await else {
        return;
    };
    let (ca, other) = (&secured.authority, &secured.other);
    let yes = Ok(true);
    for (host, rest, expected) in [
        ("127.0.0.1", "tls".to_owned(), yes),
        (
            "127.0.0.1",
            "tls?sslmode=disable".to_owned(),
            Err(Trouble::Refused),
        ),
        ("127.0.0.1", "tls?sslmode=allow".to_owned(), yes),
        ("127.0.0.1", "tls?sslmode=prefer".to_owned(), yes),
        ("127.0.0.1", "tls?sslmode=require".to_owned(), yes),
        (
            "127.0.0.1",
            format!("tls?sslmode=require&sslrootcert={other}"),
            Err(Trouble::Away),
        ),
        ("127.0.0.1", format!("tls?sslmode=require&sslrootcert={ca}"), yes),
        (
            "127.0.0.1",
            format!("tls?sslmode=verify-ca&sslrootcert={ca}"),
            yes,
        ),
        (
            "127.0.0.1",
            format!("tls?sslmode=verify-ca&sslrootcert={other}"),
            Err(Trouble::Away),
        ),
        (
            "127.0.0.1",
            format!("tls?sslmode=verify-full&sslrootcert={ca}"),
            Err(Trouble::Away),
        ),
        (
            "localhost",
            format!("tls?sslmode=verify-full&sslrootcert={ca}"),
            yes,
        ),
        (
            "localhost",
            format!("tls?sslmode=verify-full&sslrootcert={other}"),
            Err(Trouble::Away),
        ),
        (
            "localhost",
            "tls?sslrootcert=system".to_owned(),
            Err(Trouble::Away),
        ),
        ("127.0.0.1", "plain".to_owned(), Ok(false)),
        ("127.0.0.1", "plain?sslmode=allow".to_owned(), Ok(false)),
        (
            "127.0.0.1",
            "plain?sslmode=require".to_owned(),
            Err(Trouble::Refused),
        ),
        ("127.0.0.1", "cert".to_owned(), Err(Trouble::Refused)),
    ] {
        let told = secured
            .ask(host, &rest)
            .await
            .map_err(|error| error.trouble().expect("a trouble"));
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
