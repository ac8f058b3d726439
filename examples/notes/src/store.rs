//! [`Store`]: notes in the database. SQL has a `?` for each value.

use doorward::database::{Database, DatabaseError, Row};
use doorward::prelude::*;
use doorward::stores::StoreError;
use serde::Serialize;

/// A row of `notes_note`.
#[derive(Debug, Serialize)]
pub(crate) struct Note {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) text: String,
    #[serde(skip)]
    pub(crate) owner: UserId,
}

/// What somebody writes.
pub(crate) struct Draft {
    pub(crate) title: String,
    pub(crate) text: String,
}

/// The notes of a database.
pub(crate) struct Store<'d>(&'d Database);

impl<'d> Store<'d> {
    /// The notes of the door's database.
    pub(crate) fn of(door: &'d doorward::Door) -> Result<Self> {
        Ok(Self(door.database()?))
    }

    pub(crate) async fn of_owner(&self, owner: &UserId) -> Result<Vec<Note>> {
        let sql = "SELECT id, title, text, owner_id FROM notes_note WHERE owner_id = ? ORDER BY id";
        let rows = self.0.fetch_all(sql, [owner.into()]).await;
        let notes = rows.and_then(|rows| rows.iter().map(read).collect());
        Ok(notes.map_err(StoreError::from)?)
    }

    pub(crate) async fn find(&self, id: i64) -> Result<Option<Note>> {
        let sql = "SELECT id, title, text, owner_id FROM notes_note WHERE id = ?";
        let row = self.0.fetch_optional(sql, [id.into()]).await;
        let note = row.and_then(|row| row.as_ref().map(read).transpose());
        Ok(note.map_err(StoreError::from)?)
    }

    pub(crate) async fn insert(&self, owner: &UserId, draft: Draft) -> Result<Note> {
        let note = self.inserted(owner, draft).await;
        Ok(note.map_err(StoreError::from)?)
    }

    async fn inserted(&self, owner: &UserId, draft: Draft) -> Result<Note, DatabaseError> {
        let sql = "INSERT INTO notes_note (title, text, owner_id) VALUES (?, ?, ?) RETURNING id";
        let values = [
            draft.title.as_str().into(),
            draft.text.as_str().into(),
            owner.into(),
        ];
        let mut transaction = self.0.transaction().await?;
        let row = transaction.fetch_all(sql, values).await?;
        let id = row.first().map_or(Ok(0), |row| row.read("id"))?;
        transaction.commit().await?;
        let Draft { title, text } = draft;
        let owner = owner.clone();
        Ok(Note {
            id,
            title,
            text,
            owner,
        })
    }

    pub(crate) async fn update(&self, note: &Note) -> Result {
        let sql = "UPDATE notes_note SET title = ?, text = ? WHERE id = ?";
        let values = [
            note.title.as_str().into(),
            note.text.as_str().into(),
            note.id.into(),
        ];
        self.0.execute(sql, values).await.map_err(StoreError::from)?;
        Ok(())
    }

    pub(crate) async fn delete(&self, note: &Note) -> Result {
        let sql = "DELETE FROM notes_note WHERE id = ?";
        let deleted = self.0.execute(sql, [note.id.into()]).await;
        deleted.map_err(StoreError::from)?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Note, DatabaseError> {
    Ok(Note {
        id: row.read("id")?,
        title: row.read("title")?,
        text: row.read("text")?,
        owner: UserId::Int(row.read("owner_id")?),
    })
}
