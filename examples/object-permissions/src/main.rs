//! Snippets that only their owners may change: part 4 of DRF's tutorial.
//! `cargo run -p object-permissions`, with `DOORWARD_SECRET_KEY` set.
//!
//! ```text
//! # Reading is for everyone, writing for those who are known
//! curl http://127.0.0.1:8000/snippets/
//! curl -X POST http://127.0.0.1:8000/snippets/ -d 'code=print(123)'
//! curl -X POST -u admin:password123 http://127.0.0.1:8000/snippets/ -d 'code=print(789)'
//!
//! # The owner may change a snippet
//! curl -X PUT -u other:password456 http://127.0.0.1:8000/snippets/1/ -d 'code=print(0)'
//! curl -X PUT -u admin:password123 http://127.0.0.1:8000/snippets/1/ -d 'code=print(456)'
//! curl -X DELETE -u admin:password123 http://127.0.0.1:8000/snippets/1/
//! ```

mod snippets;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use doorward::Door;
use doorward::parsers::Data;
use doorward::prelude::*;

use snippets::{Snippet, Snippets};

#[tokio::main]
async fn main() -> doorward::Result {
    let door = Doorward::open("doorward.toml").await?;
    door.serve(routes(&door)).await
}

fn routes(door: &Door) -> Router {
    let snippets = Snippets::default();
    let list = get(list).post(create).with_state(snippets.clone());
    let detail = get(retrieve).put(update).delete(destroy).with_state(snippets);
    door.router()
        .route("/snippets/", list.policy(IsAuthenticatedOrReadOnly))
        .route("/snippets/{id}/", detail.policy(IsAuthenticatedOrReadOnly))
}

/// `IsOwnerOrReadOnly`: object-level permission to only allow owners of an object to edit it.
#[derive(Default)]
struct IsOwnerOrReadOnly;

impl ObjectPermission<Snippet> for IsOwnerOrReadOnly {
    fn has_object_permission(&self, cx: &Context, _: &View, snippet: &Snippet) -> Answer<'_, Result<bool>> {
        Answer::ready(Ok(cx.is_safe_method() || cx.user_id() == Some(&snippet.owner_id)))
    }
}

/// A snippet that the permission has granted: `get_object()` cannot be forgotten.
type Mine = Permitted<Snippet, IsOwnerOrReadOnly>;

async fn list(snippets: State<Snippets>) -> Json<Vec<Snippet>> {
    Json(snippets.all().await)
}

/// `perform_create`: whoever creates a snippet owns it.
async fn create(snippets: State<Snippets>, owner: User, data: Data) -> Result<(StatusCode, Json<Snippet>)> {
    let snippet = snippets.insert(Snippet::new(&owner, &data)?).await;
    Ok((StatusCode::CREATED, Json(snippet)))
}

async fn retrieve(Permitted(snippet): Mine) -> Json<Snippet> {
    Json(snippet)
}

async fn update(snippets: State<Snippets>, Permitted(snippet): Mine, data: Data) -> Result<Json<Snippet>> {
    Ok(Json(snippets.insert(snippet.changed(&data)?).await))
}

async fn destroy(snippets: State<Snippets>, Permitted(snippet): Mine) -> StatusCode {
    snippets.remove(&snippet).await;
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests;
