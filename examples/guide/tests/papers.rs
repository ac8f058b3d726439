//! What the papers say of tests is true: each file and each test that they name exists.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

const PAPERS: [&str; 2] = ["COMPATIBILITY.md", "docs/development/hardening.md"];

#[test]
fn every_test_that_a_paper_names_exists() {
    let missing: Vec<String> = PAPERS.iter().flat_map(|paper| missing(paper)).collect();
    assert!(missing.is_empty(), "no such test:\n{}", missing.join("\n"));
}

fn missing(paper: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(paper)).unwrap();
    let claims = text.lines().flat_map(claims);
    claims
        .filter(|claim| !claim.holds())
        .map(|claim| format!("{paper}: {} {}", claim.file, claim.test))
        .collect()
}

/// Listings that a page takes from an example: `{{#include PATH}}`, or `{{#include PATH:FROM:TO}}`.
#[test]
fn every_listing_that_a_page_includes_exists() {
    let pages = root().join("docs/guide/src");
    let mut included = 0;
    for page in std::fs::read_dir(&pages).unwrap() {
        let text = std::fs::read_to_string(page.unwrap().path()).unwrap();
        for listing in text.lines().filter_map(|line| line.strip_prefix("{{#include ")) {
            let path = listing.trim_end_matches("}}").split(':').next().unwrap();
            assert!(pages.join(path).is_file(), "no such listing: {path}");
            included += 1;
        }
    }
    assert!(included > 0, "some page includes a listing");
}

/// A test, and the file that is said to hold it.
struct Claim {
    file: String,
    test: String,
}

/// In a line, names in backticks belong to the path in backticks before them.
fn claims(line: &str) -> Vec<Claim> {
    let mut file = None;
    let mut claims = Vec::new();
    for span in line.split('`').skip(1).step_by(2) {
        if is_path(span) {
            file = Some(span.to_owned());
        } else if let Some(file) = file.clone().filter(|_| is_name(span)) {
            claims.push(Claim {
                file,
                test: span.to_owned(),
            });
        }
    }
    claims
}

impl Claim {
    fn holds(&self) -> bool {
        let text = std::fs::read_to_string(root().join(&self.file)).unwrap_or_default();
        let call = format!(" {}(", self.test);
        text.lines()
            .any(|line| line.contains(&call) && (line.contains("fn ") || line.contains("def ")))
    }
}

fn is_path(span: &str) -> bool {
    let extension = Path::new(span).extension();
    span.contains('/') && extension.is_some_and(|end| end == "rs" || end == "py")
}

fn is_name(span: &str) -> bool {
    span.contains('_')
        && span
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
