//! The pages, and the words in them that name something.

use std::path::{Path, PathBuf};

/// One line of a page: its names.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) name: String,
    pub(super) line: usize,
    spans: Vec<String>,
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named {
    /// `doorward migrate --check`
    Command,
    /// `session.cookie_age`
    Key,
    /// `/api/token/`
    Path,
}

/// What looks like a key of a section and is a file, a claim or a field.
pub(super) fn is_no_key(text: &str) -> bool {
    ["user.", "request.", "response."]
        .iter()
        .any(|of_code| text.starts_with(of_code))
}

impl Page {
    pub(super) fn named(&self, named: Named) -> impl Iterator<Item = (&Self, &str)> {
        let spans = self.spans.iter().map(String::as_str);
        spans.filter_map(move |span| Some((self, named.find(span)?)))
    }
}

impl Named {
    fn find(self, span: &str) -> Option<&str> {
        match self {
            Self::Command => span.starts_with("doorward ").then(|| without_rest(span)),
            Self::Key => is_key(span).then_some(span),
            Self::Path => path(span),
        }
    }
}

/// The line without what the shell does with it, and without its remark.
fn without_rest(line: &str) -> &str {
    let end = line.find(['|', '#', '>', '&', ';']).unwrap_or(line.len());
    line.get(..end).unwrap_or(line).trim_end()
}

fn is_key(span: &str) -> bool {
    let mut parts = span.split('.');
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    span.contains('.') && parts.all(is_word)
}

/// A path of ours, with or without its method before it.
fn path(span: &str) -> Option<&str> {
    let path = span.rsplit(' ').next()?;
    let ours = [
        "/api/token/",
        "/api-token-auth/",
        "/api-auth/",
        "/api/password/",
        "/api/profile/",
        "/healthz",
        "/readyz",
        "/metrics",
    ];
    let is_whole = !path.contains(['{', '*', '<', '?', '…']);
    (is_whole && ours.iter().any(|ours| path.starts_with(ours))).then_some(path)
}

pub(super) fn all() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let guide = std::fs::read_dir(root.join("docs/guide/src")).unwrap();
    let mut files: Vec<PathBuf> = guide.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.push(root.join("README.md"));
    files.iter().flat_map(|path| lines(path)).collect()
}

fn lines(path: &Path) -> Vec<Page> {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut fence = None::<String>;
    let mut pages = Vec::new();
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), &fence) {
            (Some(language), None) => fence = Some(language.to_owned()),
            (Some(_), Some(_)) => fence = None,
            (None, fence) => pages.push(Page {
                name: name.clone(),
                line: number + 1,
                spans: spans(line, fence.as_deref()),
            }),
        }
    }
    pages
}

/// What stands in backticks, or a whole line that is typed.
fn spans(line: &str, fence: Option<&str>) -> Vec<String> {
    match fence {
        None => line.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
        Some(language)
            if ["bash", "console", "sh"]
                .iter()
                .any(|shell| language.starts_with(shell)) =>
        {
            vec![line.trim_start_matches("$ ").to_owned()]
        }
        Some(_) => Vec::new(),
    }
}
