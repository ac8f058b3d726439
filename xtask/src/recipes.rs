//! How many files besides its own a feature is named in: what adding one like it costs.

use std::collections::BTreeSet;
use std::path::Path;

use comfy_table::{Table, presets};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use crate::run::root;
use crate::tidy::sources::{self, Source};

/// A feature, and the words that name it: in a type, a function, a module, a key, a table.
struct Feature {
    name: &'static str,
    words: &'static [&'static str],
}

const FEATURES: &[Feature] = &[
    feature(
        "lockout",
        &["lockout", "login_attempt", "login_attempts", "login_counter"],
    ),
    feature("throttling", &["throttle", "throttles", "throttling"]),
    feature("cors", &["cors"]),
    feature("remote_user", &["remote_user"]),
    feature("introspection", &["introspection", "introspect"]),
    feature("password_reset", &["password_reset", "reset_token", "reset_url"]),
    feature("mail", &["mail", "mailer", "letter", "letters", "outbox"]),
    feature(
        "authtoken",
        &["auth_token", "auth_tokens", "authtoken", "drf_create_token"],
    ),
    feature("metrics", &["metrics"]),
    feature("redis", &["redis"]),
    feature("acme", &["acme"]),
];

const fn feature(name: &'static str, words: &'static [&'static str]) -> Feature {
    Feature { name, words }
}

/// Prints for every feature how many files are its own, and how many others name it.
pub(crate) fn run() -> Result<(), String> {
    let sources = sources::all(&root())?;
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_header(["Feature", "Own files", "Other files"]);
    for feature in FEATURES {
        let (own, others) = files(&sources, feature);
        table.add_row([
            feature.name.to_owned(),
            own.len().to_string(),
            others.len().to_string(),
        ]);
    }
    println!("{}", table.trim_fmt());
    Ok(())
}

/// Prints the other files that name a feature, each with what it says.
pub(crate) fn run_for(name: &str) -> Result<(), String> {
    let names: Vec<&str> = FEATURES.iter().map(|feature| feature.name).collect();
    let feature = FEATURES.iter().find(|feature| feature.name == name);
    let feature = feature.ok_or_else(|| format!("no such feature; these are: {}", names.join(", ")))?;
    let sources = sources::all(&root())?;
    for (path, named) in files(&sources, feature).1 {
        println!("{path}: {}", named.into_iter().collect::<Vec<_>>().join(", "));
    }
    Ok(())
}

/// A file, and the names in it that are a feature's.
type Naming<'s> = (&'s str, BTreeSet<String>);

/// The files of a feature, and the others that name it.
fn files<'s>(sources: &'s [Source], feature: &Feature) -> (Vec<Naming<'s>>, Vec<Naming<'s>>) {
    let of_crates = sources.iter().filter(|source| source.path.starts_with("crates/"));
    let naming = of_crates.filter_map(|source| {
        let named = named(&source.text, feature);
        (!named.is_empty()).then_some((source.path.as_str(), named))
    });
    naming.partition(|(path, _)| is_own(path, feature))
}

/// Whether a file, a folder that it lies in, or its crate has the feature's name.
fn is_own(path: &str, feature: &Feature) -> bool {
    let path = Path::new(path).with_extension("");
    path.iter()
        .any(|part| names(&part.to_string_lossy().replace('-', "_"), feature))
}

/// The names of a source, outside tests and documentation, that are the feature's.
fn named(text: &str, feature: &Feature) -> BTreeSet<String> {
    let Ok(file) = sources::without_tests(text) else {
        return BTreeSet::new();
    };
    let mut words = BTreeSet::new();
    collect(file.to_token_stream(), &mut words);
    words.retain(|word| names(word, feature));
    words
}

fn collect(tokens: TokenStream, words: &mut BTreeSet<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(hash) if hash.as_char() == '#' => {
                tokens.next_if(sources::is_documentation);
            }
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Ident(name) => drop(words.insert(name.to_string())),
            TokenTree::Literal(text) => words.extend(words_of(&text.to_string())),
            TokenTree::Punct(_) => {}
        }
    }
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(move |c| !is_part(c)).map(str::to_owned)
}

/// Whether a name holds one of the feature's words: `LockoutBy`, `is_in_lockout`.
fn names(name: &str, feature: &Feature) -> bool {
    let name = format!("_{}_", snake_case(name));
    let mut words = feature.words.iter();
    words.any(|word| name.contains(&format!("_{word}_")))
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut after_small = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && after_small {
            snake.push('_');
        }
        after_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKOUT: Feature = feature("lockout", &["lockout", "login_attempt"]);

    fn named_in(text: &str) -> Vec<String> {
        named(text, &LOCKOUT).into_iter().collect()
    }

    #[test]
    fn types_functions_modules_and_keys_name_a_feature() {
        let text =
            "use crate::lockout; fn f(a: &LockoutBy) { g(\"lockout.by\", LoginAttempt::LOGIN_ATTEMPT) }";
        assert_eq!(
            named_in(text),
            ["LOGIN_ATTEMPT", "LockoutBy", "LoginAttempt", "lockout"]
        );
        assert_eq!(named_in("fn login_attempts() -> Blockout { lockouts }"), [""; 0]);
    }

    #[test]
    fn documents_and_tests_name_none() {
        let text = "/// lockout\nfn f() {} #[cfg(test)] mod tests { use lockout; }";
        assert_eq!(named_in(text), [""; 0]);
    }

    #[test]
    fn files_of_its_own_are_told_by_their_path() {
        for path in [
            "crates/a/src/lockout/rules.rs",
            "crates/a/src/settings/lockout.rs",
            "crates/a-lockout/src/b.rs",
        ] {
            assert!(is_own(path, &LOCKOUT), "{path}");
        }
        assert!(!is_own("crates/a/src/door.rs", &LOCKOUT));
    }
}
