//! Pages in a browser's hands: cookies, forms, redirects.

use super::support::{Folder, Running, field};

#[test]
fn the_start_page_links_the_doors() {
    let folder = Folder::migrated();
    let page = folder.serve().get("/");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("<a href=\"/admin/\">"), "{page}");
    assert!(page.contains("cache-control: no-store"), "{page}");
}

#[test]
fn doors_that_are_moved_or_closed_are_told_so() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[
        ("DOORWARD_URLS__ADMIN", "/staff/"),
        ("DOORWARD_URLS__TOKEN_VERIFY", "false"),
        ("DOORWARD_URLS__HEALTHZ", "false"),
    ]);
    let page = server.get("/");
    assert!(
        page.contains("/staff/") && !page.contains("/api/token/verify/"),
        "{page}"
    );
    assert!(server.get("/staff/").starts_with("HTTP/1.1 200"));
    assert!(server.get("/healthz").starts_with("HTTP/1.1 404"));
}

#[test]
fn staff_log_in_at_the_admin_site_and_out_again() {
    let folder = Folder::migrated();
    let made = folder.input(
        &["createuser", "--username", "a<b", "--password-stdin"],
        "wonderland-42\n",
    );
    assert!(!made.status.success(), "no name holds markup");
    folder.input(
        &["createuser", "--staff", "--username", "alice", "--password-stdin"],
        "wonderland-42\n",
    );
    let server = folder.serve();
    let cookie = log_in(&server, "alice");
    let index = server.call("GET", "/admin/", &cookie, "");
    assert!(index.contains("Welcome, <strong>alice</strong>."), "{index}");
    let token = form_token(&index);
    let form = format!("csrfmiddlewaretoken={token}&next=/admin/");
    let headers = format!("{cookie}Content-Type: application/x-www-form-urlencoded\r\n");
    let out = server.call("POST", "/api-auth/logout/", &headers, &form);
    assert!(
        out.starts_with("HTTP/1.1 302") && out.contains("location: /admin/\r\n"),
        "{out}"
    );
    assert!(server.call("GET", "/admin/", &cookie, "").contains("id_password"));
}

#[test]
fn others_are_kept_out_of_the_admin_site() {
    let folder = Folder::migrated();
    folder.input(
        &["createuser", "--username", "bob", "--password-stdin"],
        "wonderland-42\n",
    );
    let server = folder.serve();
    let page = server.get("/admin/");
    let answer = send_login(&server, &page, "bob");
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("for a staff account"),
        "{answer}"
    );
}

/// Logs in by the form; gives the headers of the browser after it.
fn log_in(server: &Running, username: &str) -> String {
    let page = server.get("/admin/");
    let answer = send_login(server, &page, username);
    assert!(
        answer.starts_with("HTTP/1.1 302") && answer.contains("location: ./\r\n"),
        "{answer}"
    );
    format!(
        "Cookie: sessionid={}; csrftoken={}\r\n",
        cookie(&answer, "sessionid"),
        cookie(&answer, "csrftoken")
    )
}

fn send_login(server: &Running, page: &str, username: &str) -> String {
    let form = format!(
        "csrfmiddlewaretoken={}&username={username}&password=wonderland-42&next=",
        form_token(page)
    );
    let headers = format!(
        "Cookie: csrftoken={}\r\nContent-Type: application/x-www-form-urlencoded\r\n",
        cookie(page, "csrftoken")
    );
    server.call("POST", "/admin/", &headers, &form)
}

fn cookie(answer: &str, name: &str) -> String {
    let start = answer
        .split_once(&format!("set-cookie: {name}="))
        .unwrap_or_else(|| panic!("{name}: {answer}"))
        .1;
    start.split(';').next().unwrap().to_owned()
}

fn form_token(page: &str) -> String {
    let start = page
        .split_once("name=\"csrfmiddlewaretoken\" value=\"")
        .unwrap_or_else(|| panic!("{page}"))
        .1;
    start.split('"').next().unwrap().to_owned()
}

#[test]
fn errors_are_html_on_pages_and_json_elsewhere() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let browser = "Accept: text/html\r\n";
    assert!(
        server
            .call("POST", "/admin/", browser, "")
            .contains("<h1>403 Forbidden</h1>")
    );
    let missing = server.call("GET", "/api/nowhere/", browser, "");
    assert_eq!(field(&missing, "detail"), "Not found.");
}
