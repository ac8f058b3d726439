//! What the settings' sources declare: structs, enums, defaults, constants.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syn::{Block, Expr, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct};

use super::{STRUCTS, UNSUPPORTED};

/// Every declaration by its name.
#[derive(Default)]
pub(super) struct Code {
    pub(super) structs: BTreeMap<String, ItemStruct>,
    pub(super) enums: BTreeMap<String, ItemEnum>,
    /// The bodies of `Default::default`, by type.
    pub(super) defaults: BTreeMap<String, Block>,
    /// The bodies of functions without a receiver's type.
    pub(super) functions: BTreeMap<String, Block>,
    pub(super) constants: BTreeMap<String, Expr>,
    /// The source of `validate/unsupported.rs`, which names the keys whose feature is not there.
    pub(super) unsupported: String,
}

/// Reads the settings' sources.
pub(super) fn read(root: &Path) -> Result<Code, String> {
    let mut code = Code {
        unsupported: std::fs::read_to_string(root.join(UNSUPPORTED)).unwrap_or_default(),
        ..Code::default()
    };
    for path in files(&root.join(STRUCTS)) {
        let shown = path.display();
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{shown}: {error}"))?;
        code.add(&text).map_err(|error| format!("{shown}: {error}"))?;
    }
    Ok(code)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
        entries.map(|entry| entry.path()).partition(|path| path.is_dir());
    let sources = files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"));
    sources
        .chain(folders.iter().flat_map(|folder| self::files(folder)))
        .collect()
}

impl Code {
    /// Adds what a source declares.
    pub(super) fn add(&mut self, text: &str) -> Result<(), syn::Error> {
        for item in syn::parse_file(text)?.items {
            self.add_item(item);
        }
        Ok(())
    }

    fn add_item(&mut self, item: Item) {
        match item {
            Item::Struct(item) => drop(self.structs.insert(item.ident.to_string(), item)),
            Item::Enum(item) => drop(self.enums.insert(item.ident.to_string(), item)),
            Item::Const(item) => drop(self.constants.insert(item.ident.to_string(), *item.expr)),
            Item::Fn(item) => drop(self.functions.insert(item.sig.ident.to_string(), *item.block)),
            Item::Impl(item) => self.add_default(item),
            _ => {}
        }
    }

    fn add_default(&mut self, item: ItemImpl) {
        let is_default = item
            .trait_
            .as_ref()
            .is_some_and(|(_, path, _)| path.is_ident("Default"));
        let (true, Some(name)) = (is_default, super::kinds::name(&item.self_ty)) else {
            return;
        };
        let body = item.items.into_iter().find_map(|item| match item {
            ImplItem::Fn(function) => Some(function.block),
            _ => None,
        });
        self.defaults.extend(body.map(|body| (name, body)));
    }
}
