//! [`CrateName`]: what a crate may be called.

/// Longer names crates.io refuses.
const LONGEST: usize = 64;

/// What `cargo` refuses too: keywords, names of Rust's own crates, folders of a build.
const TAKEN: [&str; 66] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    // What the new crate depends on, or is made of.
    "axum",
    "schemars",
    "serde",
    "tokio",
    "app",
];

/// The name of a crate, which may be a folder's too.
#[derive(Debug)]
pub(super) struct CrateName(String);

impl CrateName {
    /// # Errors
    /// What is wrong with the name.
    pub(super) fn parse(name: &str) -> Result<Self, String> {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        let begins_well = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
        if !begins_well || !name.chars().all(is_part) || name.len() > LONGEST {
            return Err(format!(
                "this is no name of a crate: a letter, then letters, digits, `-` and `_`, {LONGEST} at most"
            ));
        }
        let is_ours = name.starts_with("doorward") || name.starts_with("serde_json");
        if is_ours || TAKEN.contains(&name.to_ascii_lowercase().as_str()) {
            return Err("a crate cannot be called that: the name is taken".to_owned());
        }
        Ok(Self(name.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// As code names it.
    pub(super) fn ident(&self) -> String {
        self.0.replace('-', "_")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_cargo_takes() {
        for name in ["notes", "my-notes", "my_notes2", "N", &"a".repeat(64)] {
            assert!(CrateName::parse(name).is_ok(), "{name}");
        }
        assert_eq!(CrateName::parse("my-notes").unwrap().ident(), "my_notes");
        let long = "a".repeat(65);
        for name in [
            "",
            "2notes",
            "-notes",
            "--help",
            "_",
            "a b",
            "a/b",
            "../a",
            ".",
            "nötes",
            "a.b",
            "fn",
            "Self",
            "test",
            "std",
            "serde",
            "serde_json",
            "doorward",
            "doorward-core",
            "a\u{1b}",
            &long,
        ] {
            assert!(CrateName::parse(name).is_err(), "{name}");
        }
    }
}
