//! What differs from run to run, replaced by what it is.

/// The text without paths, times, ports, keys and tokens of this run.
pub(crate) fn mask(text: &str, folder: &str) -> String {
    let text = text.replace(folder, "FOLDER");
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_:.+".contains(c);
    let mut masked = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        masked.push_str(before);
        masked.push_str(&word_masked(word));
        rest = after;
    }
    masked + rest
}

fn word_masked(word: &str) -> String {
    let bare = word.trim_end_matches(['.', ':']);
    let (_, end) = word.split_at(bare.len());
    match name_of(bare) {
        Some(name) => format!("{name}{end}"),
        None => word.to_owned(),
    }
}

/// What a word is, where it is something of this run.
fn name_of(word: &str) -> Option<&'static str> {
    let shape: String = word
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    match shape.as_str() {
        "0000-00-00" => Some("DATE"),
        _ if shape.starts_with("0000-00-00T00:00:00") => Some("TIME"),
        _ if shape.starts_with("00:00:00") => Some("TIME"),
        _ if shape.starts_with("000.0.0.0:00000") => Some("ADDRESS"),
        _ if word.len() == 40 && word.chars().all(|c| c.is_ascii_hexdigit()) => Some("TOKEN"),
        _ if is_thumbprint(word.strip_suffix(".key").unwrap_or(word)) => Some("THUMBPRINT"),
        _ if word.starts_with("doorward") && word.contains("::") => Some("MODULE"),
        _ => None,
    }
}

/// RFC 7638, in base64url; the names of indexes have no capitals.
fn is_thumbprint(word: &str) -> bool {
    word.len() == 43 && !word.contains([':', '.', '+']) && word.contains(char::is_uppercase)
}

#[test]
fn what_is_of_this_run_is_masked_and_nothing_else() {
    let text = "/tmp/x/a.key signs from 2026-11-29T08:44:22.000000Z; until 2026-11-29 08:44:22.5 on 127.0.0.1:40123.";
    let masked = "FOLDER/a.key signs from TIME; until DATE TIME on ADDRESS.";
    assert_eq!(mask(text, "/tmp/x"), masked);
    let token = "Generated token 0123456789abcdef0123456789abcdef01234567 for user alice";
    assert_eq!(mask(token, "/tmp/x"), "Generated token TOKEN for user alice");
    for text in [
        "0001_initial",
        "auth_user_user_permissions_user_id_a95ead1b",
        "doorward.toml:12:30: 365000d",
        "127.0.0.1:8000",
        "10.0.0.0/8",
    ] {
        assert_eq!(mask(text, "/tmp/x"), text);
    }
}
