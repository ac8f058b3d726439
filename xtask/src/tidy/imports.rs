//! What a source file imports from its own crate, outside its tests.

use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::UseTree;

/// A path that begins with `crate`, `super` or `self`, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// The line of its last segment.
    pub(crate) line: usize,
    /// The module that it stands in, from the root of the crate.
    pub(crate) from: Vec<String>,
    /// What it names, from the root of the crate.
    pub(crate) to: Vec<String>,
}

/// The place of a file in its crate: nothing for `lib.rs`, `settings, jwt` for `src/settings/jwt.rs`.
pub(crate) fn module_of(path: &str) -> Vec<String> {
    let below = path.split_once("/src/").map_or(path, |(_, below)| below);
    let segments = Path::new(below).with_extension("");
    let segments = segments.iter().map(|segment| segment.to_string_lossy());
    let mut segments: Vec<String> = segments.map(std::borrow::Cow::into_owned).collect();
    let is_root =
        segments.len() == 1 && matches!(segments.as_slice(), [name] if name == "lib" || name == "main");
    if is_root || segments.last().is_some_and(|name| name == "mod") {
        segments.pop();
    }
    segments
}

/// Every import of the tokens of a module; what stands behind `#[cfg(test)]` is passed over.
pub(crate) fn all(tokens: TokenStream, module: &[String]) -> Vec<Import> {
    let mut found = Vec::new();
    scan(tokens, module, &mut found);
    found
}

/// The modules behind `#[cfg(test)]` that lie in files of their own.
pub(crate) fn test_modules(file: &syn::File, module: &[String]) -> Vec<Vec<String>> {
    let tests = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(item) if item.content.is_none() && super::sources::is_for_tests(&item.attrs) => {
            Some([module, &[item.ident.to_string()]].concat())
        }
        _ => None,
    });
    tests.collect()
}

/// The names that the root of a crate passes on, and the module that each comes from.
pub(crate) fn passed_on(file: &syn::File) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for item in &file.items {
        if let syn::Item::Use(item) = item {
            leaves(&item.tree, None, &mut names);
        }
    }
    names
}

fn leaves(tree: &UseTree, first: Option<&str>, names: &mut Vec<(String, String)>) {
    let named = |name: &syn::Ident| first.map(|first| (name.to_string(), first.to_owned()));
    match tree {
        UseTree::Path(path) => {
            let ident = path.ident.to_string();
            let is_root = first.is_none() && (ident == "crate" || ident == "self");
            let first = if is_root {
                None
            } else {
                Some(first.unwrap_or(&ident))
            };
            leaves(&path.tree, first, names);
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, first, names)),
        UseTree::Name(name) => names.extend(named(&name.ident)),
        UseTree::Rename(rename) => names.extend(named(&rename.rename)),
        UseTree::Glob(_) => {}
    }
}

fn scan(tokens: TokenStream, module: &[String], found: &mut Vec<Import>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = tokens.as_slice();
    let mut colons = 0;
    while let [token, after @ ..] = rest {
        rest = match (token, after) {
            (TokenTree::Punct(hash), [TokenTree::Group(group), after @ ..])
                if hash.as_char() == '#' && is_cfg_test(group) =>
            {
                past_item(after)
            }
            (TokenTree::Ident(word), [TokenTree::Ident(name), TokenTree::Group(body), after @ ..])
                if word == "mod" && body.delimiter() == Delimiter::Brace =>
            {
                scan(body.stream(), &[module, &[name.to_string()]].concat(), found);
                after
            }
            (TokenTree::Ident(_), _) if colons < 2 => path(rest, module, found).unwrap_or(after),
            (TokenTree::Group(group), _) => {
                scan(group.stream(), module, found);
                after
            }
            _ => after,
        };
        colons = match token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons + 1,
            _ => 0,
        };
    }
}

fn is_cfg_test(group: &proc_macro2::Group) -> bool {
    group.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// An item ends with a semicolon or with its braces.
fn past_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    let end = tokens.iter().position(ends).map_or(tokens.len(), |at| at + 1);
    tokens.get(end..).unwrap_or_default()
}

