//! [`Catalog`]: the queries that tell what a database holds, for each kind of database.

use crate::dialect::Dialect;

/// Queries; those on tables end where the list of their names follows.
#[derive(Debug)]
pub(super) struct Catalog {
    /// The names of all tables and views.
    pub(super) tables: &'static str,
    /// The table that holds the users: what Django's own tables say of it; else one with the columns of
    /// `AbstractBaseUser`.
    pub(super) users: &'static str,
    /// Of each column: table, name, type, whether every row has to name a value for it, whether it belongs to the
    /// primary key, whether it is a view's.
    pub(super) columns: &'static str,
    /// Of each column of a unique index: table, index, name.
    pub(super) unique: &'static str,
    /// The type of a column, for one that refers to it, by table and name; where they have to be the very same.
    pub(super) type_of: Option<&'static str>,
}

impl Catalog {
    pub(super) fn of(dialect: Dialect) -> &'static Self {
        match dialect {
            Dialect::Sqlite => &SQLITE,
            Dialect::Postgres => &POSTGRES,
            Dialect::MariaDb => &MARIADB,
        }
    }
}

const SQLITE: Catalog = Catalog {
    tables: "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
    users: "SELECT \"table\" FROM (\
        SELECT f.\"table\", 0 AS place FROM sqlite_master m INNER JOIN pragma_foreign_key_list(m.name) f \
        WHERE m.name IN ('django_admin_log', 'authtoken_token', 'token_blacklist_outstandingtoken') \
        AND f.\"from\" = 'user_id' \
        UNION ALL SELECT m.name, 1 FROM sqlite_master m INNER JOIN pragma_table_info(m.name) c \
        WHERE m.type = 'table' AND c.name IN ('password', 'last_login') GROUP BY m.name HAVING count(*) = 2\
        ) ORDER BY place LIMIT 1",
    columns: "SELECT m.name, c.name, c.type, \
        c.\"notnull\" AND c.dflt_value IS NULL AND NOT c.pk AND NOT c.hidden, c.pk > 0, m.type = 'view' \
        FROM sqlite_master m INNER JOIN pragma_table_xinfo(m.name) c \
        WHERE m.type IN ('table', 'view') AND m.name IN ",
    unique: "SELECT m.name, i.name, c.name \
        FROM sqlite_master m INNER JOIN pragma_index_list(m.name) i INNER JOIN pragma_index_info(i.name) c \
        WHERE i.\"unique\" AND NOT i.partial AND c.name IS NOT NULL AND m.type = 'table' \
        AND m.name IN ",
    type_of: None,
};

/// What a statement would find by its bare name, along the `search_path`.
const POSTGRES: Catalog = Catalog {
    tables: "SELECT t.relname FROM pg_catalog.pg_class t \
        WHERE t.relkind IN ('r', 'p', 'v', 'm', 'f') AND t.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace \
        AND pg_catalog.pg_table_is_visible(t.oid)",
    users: "SELECT found FROM (\
        SELECT u.relname AS found, 0 AS place FROM pg_catalog.pg_constraint f \
        INNER JOIN pg_catalog.pg_class t ON t.oid = f.conrelid INNER JOIN pg_catalog.pg_class u ON u.oid = f.confrelid \
        INNER JOIN pg_catalog.pg_attribute c ON c.attrelid = t.oid AND c.attnum = f.conkey[1] \
        WHERE f.contype = 'f' AND pg_catalog.pg_table_is_visible(t.oid) AND c.attname = 'user_id' \
        AND t.relname IN ('django_admin_log', 'authtoken_token', 'token_blacklist_outstandingtoken') \
        UNION ALL SELECT t.relname, 1 FROM pg_catalog.pg_class t \
        INNER JOIN pg_catalog.pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped \
        WHERE t.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(t.oid) \
        AND c.attname IN ('password', 'last_login') GROUP BY t.relname HAVING count(*) = 2\
        ) tables ORDER BY place LIMIT 1",
    columns: "SELECT t.relname, c.attname, pg_catalog.format_type(c.atttypid, c.atttypmod), \
        c.attnotnull AND NOT c.atthasdef AND c.attidentity = '' AND k.oid IS NULL, k.oid IS NOT NULL, \
        t.relkind IN ('v', 'm') FROM pg_catalog.pg_class t \
        INNER JOIN pg_catalog.pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped \
        LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p' AND c.attnum = ANY (k.conkey) \
        WHERE t.relkind IN ('r', 'p', 'v', 'm', 'f') AND t.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace \
        AND pg_catalog.pg_table_is_visible(t.oid) AND t.relname IN ",
    unique: "SELECT t.relname, x.indexrelid::bigint::text, c.attname FROM pg_catalog.pg_index x \
        INNER JOIN pg_catalog.pg_class t ON t.oid = x.indrelid \
        INNER JOIN pg_catalog.pg_attribute c ON c.attrelid = t.oid \
        AND c.attnum = ANY ((x.indkey::int2[])[0:x.indnkeyatts - 1]) \
        WHERE x.indisunique AND x.indimmediate AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL \
        AND pg_catalog.pg_table_is_visible(t.oid) AND t.relname IN ",
    type_of: None,
};

/// The names of the columns are written out, for MySQL calls those of its `information_schema` in capitals.
const MARIADB: Catalog = Catalog {
    tables: "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
    users: "SELECT found FROM (\
        SELECT referenced_table_name AS found, 0 AS place FROM information_schema.key_column_usage \
        WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL AND column_name = 'user_id' \
        AND table_name IN ('django_admin_log', 'authtoken_token', 'token_blacklist_outstandingtoken') \
        UNION ALL SELECT c.table_name, 1 FROM information_schema.columns c \
        INNER JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
        WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' \
        AND c.column_name IN ('password', 'last_login') GROUP BY c.table_name HAVING count(*) = 2\
        ) found_tables ORDER BY place LIMIT 1",
    columns: "SELECT c.table_name, c.column_name, c.column_type, \
        c.is_nullable = 'NO' AND c.column_default IS NULL AND c.extra NOT LIKE '%auto_increment%' \
        AND c.extra NOT LIKE '%GENERATED%' AND c.column_key <> 'PRI', c.column_key = 'PRI', t.table_type = 'VIEW' \
        FROM information_schema.columns c \
        INNER JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
        WHERE c.table_schema = DATABASE() AND c.table_name IN ",
    unique: "SELECT s.table_name, s.index_name, s.column_name FROM information_schema.statistics s \
        WHERE s.table_schema = DATABASE() AND s.non_unique = 0 AND NOT EXISTS (\
        SELECT 1 FROM information_schema.statistics p WHERE p.table_schema = s.table_schema \
        AND p.table_name = s.table_name AND p.index_name = s.index_name \
        AND (p.sub_part IS NOT NULL OR p.column_name IS NULL)) \
        AND s.table_name IN ",
    type_of: Some(
        "SELECT CONCAT(column_type, COALESCE(CONCAT(' COLLATE ', collation_name), '')) FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?",
    ),
};
