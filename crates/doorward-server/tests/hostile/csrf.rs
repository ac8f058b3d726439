//! Section E: requests that another site's page may have sent.

use super::site::{Answer, Browser, FORM, JSON, LOGIN, Site};

const OTHER: &str = "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ";

/// A request that changes something, with these headers besides the session.
fn change(site: &Site, headers: &str) -> Answer {
    site.ask("POST", "/api/password/change/", format!("{JSON}{headers}"), "{}")
}

type Row = (&'static str, String, &'static str);

/// Requests of that browser whose token is not its own.
fn tokens(browser: &Browser) -> Vec<Row> {
    let (session, csrf, cookies) = (&browser.session, &browser.csrf, browser.cookies());
    let alone = format!("Cookie: sessionid={session}\r\n");
    let token = format!("X-CSRFToken: {csrf}\r\n");
    vec![
        ("129", cookies.clone(), "CSRF token missing."),
        ("130", format!("{alone}{token}"), "CSRF cookie not set."),
        (
            "131",
            format!("{cookies}X-CSRFToken: {OTHER}\r\n"),
            "HTTP header incorrect.",
        ),
        (
            "132",
            format!("{cookies}X-CSRFToken: short\r\n"),
            "has incorrect length.",
        ),
        (
            "132 characters",
            format!("{cookies}X-CSRFToken: {}\r\n", "!".repeat(32)),
            "has invalid characters.",
        ),
        (
            "132 large",
            format!("{cookies}X-CSRFToken: {}\r\n", "a".repeat(30_000)),
            "has incorrect length.",
        ),
        (
            "133",
            format!("Cookie: sessionid={session}; csrftoken=abc\r\n{token}"),
            "CSRF cookie has incorrect length.",
        ),
        (
            "140",
            format!("Cookie: sessionid={session}; csrftoken={csrf}; csrftoken={OTHER}\r\n{token}"),
            "incorrect.",
        ),
    ]
}

/// Requests of that browser that come from elsewhere.
fn origins(browser: &Browser) -> Vec<Row> {
    let (cookies, token) = (browser.cookies(), format!("X-CSRFToken: {}\r\n", browser.csrf));
    vec![
        (
            "134",
            format!("{cookies}{token}Origin: https://evil.example\r\n"),
            "https://evil.example does not match",
        ),
        (
            "134 null",
            format!("{cookies}{token}Origin: null\r\n"),
            "null does not match",
        ),
        (
            "134 port",
            format!("{cookies}{token}Origin: http://localhost:1\r\n"),
            "does not match any trusted origins.",
        ),
    ]
}

#[test]
fn what_forges_a_request_is_told_why() {
    let site = Site::new();
    let alice = site.browser("alice");
    let (cookies, token) = (alice.cookies(), format!("X-CSRFToken: {}\r\n", alice.csrf));
    for (row, headers, told) in tokens(&alice).into_iter().chain(origins(&alice)) {
        let answer = change(&site, &headers);
        assert!(answer.body().contains(told), "{row}: {answer:?}");
        assert!(answer.body().contains("CSRF Failed: "), "{row}: {answer:?}");
        site.refuses(row, &answer, &[403]);
    }
    let odd = [
        "\u{e9}",
        "http://[",
        "http://localhost:99999",
        "//",
        "\t",
        "javascript:alert(1)",
    ];
    for origin in odd {
        let answer = change(&site, &format!("{cookies}{token}Origin: {origin}\r\n"));
        site.refuses(&format!("134 {origin}"), &answer, &[400, 403]);
    }
    site.refuses("139", &change(&site, &format!("{cookies}{token}")), &[400]);
}

#[test]
fn the_token_counts_in_a_form_and_not_in_the_query() {
    let site = Site::new();
    let alice = site.browser("alice");
    let headers = format!("{FORM}{}", alice.cookies());
    let field = format!("csrfmiddlewaretoken={}", alice.csrf);
    let answer = site.ask("POST", "/api/password/change/", &headers, &field);
    site.refuses("137 form", &answer, &[400]);
    let answer = site.ask("POST", &format!("/api/password/change/?{field}"), &headers, "a=b");
    site.refuses("137 query", &answer, &[403]);
}

#[test]
fn nobody_is_logged_in_without_the_token() {
    let site = Site::new();
    let form = "username=alice&password=wonderland-42";
    for (headers, body) in [(FORM, form), (JSON, LOGIN)] {
        let answer = site.ask("POST", "/api-auth/login/", headers, body);
        assert_eq!(answer.status(), 403, "141: {answer:?}");
        assert!(!answer.head().contains("sessionid="), "{answer:?}");
    }
}
