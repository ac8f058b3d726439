//! Snippets, in memory: `examples/tutorial` shows how they would be kept in a table.

use std::collections::BTreeMap;
use std::sync::Arc;

use doorward::extract::RequestContext;
use doorward::parsers::Data;
use doorward::prelude::*;
use doorward::serializers::{CharField, Completeness, Serializer};
use serde::Serialize;
use tokio::sync::RwLock;

/// A piece of code, and whose it is.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Snippet {
    id: u64,
    title: String,
    code: String,
    linenos: bool,
    language: &'static str,
    style: &'static str,
    owner: String,
    #[serde(skip)]
    pub(crate) owner_id: UserId,
}

impl Snippet {
    /// A snippet that is not stored yet.
    pub(crate) fn new(owner: &User, data: &Data) -> Result<Self> {
        let blank = Self {
            id: 0,
            title: String::new(),
            code: String::new(),
            linenos: false,
            language: "python",
            style: "friendly",
            owner: owner.username().to_owned(),
            owner_id: owner.id().clone(),
        };
        blank.changed(data)
    }

    /// With what was sent; `code` must be there, `title` may be.
    pub(crate) fn changed(mut self, data: &Data) -> Result<Self> {
        let serializer = Serializer::new().field("code", CharField::new());
        let mut sent = serializer.run(data, Completeness::Whole)?;
        self.code = sent.take_text("code").unwrap_or_default();
        if let Some(title) = data.text("title") {
            title.trim().clone_into(&mut self.title);
        }
        Ok(self)
    }
}

/// All snippets, by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snippets(Arc<RwLock<BTreeMap<u64, Snippet>>>);

impl Snippets {
    pub(crate) async fn all(&self) -> Vec<Snippet> {
        self.0.read().await.values().cloned().collect()
    }

    /// Stores a snippet; a new one gets its id.
    pub(crate) async fn insert(&self, mut snippet: Snippet) -> Snippet {
        let mut rows = self.0.write().await;
        if snippet.id == 0 {
            snippet.id = rows.last_key_value().map_or(1, |(last, _)| last + 1);
        }
        rows.insert(snippet.id, snippet.clone());
        snippet
    }

    pub(crate) async fn remove(&self, snippet: &Snippet) {
        self.0.write().await.remove(&snippet.id);
    }
}

impl LoadObject<Snippets> for Snippet {
    async fn load(request: &RequestContext, snippets: &Snippets) -> Result<Unchecked<Self>> {
        let id: u64 = request.path().await?;
        let snippet = snippets.0.read().await.get(&id).cloned();
        snippet.map(Unchecked::new).ok_or_else(ApiException::not_found)
    }
}
