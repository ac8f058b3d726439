//! [`Batch`]: one statement for several keys.

use crate::database::{Database, Result, Row, Sql, Value};

/// How many keys the statements take: each is prepared once in a session, so there are few.
const SIZES: [usize; 2] = [8, 64];

/// A `SELECT` on a list of keys. A list that is shorter names its last key again.
#[derive(Debug)]
pub(crate) struct Batch([Sql; 2]);

impl Batch {
    /// What `render` makes of a list of marks, such as `(?, ?)`.
    pub(crate) fn new(render: impl Fn(&str) -> String) -> Self {
        Self(SIZES.map(|size| Sql::rendered(render(&format!("({})", vec!["?"; size].join(", "))))))
    }

    /// Every row for those keys. `values` makes what stands at the marks of a whole list.
    pub(crate) async fn fetch(
        &self,
        database: &Database,
        keys: &[Value],
        values: impl Fn(Vec<Value>) -> Vec<Value> + Send + Sync,
    ) -> Result<Vec<Row>> {
        let [small, large] = &self.0;
        let mut found = Vec::new();
        for keys in keys.chunks(SIZES[1]) {
            let (sql, size) = match keys.len() <= SIZES[0] {
                true => (small, SIZES[0]),
                false => (large, SIZES[1]),
            };
            found.extend(database.fetch_all(sql, values(filled(keys, size))).await?);
        }
        Ok(found)
    }
}

fn filled(keys: &[Value], size: usize) -> Vec<Value> {
    let last = keys.last().into_iter().cycle();
    keys.iter().chain(last).take(size).cloned().collect()
}
