//! [`Store`]: notes in the database. SQL has a `?` for each value.

use doorward::Door;
use doorward::database::{Database, Row};
use doorward::prelude::*;
use doorward::serializers::Serializer;
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

/// What somebody writes. What does not fit is 400 with DRF's sentences, by field.
#[derive(Serializer)]
pub(crate) struct Draft {
    #[serializer(max_length = 100)]
    pub(crate) title: String,
    #[serializer(max_length = 10_000, allow_blank)]
    pub(crate) text: String,
}

/// The notes of a database.
pub(crate) struct Store<'d>(&'d Database);

impl<'d> Store<'d> {
    /// The notes of the door's database.
    pub(crate) fn of(door: &'d Door) -> Result<Self> {
        Ok(Self(door.database()?))
    }

    pub(crate) async fn of_owner(&self, owner: &UserId) -> Result<Vec<Note>> {
        let sql = "SELECT id, title, text, owner_id FROM notes_note WHERE owner_id = ? ORDER BY id";
        let rows = self.0.fetch_all(sql, [owner.into()]).await?;
        rows.iter().map(read).collect()
    }

    pub(crate) async fn find(&self, id: i64) -> Result<Option<Note>> {
        let sql = "SELECT id, title, text, owner_id FROM notes_note WHERE id = ?";
        let row = self.0.fetch_optional(sql, [id.into()]).await?;
        row.as_ref().map(read).transpose()
    }

    /// What writes and gives a row, too, is run in a transaction.
    pub(crate) async fn insert(&self, owner: &UserId, draft: Draft) -> Result<Note> {
        let sql = "INSERT INTO notes_note (title, text, owner_id) VALUES (?, ?, ?) \
                   RETURNING id, title, text, owner_id";
        let values = [draft.title.into(), draft.text.into(), owner.into()];
        let mut transaction = self.0.transaction().await?;
        let row = transaction.fetch_one(sql, values).await?;
        transaction.commit().await?;
        read(&row)
    }

    pub(crate) async fn update(&self, note: &Note) -> Result {
        let sql = "UPDATE notes_note SET title = ?, text = ? WHERE id = ?";
        let values = [
            note.title.as_str().into(),
            note.text.as_str().into(),
            note.id.into(),
        ];
        self.0.execute(sql, values).await?;
        Ok(())
    }

    pub(crate) async fn delete(&self, note: &Note) -> Result {
        let sql = "DELETE FROM notes_note WHERE id = ?";
        self.0.execute(sql, [note.id.into()]).await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Note> {
    Ok(Note {
        id: row.read("id")?,
        title: row.read("title")?,
        text: row.read("text")?,
        owner: row.read("owner_id")?,
    })
}
