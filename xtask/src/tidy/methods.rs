//! What a module above adds to a type below is called from above only: else a call would go up where no import does.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};

use super::imports::module_of;
use super::layers::crate_of;
use super::order::Crate;
use super::sources::Source;

/// The types and the methods of a file, and which methods it calls.
#[derive(Default)]
pub(crate) struct Methods {
    types: BTreeSet<String>,
    /// Of inherent `impl`s: the type, and the name of a method of it.
    inherent: Vec<(String, String)>,
    /// Of traits and their `impl`s: names.
    of_traits: Vec<String>,
    calls: Vec<(String, usize)>,
}

impl Methods {
    pub(crate) fn of(file: &syn::File) -> Self {
        let mut methods = Self::default();
        methods.visit_file(file);
        calls(file.to_token_stream(), &mut methods.calls);
        methods
    }
}

impl<'ast> Visit<'ast> for Methods {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.types.insert(item.ident.to_string());
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.types.insert(item.ident.to_string());
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let names = item.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => name_of(&method.sig),
            _ => None,
        });
        match (&item.trait_, type_of(&item.self_ty)) {
            (None, Some(of)) => self.inherent.extend(names.map(|name| (of.clone(), name))),
            _ => self.of_traits.extend(names),
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        let names = item.items.iter().filter_map(|item| match item {
            syn::TraitItem::Fn(method) => name_of(&method.sig),
            _ => None,
        });
        self.of_traits.extend(names);
        visit::visit_item_trait(self, item);
    }
}

/// The name of what is called with a dot.
fn name_of(signature: &syn::Signature) -> Option<String> {
    signature.receiver().map(|_| signature.ident.to_string())
}

fn type_of(of: &syn::Type) -> Option<String> {
    match of {
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

/// Each `.name(` and `.name::<`, in macros too.
fn calls(tokens: TokenStream, found: &mut Vec<(String, usize)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (place, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            calls(group.stream(), found);
        }
        let rest = tokens.get(place + 1..).unwrap_or_default();
        if let (true, [TokenTree::Ident(name), next, ..]) = (is(token, '.'), rest)
            && (is_arguments(next) || is(next, ':'))
        {
            found.push((name.to_string(), name.span().start().line));
        }
    }
}

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn is_arguments(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis)
}

/// Calls that go up, of methods whose name no other type has.
pub(crate) fn check(sources: &[Source], crates: &[Crate]) -> Vec<String> {
    crates.iter().flat_map(|one| upward(sources, one)).collect()
}

fn upward(sources: &[Source], rules: &Crate) -> Vec<String> {
    let own = sources
        .iter()
        .filter(|source| crate_of(&source.path) == Some(rules.name));
    let own: Vec<(String, &Source)> = own
        .filter_map(|source| Some((module_of(&source.path).into_iter().next()?, source)))
        .collect();
    let added = added(&own);
    let breach = |module: &str, path: &str, (name, line): &(String, usize)| {
        let (of, above) = added.get(name.as_str())?;
        rules.is_upward(module, above).then(|| {
            format!(
                "{path}:{line}: `{module}` calls `{of}::{name}`, which `{above}` adds, and which stands above it; move the \
                 method down, or the call up"
            )
        })
    };
    let breaches = own.iter().flat_map(|(module, source)| {
        let calls = source.methods.calls.iter();
        calls.filter_map(|call| breach(module, &source.path, call))
    });
    breaches.collect()
}

/// Methods of a type that stand in another module than the type: the type, and that module. A name that other types have
/// too tells nothing.
fn added<'s>(own: &[(String, &'s Source)]) -> BTreeMap<&'s str, (&'s str, String)> {
    let mut homes = BTreeMap::new();
    let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (module, source) in own {
        homes.extend(source.methods.types.iter().map(|name| (name.as_str(), module)));
        for (of, name) in &source.methods.inherent {
            owners.entry(name).or_default().insert(of);
        }
        for name in &source.methods.of_traits {
            owners.entry(name).or_default().insert("");
        }
    }
    let is_clear = |name: &str| {
        owners
            .get(name)
            .is_some_and(|of| of.len() == 1 && !of.contains(""))
    };
    let mut added = BTreeMap::new();
    for (module, source) in own {
        for (of, name) in &source.methods.inherent {
            let is_elsewhere = homes.get(of.as_str()).is_some_and(|home| *home != module);
            if is_elsewhere && is_clear(name) {
                added.insert(name.as_str(), (of.as_str(), module.clone()));
            }
        }
    }
    added
}
