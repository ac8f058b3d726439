//! Which statements read only, by their words. A function that writes is not seen.

/// What a statement that reads begins with.
const READING: [&str; 6] = ["SELECT", "WITH", "VALUES", "TABLE", "SHOW", "EXPLAIN"];
/// What a part of a `WITH` that writes begins with.
const WRITING: [&str; 4] = ["INSERT", "UPDATE", "DELETE", "MERGE"];

/// Whether a statement reads only.
pub(super) fn only_reads(sql: &str) -> bool {
    let mut words = sql.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let is_one_of = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    let first = words.by_ref().find(|word| !word.is_empty()).unwrap_or_default();
    if first.eq_ignore_ascii_case("WITH") {
        return !words.any(|word| is_one_of(word, &WRITING));
    }
    is_one_of(first, &READING)
}

/// Whether a statement changes rows.
pub(super) fn changes_rows(sql: &str) -> bool {
    let mut words = sql.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let first = words.find(|word| !word.is_empty()).unwrap_or_default();
    let is_first = |word: &&str| first.eq_ignore_ascii_case(word);
    WRITING.iter().any(is_first) || (is_first(&"WITH") && !only_reads(sql))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_rows_is_told_from_what_changes_tables() {
        for sql in [
            "INSERT INTO t VALUES (1)",
            " update t SET a = 1",
            "WITH x AS (DELETE FROM t) SELECT 1",
        ] {
            assert!(changes_rows(sql), "{sql}");
        }
        for sql in [
            "CREATE DATABASE d",
            "DROP TABLE t",
            "SELECT 1",
            "WITH x AS (SELECT 1) SELECT 2",
            "",
        ] {
            assert!(!changes_rows(sql), "{sql}");
        }
    }

    #[test]
    fn what_reads_only_is_told_from_what_writes() {
        for sql in [
            "SELECT 1",
            "  (select a FROM t) UNION (SELECT 2)",
            "WITH x AS (SELECT 1) SELECT * FROM x",
            "VALUES (1)",
            "show server_version",
        ] {
            assert!(only_reads(sql), "{sql}");
        }
        for sql in [
            "INSERT INTO t VALUES (1) RETURNING id",
            "WITH x AS (DELETE FROM t RETURNING id) SELECT * FROM x",
            "update t SET a = 1",
            "",
            "DROP TABLE t",
        ] {
            assert!(!only_reads(sql), "{sql}");
        }
    }
}
