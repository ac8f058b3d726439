//! Which statements of a server's read only, by their words. A function that writes is not seen.

/// What a statement that reads begins with.
const READING: [&str; 7] = ["SELECT", "WITH", "VALUES", "TABLE", "SHOW", "EXPLAIN", "DESCRIBE"];
/// What a statement that writes begins with, or a part of a `WITH`.
const WRITING: [&str; 5] = ["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"];

/// Whether a statement reads only.
pub(super) fn only_reads(sql: &str) -> bool {
    let mut words = words(sql);
    let is_one_of = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    let first = words.next().unwrap_or_default();
    if first.eq_ignore_ascii_case("WITH") {
        return !words.any(|word| is_one_of(word, &WRITING));
    }
    is_one_of(first, &READING)
}

/// Whether a statement changes rows.
pub(super) fn changes_rows(sql: &str) -> bool {
    let first = words(sql).next().unwrap_or_default();
    let is_first = |word: &&str| first.eq_ignore_ascii_case(word);
    WRITING.iter().any(is_first) || (is_first(&"WITH") && !only_reads(sql))
}

/// Whether a statement changes tables, or rights, or what else MariaDB commits by itself.
#[cfg(feature = "mariadb")]
pub(super) fn changes_tables(sql: &str) -> bool {
    const CHANGING: [&str; 10] = [
        "ALTER", "ANALYZE", "CREATE", "DROP", "GRANT", "OPTIMIZE", "RENAME", "REPAIR", "REVOKE", "TRUNCATE",
    ];
    let first = words(sql).next().unwrap_or_default();
    CHANGING.iter().any(|word| first.eq_ignore_ascii_case(word))
}

/// Whether a statement passes over what it cannot write.
#[cfg(feature = "mariadb")]
pub(super) fn ignores(sql: &str) -> bool {
    let mut words = words(sql);
    let mut is_next = |word| {
        words
            .next()
            .is_some_and(|next: &str| next.eq_ignore_ascii_case(word))
    };
    is_next("INSERT") && is_next("IGNORE")
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    let words = sql.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| !word.is_empty())
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

    #[cfg(feature = "mariadb")]
    #[test]
    fn what_commits_by_itself_and_what_passes_over_is_known() {
        assert!(changes_tables("  create TABLE t (id int)"));
        assert!(!changes_tables("INSERT INTO t VALUES ('CREATE')"));
        assert!(ignores("INSERT IGNORE INTO t (a) VALUES (1)"));
        assert!(!ignores("INSERT INTO ignore_me (a) VALUES (1)"));
    }
}
