//! [`all`]: the files of a new crate; `examples/notes` is what they are made of, so that they are compiled and tested.

use std::path::Path;

use doorward::first_run::new_secret_key;

use super::name::CrateName;

/// A file of a new crate.
pub(super) struct File {
    pub(super) path: &'static str,
    pub(super) text: String,
    pub(super) holds: Holds,
}

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Whoever reads the crate.
    Text,
    /// Its owner only.
    Secret,
}

/// Where the crates of Doorward come from, as a `Cargo.toml` says it.
pub(super) struct Dependencies {
    library: String,
    testing: String,
}

impl Dependencies {
    /// Those of this version.
    pub(super) fn published() -> Self {
        let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
        Self {
            library: version.clone(),
            testing: version,
        }
    }

    /// Those of a clone.
    ///
    /// # Errors
    /// What is wrong with the folder.
    pub(super) fn in_folder(folder: &Path) -> Result<Self, String> {
        let crates = folder.join("crates").canonicalize();
        let crates = crates
            .ok()
            .filter(|crates| crates.join("doorward/Cargo.toml").is_file());
        let crates = crates.ok_or("there is no crates/doorward/Cargo.toml in it")?;
        let path = |name| toml_path(&crates.join(name));
        Ok(Self {
            library: path("doorward")?,
            testing: path("doorward-testing")?,
        })
    }
}

fn toml_path(path: &Path) -> Result<String, String> {
    let path = path.to_str().ok_or("its name is not UTF-8")?;
    match path.contains(['\'', '\n']) {
        true => Err("a quotation mark stands in its name".to_owned()),
        false => Ok(format!("{{ path = '{path}' }}")),
    }
}

macro_rules! template {
    ($path:literal) => {
        include_str!(concat!("../../../../../examples/notes/", $path))
    };
}

/// Rust code, in which the crate is called `notes`.
const CODE: [(&str, &str); 8] = [
    ("src/main.rs", template!("src/main.rs")),
    ("src/lib.rs", template!("src/lib.rs")),
    ("src/app.rs", template!("src/app.rs")),
    ("src/endpoints.rs", template!("src/endpoints.rs")),
    ("src/permissions.rs", template!("src/permissions.rs")),
    ("src/store.rs", template!("src/store.rs")),
    ("src/tables.rs", template!("src/tables.rs")),
    ("tests/notes.rs", template!("tests/notes.rs")),
];

/// Every file.
pub(super) fn all(name: &CrateName, dependencies: &Dependencies) -> Vec<File> {
    let text = |path, text: String| File {
        path,
        text,
        holds: Holds::Text,
    };
    let named = |text: &str| text.replace("{{name}}", name.as_str());
    let manifest = named(template!("template/Cargo.toml.in"))
        .replace("{{doorward}}", &dependencies.library)
        .replace("{{testing}}", &dependencies.testing);
    let settings = template!("doorward.toml").replace("{{secret_key}}", new_secret_key().expose());
    let mut files = vec![
        text("Cargo.toml", manifest),
        text("README.md", named(template!("template/README.md"))),
        text(".gitignore", template!("template/gitignore").to_owned()),
        File {
            path: "doorward.toml",
            text: settings,
            holds: Holds::Secret,
        },
    ];
    let crate_path = format!("{}::", name.ident());
    let code = CODE.into_iter();
    files.extend(code.map(|(path, code)| text(path, code.replace("notes::", &crate_path))));
    files
}