/// Reads a path where one begins, and gives what stands behind it.
fn path<'a>(tokens: &'a [TokenTree], module: &[String], found: &mut Vec<Import>) -> Option<&'a [TokenTree]> {
    let (TokenTree::Ident(first), rest) = tokens.split_first()? else {
        return None;
    };
    let rest = past_colons(rest)?;
    let base = match first.to_string().as_str() {
        "crate" => Vec::new(),
        "self" => module.to_vec(),
        "super" => parent(module),
        _ => return None,
    };
    Some(segments(rest, base, module, found))
}

fn segments<'a>(
    tokens: &'a [TokenTree],
    base: Vec<String>,
    module: &[String],
    found: &mut Vec<Import>,
) -> &'a [TokenTree] {
    match tokens {
        [TokenTree::Ident(segment), rest @ ..] => {
            let to = match segment.to_string().as_str() {
                "self" => base,
                "super" => parent(&base),
                name => [base, vec![name.to_owned()]].concat(),
            };
            match past_colons(rest) {
                Some(rest) => segments(rest, to, module, found),
                None => {
                    let (line, from) = (segment.span().start().line, module.to_vec());
                    found.push(Import { line, from, to });
                    rest
                }
            }
        }
        [TokenTree::Group(group), rest @ ..] if group.delimiter() == Delimiter::Brace => {
            branches(group.stream(), &base, module, found);
            rest
        }
        [other, rest @ ..] => {
            let (line, from) = (other.span().start().line, module.to_vec());
            found.push(Import { line, from, to: base });
            rest
        }
        [] => tokens,
    }
}

/// The branches of `{a, b::{c, d}}`.
fn branches(tokens: TokenStream, base: &[String], module: &[String], found: &mut Vec<Import>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    for branch in tokens.split(is_comma).filter(|branch| !branch.is_empty()) {
        segments(branch, base.to_vec(), module, found);
    }
}

fn past_colons(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    match tokens {
        [TokenTree::Punct(one), TokenTree::Punct(two), rest @ ..]
            if one.as_char() == ':' && two.as_char() == ':' =>
        {
            Some(rest)
        }
        _ => None,
    }
}

fn parent(module: &[String]) -> Vec<String> {
    let mut parent = module.to_vec();
    parent.pop();
    parent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str, module: &[&str]) -> Vec<String> {
        let module: Vec<String> = module.iter().map(|&name| name.to_owned()).collect();
        let tokens = text.parse().expect("these are tokens");
        let found = all(tokens, &module);
        found.iter().map(|import| import.to.join("::")).collect()
    }

    #[test]
    fn use_trees_are_unfolded() {
        let found = named(
            "use crate::{a::{self, b}, c as d}; use super::{e, super::f}; use self::g;",
            &["x", "y"],
        );
        assert_eq!(found, ["a", "a::b", "c", "x::e", "f", "x::y::g"]);
    }

    #[test]
    fn paths_in_code_and_macros_count() {
        let found = named(
            "fn f(x: crate::a::T) { g::<crate::b::U>(crate::c::h::<u8>()); write!(f, \"{}\", super::d::i) }",
            &["x"],
        );
        assert_eq!(found, ["a::T", "b::U", "c::h", "d::i"]);
    }

    #[test]
    fn tests_and_documentation_are_passed_over() {
        let text = "#[cfg(test)] mod tests { use crate::a; } /// [`crate::b`]\n fn f() {} \
                    mod inner { #[cfg(test)] use crate::c; use super::d; } pub(crate) fn g() {}";
        assert_eq!(named(text, &["x"]), ["x::d"]);
    }

    #[test]
    fn files_have_a_place() {
        assert!(module_of("crates/a/src/lib.rs").is_empty());
        assert_eq!(module_of("crates/a/src/b.rs"), ["b"]);
        assert_eq!(module_of("crates/a/src/b/mod.rs"), ["b"]);
        assert_eq!(module_of("crates/a/src/b/main.rs"), ["b", "main"]);
    }
}
