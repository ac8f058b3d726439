//! The Rust sources of the workspace, without their tests, measured.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};

use super::imports::{self, Import};
use super::methods::Methods;

/// A source file and its measures. Lines that hold only comments, docs or white space do not count.
pub(crate) struct Source {
    /// The path from the root.
    pub(crate) path: String,
    /// The text, tests included.
    pub(crate) text: String,
    /// Lines of code outside tests.
    pub(crate) lines: usize,
    /// Each function outside tests.
    pub(crate) functions: Vec<Function>,
    /// What it imports from its own crate.
    pub(crate) imports: Vec<Import>,
    /// The modules for tests that it declares.
    pub(crate) test_modules: Vec<Vec<String>>,
    /// What it passes on with `use`, and the module that each name comes from; of the root of a crate only.
    pub(crate) passed_on: Vec<(String, String)>,
    /// The methods that it has, and those that it calls.
    pub(crate) methods: Methods,
}

/// A function and its length.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// Lines of code from its signature to its closing brace.
    pub(crate) lines: usize,
}

/// Every file below `crates/*/src`, `examples/*/src` and `xtask/src`.
pub(crate) fn all(root: &Path) -> Result<Vec<Source>, String> {
    let mut paths = Vec::new();
    for group in ["crates", "examples"] {
        for member in entries(&root.join(group)) {
            collect(&member.join("src"), &mut paths);
        }
    }
    collect(&root.join("xtask/src"), &mut paths);
    paths.sort();
    paths.iter().map(|path| measure(root, path)).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .map(|found| found.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for path in entries(folder) {
        match path.extension() {
            _ if path.is_dir() => collect(&path, paths),
            Some(end) if end == "rs" => paths.push(path),
            _ => {}
        }
    }
}

fn measure(root: &Path, path: &Path) -> Result<Source, String> {
    let shown = path.strip_prefix(root).unwrap_or(path).display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    let mut file = syn::parse_file(&text).map_err(|error| format!("{shown}: {error}"))?;
    let module = imports::module_of(&shown);
    let test_modules = imports::test_modules(&file, &module);
    file.items.retain(|item| !is_test(item));
    let mut functions = Functions::default();
    functions.visit_file(&file);
    let passed_on = if module.is_empty() {
        imports::passed_on(&file)
    } else {
        Vec::new()
    };
    Ok(Source {
        path: shown,
        imports: imports::all(file.to_token_stream(), &module),
        test_modules,
        passed_on,
        methods: Methods::of(&file),
        lines: code_lines(&file),
        functions: functions.0,
        text,
    })
}

/// A source without the items that are for tests only.
pub(crate) fn without_tests(text: &str) -> Result<syn::File, syn::Error> {
    let mut file = syn::parse_file(text)?;
    file.items.retain(|item| !is_test(item));
    Ok(file)
}

fn is_test(item: &syn::Item) -> bool {
    let attributes = match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        _ => return false,
    };
    is_for_tests(attributes)
}

/// Whether `#[cfg(test)]` is among the attributes of an item.
pub(crate) fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.to_token_stream().to_string().replace(' ', "") == "#[cfg(test)]")
}

#[derive(Default)]
struct Functions(Vec<Function>);

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }
}

impl Functions {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let mut lines = BTreeSet::new();
        mark(signature.to_token_stream(), &mut lines);
        mark(block.to_token_stream(), &mut lines);
        let line = signature.ident.span().start().line;
        self.0.push(Function {
            name: signature.ident.to_string(),
            line,
            lines: lines.len(),
        });
    }
}

fn code_lines(file: &syn::File) -> usize {
    let mut lines = BTreeSet::new();
    mark(file.to_token_stream(), &mut lines);
    lines.len()
}

/// Marks each line that a token stands on; documentation is a token too, and is passed over.
fn mark(tokens: TokenStream, lines: &mut BTreeSet<usize>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if is_hash(&token) && tokens.peek().is_some_and(is_documentation) {
            tokens.next();
            continue;
        }
        lines.extend([token.span().start().line, token.span().end().line]);
        if let TokenTree::Group(group) = token {
            mark(group.stream(), lines);
        }
    }
}

fn is_hash(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#')
}

/// Whether what follows a `#` is documentation.
pub(crate) fn is_documentation(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.stream().to_string().starts_with("doc ="))
}
