//! Doc comments: what they say, and the name elsewhere that they give.

/// A doc comment on one line, and Django's name for the key, where it stands as `` (`NAME`) ``.
pub(super) fn read(text: &str) -> (String, Option<String>) {
    let text = without_links(text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match django_name(&text) {
        Some(name) => (text.replacen(&format!(" (`{name}`)"), "", 1), Some(name)),
        None => (text, None),
    }
}

/// A name of letters, points and underscores that stands alone in round brackets.
fn django_name(text: &str) -> Option<String> {
    let names = text.split(" (`").skip(1).filter_map(|rest| rest.split_once("`)"));
    let is_name = |name: &&str| {
        name.chars()
            .all(|letter| letter.is_ascii_alphabetic() || "._*".contains(letter))
    };
    names.map(|(name, _)| name).find(is_name).map(str::to_owned)
}

/// Links to Rust's items mean nothing in the guide: what is left is their text.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((name, behind)) = after.split_once("`]") else {
            break;
        };
        plain.push_str(&format!("{before}`{name}`"));
        rest = match behind.strip_prefix('(').and_then(|target| target.split_once(')')) {
            Some((_, behind)) => behind,
            None => behind,
        };
    }
    plain + rest
}
