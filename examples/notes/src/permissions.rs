//! [`IsOwner`]: a note is for who wrote it.

use doorward::extract::RequestContext;
use doorward::prelude::*;

use crate::store::{Note, Store};

/// Lets the owner pass; to others there is no such note.
#[derive(Debug, Default)]
pub(crate) struct IsOwner;

impl ObjectPermission<Note> for IsOwner {
    fn has_object_permission(&self, cx: &Context, _: &View, note: &Note) -> Answer<'_, Result<bool>> {
        Answer::ready(match cx.user_id() == Some(&note.owner) {
            true => Ok(true),
            false => Err(ApiException::not_found()),
        })
    }
}

/// How the note of a path is found. Nothing reads it before a permission was asked.
impl LoadObject for Note {
    async fn load(request: &RequestContext, (): &()) -> Result<Unchecked<Self>> {
        let id = request.path().await?;
        let note = Store::of(request.context().door())?.find(id).await?;
        note.map(Unchecked::new).ok_or_else(ApiException::not_found)
    }
}
