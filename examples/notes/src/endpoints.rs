//! What is answered.

use axum::Json;
use axum::http::StatusCode;
use doorward::extract::{Body, RequestContext};
use doorward::prelude::*;
use serde_json::json;

use crate::app::Notes;
use crate::permissions::IsOwner;
use crate::store::{Draft, Note, Store};

/// The caller's notes.
pub(crate) async fn list(user: User, request: RequestContext) -> Result<Json<Vec<Note>>> {
    let store = Store::of(request.context().door())?;
    Ok(Json(store.of_owner(user.id()).await?))
}

/// A new note, which is the caller's.
pub(crate) async fn create(
    user: User,
    request: RequestContext,
    Body(draft): Body<Draft>,
) -> Result<(StatusCode, Json<Note>)> {
    let cx = request.context();
    let store = Store::of(cx.door())?;
    let kept = store.of_owner(user.id()).await?.len();
    if kept >= cx.door().app::<Notes>().most_per_user as usize {
        let full = json!({ "non_field_errors": ["You have too many notes."] });
        return Err(ApiException::validation_error(full));
    }
    let note = store.insert(user.id(), draft).await?;
    Ok((StatusCode::CREATED, Json(note)))
}

/// A note, where the permission gives it to the caller.
pub(crate) async fn retrieve(Permitted(note): Permitted<Note, IsOwner>) -> Json<Note> {
    Json(note)
}

pub(crate) async fn update(
    request: RequestContext,
    Permitted(mut note): Permitted<Note, IsOwner>,
    Body(draft): Body<Draft>,
) -> Result<Json<Note>> {
    (note.title, note.text) = (draft.title, draft.text);
    Store::of(request.context().door())?.update(&note).await?;
    Ok(Json(note))
}

pub(crate) async fn destroy(
    request: RequestContext,
    Permitted(note): Permitted<Note, IsOwner>,
) -> Result<StatusCode> {
    Store::of(request.context().door())?.delete(&note).await?;
    Ok(StatusCode::NO_CONTENT)
}
