//! E-mails over SMTP and into files.
#![cfg(feature = "mail")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use doorward::django::secret::Secret;
use doorward::mail::{EmailMessage, FileMailer, Mailer, SmtpMailer, Undeliverable, mailer};
use doorward::settings::{MailSettings, Settings};
use doorward_auth::mail::{MailBuilderExt, MailDoorExt};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

fn email(to: &str, subject: &str) -> EmailMessage {
    let body =
        Secret::new("Please go to\n\nhttps://shop.example/reset/MQ/abc-def/\n\n.\nThe team’s\n".to_owned());
    EmailMessage::new("Shop <noreply@shop.example>", to, subject, body)
}

/// A mail server that takes one e-mail, and gives its envelope and its lines.
async fn server() -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    (url, take(listener))
}

fn take(listener: TcpListener) -> tokio::task::JoinHandle<Vec<String>> {
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut taken = Vec::new();
        let mut in_data = false;
        write.write_all(b"220 test\r\n").await.unwrap();
        while let Some(line) = lines.next_line().await.unwrap() {
            let answer: &[u8] = match (in_data, line.split(' ').next().unwrap_or_default()) {
                (true, ".") => {
                    in_data = false;
                    b"250 taken\r\n"
                }
                (true, _) => b"",
                (false, "DATA") => {
                    in_data = true;
                    b"354 go on\r\n"
                }
                (false, "QUIT") => b"221 bye\r\n",
                (false, _) => b"250 ok\r\n",
            };
            let over = line == "." || line == "QUIT";
            taken.push(line);
            write.write_all(answer).await.unwrap();
            if over {
                break;
            }
        }
        taken
    })
}

#[tokio::test]
async fn a_letter_goes_over_smtp() {
    let (url, taken) = server().await;
    let mailer = SmtpMailer::new(&url).unwrap();
    mailer
        .send(&email("alice@example.com", "Pässword reset"))
        .await
        .unwrap();
    let taken = taken.await.unwrap().join("\n");
    assert!(taken.contains("MAIL FROM:<noreply@shop.example>"), "{taken}");
    assert!(taken.contains("RCPT TO:<alice@example.com>"), "{taken}");
    assert!(taken.contains("Subject: =?utf-8?"), "{taken}");
    assert!(
        taken.contains("Message-ID: <") && taken.contains("Date: "),
        "{taken}"
    );
}

#[tokio::test]
async fn a_server_that_is_away_is_an_error_and_nothing_else() {
    let mailer = SmtpMailer::new("smtp://127.0.0.1:1").unwrap();
    mailer.send(&email("alice@example.com", "x")).await.unwrap_err();
}

#[tokio::test]
async fn a_letter_that_the_server_refuses_for_good_is_told_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    for (answer, is_final) in [("550 no such user", true), ("451 come back", false)] {
        let mailer = SmtpMailer::new(&url).unwrap();
        let email = email("alice@example.com", "x");
        let (sent, ()) = tokio::join!(mailer.send(&email), refuse(&listener, answer));
        let error = sent.unwrap_err();
        assert_eq!(error.is::<Undeliverable>(), is_final, "{answer}: {error}");
    }
    let mailer = SmtpMailer::new(&url).unwrap();
    let error = mailer.send(&email("no address", "x")).await.unwrap_err();
    assert!(error.is::<Undeliverable>(), "{error}");
}

/// Takes a connection, and refuses the recipient with that line.
async fn refuse(listener: &TcpListener, answer: &str) {
    let (stream, _) = listener.accept().await.unwrap();
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 test\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let said = if line.starts_with("RCPT") {
            answer
        } else {
            "250 ok"
        };
        if write.write_all(format!("{said}\r\n").as_bytes()).await.is_err() || line.starts_with("RCPT") {
            return;
        }
    }
}

#[tokio::test]
async fn a_letter_waits_for_a_server_that_is_away_and_comes_back() {
    let (url, address) = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (format!("smtp://{address}"), address)
    };
    let door = door_with(&url);
    doorward::accounts::send_password_reset(&door, "alice@example.com")
        .await
        .unwrap();
    let taken = take(TcpListener::bind(address).await.unwrap());
    let lines = tokio::time::timeout(std::time::Duration::from_secs(20), taken).await;
    let lines = lines
        .expect("it is tried again after two seconds")
        .unwrap()
        .join("\n");
    assert!(lines.contains("RCPT TO:<alice@example.com>"), "{lines}");
    door.finish_emails().await;
}

/// A door where Alice has an account, and e-mails go to that address.
fn door_with(url: &str) -> doorward::Door {
    use doorward_testing::TestDatabase;

    let mut settings = Settings::default().with_apps(&doorward::own_apps());
    settings.secret_key = Secret::new("a secret key for tests only, long enough for everyone".to_owned());
    settings.section_mut::<MailSettings>().url = Some(Secret::new(url.to_owned()));
    settings.section_mut::<MailSettings>().reset_url =
        Some("https://shop.example/reset/{uid}/{token}/".to_owned());
    let memory = TestDatabase::new();
    memory.add_user(doorward::user::UserRow {
        id: doorward::UserId::Int(1),
        username: "alice".to_owned(),
        password: Secret::new("pbkdf2_sha256$1$salt$hash".to_owned()),
        email: "alice@example.com".to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        is_active: true,
        is_staff: false,
        is_superuser: false,
        last_login: None,
        date_joined: doorward::django::timestamp::Timestamp::from_secs(0),
        further: doorward::user::FurtherColumns::default(),
    });
    let post = mailer(&settings.section::<MailSettings>()).unwrap().unwrap();
    let builder = doorward::Door::builder(settings, memory.stores());
    builder.shared_mailer(post).build().unwrap()
}

#[tokio::test]
async fn no_address_smuggles_a_header() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = FileMailer::new(folder.path());
    for to in [
        "alice@example.com\nBcc: eve@example.com",
        "alice@example.com, eve@example.com",
        "alice",
        "",
    ] {
        mailer.send(&email(to, "x")).await.unwrap_err();
    }
    let subject = "x\r\nBcc: eve@example.com";
    mailer.send(&email("alice@example.com", subject)).await.unwrap();
    let text = std::fs::read_to_string(folder.path().join("000001.eml")).unwrap();
    assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
}

#[tokio::test]
async fn letters_into_files_overwrite_none() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("letters");
    for _ in 0..2 {
        let mailer = FileMailer::new(&inner);
        mailer.send(&email("alice@example.com", "x")).await.unwrap();
    }
    let mut files: Vec<_> = std::fs::read_dir(&inner)
        .unwrap()
        .flatten()
        .map(|file| file.path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 2);
    #[cfg(unix)]
    for path in &files {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn the_settings_name_the_mailer() {
    let named = |url: &str, from: &str| {
        let mut mail = MailSettings::default();
        mail.url = Some(Secret::new(url.to_owned()));
        mail.from = from.to_owned();
        mailer(&mail).map(|mailer| mailer.map(|mailer| format!("{mailer:?}")))
    };
    let from = "Shop <noreply@shop.example>";
    assert_eq!(named("log:", from).unwrap(), None);
    assert_eq!(
        named("smtps://a:b@mail.example.com", from).unwrap().unwrap(),
        "SmtpMailer"
    );
    assert!(
        named("file:letters", from)
            .unwrap()
            .unwrap()
            .starts_with("FileMailer")
    );
    assert_eq!(
        named("file:letters", "not an address").unwrap_err().key(),
        "mail.from"
    );
    assert!(mailer(&MailSettings::default()).unwrap().is_none());
}
