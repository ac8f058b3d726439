//! No async thread is held: time is measured from poll to poll, as the processor's time of the thread, so that a busy
//! machine changes nothing.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use doorward_core::stores::SessionRow;
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use doorward_django::secret::{Secret, SecretKey, SecretKeys};
use doorward_django::sessions::{self, SessionData};
use doorward_django::timestamp::Timestamp;
use http::{Request, Response};
use rustix::time::{ClockId, clock_gettime};

use super::shapes;
use super::site::{ANY, SECRET_KEY, Site, basic, request};

/// How long a task may hold a thread.
const LONGEST: Duration = Duration::from_millis(5);

/// A future, and the longest of its polls.
struct Measured<F> {
    future: Pin<Box<F>>,
    longest: Duration,
}

impl<F: Future> Future for Measured<F> {
    type Output = (F::Output, Duration);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let begin = processor_time();
        let polled = self.future.as_mut().poll(cx);
        self.longest = self.longest.max(processor_time() - begin);
        polled.map(|output| (output, self.longest))
    }
}

fn processor_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

/// The answer to a request, and the longest that it held the thread: the least of three times, for what the machine does
/// meanwhile may be counted as the thread's own.
async fn measured(site: &Site, request: impl Fn() -> Request<Body>) -> (Response<String>, Duration) {
    let mut found = once(site, request()).await;
    for _ in 0..2 {
        if found.1 >= LONGEST {
            let again = once(site, request()).await;
            found = (again.0, again.1.min(found.1));
        }
    }
    found
}

async fn once(site: &Site, request: Request<Body>) -> (Response<String>, Duration) {
    let future = Box::pin(site.send(request));
    let longest = Duration::ZERO;
    Measured { future, longest }.await
}

#[tokio::test]
async fn the_greatest_bodies_hold_no_thread_at_any_endpoint() {
    let site = Site::new();
    let mut slow = Vec::new();
    for size in [MAX_CREDENTIALS_BODY, 2_621_440] {
        for shape in shapes::all(size) {
            for path in site
                .paths
                .iter()
                .filter(|path| size <= MAX_CREDENTIALS_BODY || *path == ANY)
            {
                let request = || request(path, shape.content_type, shape.body.clone());
                let (response, longest) = measured(&site, request).await;
                let told = format!("{path} {size} {}: {longest:?} {}", shape.name, response.status());
                assert!(response.status().as_u16() < 500, "{told} {}", response.body());
                if longest >= LONGEST {
                    slow.push(told);
                }
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

/// What stands in the head of a request is bounded by `server.max_header`.
#[tokio::test]
async fn the_greatest_heads_hold_no_thread_at_any_endpoint() {
    let site = Site::new();
    for letter in ["a", "\u{fdfa}", "\u{300}", "."] {
        let long = letter.repeat(60_000 / letter.len());
        for path in &site.paths {
            for (name, value) in [
                (
                    "authorization",
                    basic(&long.chars().take(15_000).collect::<String>(), "x"),
                ),
                ("authorization", format!("Bearer {long}")),
                ("authorization", format!("Token {long}")),
                (
                    "cookie",
                    format!("sessionid={long}; csrftoken={long}; doorward_device={long}"),
                ),
                ("x-csrftoken", long.clone()),
                ("origin", format!("https://{long}")),
                ("referer", format!("https://{long}/")),
                ("accept", format!("{long}/{long}")),
                ("x-forwarded-for", long.clone()),
                ("if-none-match", long.clone()),
                ("content-type", format!("multipart/form-data; boundary={long}")),
            ] {
                let query: String = long
                    .bytes()
                    .map(|byte| format!("%{byte:02X}"))
                    .take(9_000)
                    .collect();
                let uri = format!("{path}?next={query}&format={query}");
                let request = || {
                    let mut request = request(&uri, shapes::FORM, "username=alice&password=x");
                    let value = value.as_bytes().try_into().unwrap();
                    request.headers_mut().insert(name, value);
                    request
                };
                let (response, longest) = measured(&site, request).await;
                let told = format!("{path} {name} {letter:?}: {longest:?} {}", response.status());
                assert!(response.status().as_u16() < 500 && longest < LONGEST, "{told}");
            }
        }
    }
}

/// What an application put into a session is signed, and is read at each of its requests.
#[tokio::test]
async fn a_large_session_holds_no_thread() {
    let site = Site::new();
    let now = Timestamp::from_secs(1_700_000_000);
    let data = SessionData::from_iter([("draft", "\u{e9}".repeat(1 << 20))]);
    let key = "a".repeat(32);
    let row = SessionRow {
        key: Secret::new(key.clone()),
        data: Secret::new(sessions::encode(&data, now, &SecretKey::new(SECRET_KEY))),
        expire_date: Timestamp::from_secs(253_402_300_799),
    };
    let begin = processor_time();
    sessions::decode(row.data.expose(), &SecretKeys::new(SecretKey::new(SECRET_KEY))).unwrap();
    let reading = processor_time() - begin;
    assert!(site.memory.stores().sessions.create(row).await.unwrap());
    let request = || {
        let mut request = request("/api/password/change/", shapes::JSON, "{}");
        let cookie = format!("sessionid={key}").parse().unwrap();
        request.headers_mut().insert("cookie", cookie);
        request
    };
    let (response, longest) = measured(&site, request).await;
    assert!(
        response.headers()["vary"].to_str().unwrap().contains("Cookie"),
        "it was read"
    );
    // A store hands eight megabytes over, which takes a thread more or less long on different machines; to read them takes several
    // times as long on each.
    assert!(
        longest < LONGEST.max(reading / 2),
        "{longest:?}, and to read it takes {reading:?}"
    );
}
