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
        // A database that cannot hold a text finds nothing for its whole list: such a text is asked for alone.
        let (odd, plain): (Vec<_>, Vec<_>) = keys.iter().cloned().partition(is_odd);
        let mut found = Vec::new();
        for keys in plain.chunks(SIZES[1]).chain(odd.chunks(1)) {
            let (sql, size) = self.sized(keys.len());
            found.extend(database.fetch_all(sql, values(filled(keys, size))).await?);
        }
        Ok(found)
    }

    fn sized(&self, keys: usize) -> (&Sql, usize) {
        let ([small, large], [few, many]) = (&self.0, SIZES);
        if keys <= few { (small, few) } else { (large, many) }
    }
}

/// Whether there are databases that cannot hold it.
fn is_odd(key: &Value) -> bool {
    matches!(key, Value::Text(text) if !text.is_ascii() || text.contains('\0'))
}

fn filled(keys: &[Value], size: usize) -> Vec<Value> {
    let last = keys.last().into_iter().cycle();
    keys.iter().chain(last).take(size).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_database_may_not_hold_is_told_from_the_rest() {
        for (key, odd) in [
            ("3f2a", false),
            ("3f2\u{e9}", true),
            ("3f2\0", true),
            ("\u{1f600}", true),
        ] {
            assert_eq!(is_odd(&key.into()), odd, "{key:?}");
        }
        assert!(!is_odd(&Value::Int(7)));
    }
}
