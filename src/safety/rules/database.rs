//! SQL and other database commands given on the line or piped in.

use super::{Invocation, Risk, Rule, Verdict, rule};
use crate::safety::evaluate::Feed;

pub(super) const RULES: &[Rule] = &[
    rule("database.drop", "tables or databases dropped, emptied or overwritten"),
    rule("database.unfiltered", "every row changed or deleted at once"),
    rule("database.change", "something in a database changed"),
];

const CLIENTS: &[&str] = &[
    "psql",
    "mysql",
    "mariadb",
    "sqlite3",
    "sqlite",
    "sqlcmd",
    "clickhouse-client",
    "clickhouse",
    "duckdb",
    "cqlsh",
    "mongo",
    "mongosh",
    "redis-cli",
    "cockroach",
    "influx",
    "bq",
    "snowsql",
    "sqlplus",
    "invoke-sqlcmd",
    "usql",
    "pgcli",
    "mycli",
    "neo4j",
    "cypher-shell",
    "etcdctl",
    "valkey-cli",
    "mongodump",
    "pg_dump",
    "mysqldump",
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let name = invocation.name;
    match name {
        "dropdb" | "dropuser" => {
            return verdict.report(
                "database.drop",
                Risk::Dangerous,
                invocation.whole(),
                "drops a database or a user of it",
            );
        }
        "mysqladmin" if invocation.has(&["drop", "shutdown", "flush-privileges"]) => {
            return verdict.report("database.drop", Risk::Dangerous, invocation.whole(), "drops a database");
        }
        "pg_restore" | "mongorestore" => {
            let risk = if invocation.has(&["-c", "--clean", "--drop"]) { Risk::Dangerous } else { Risk::Caution };
            return verdict.report("database.drop", risk, invocation.whole(), "writes into a database");
        }
        "createdb" | "createuser" | "pg_ctl" => {
            return verdict.report("database.change", Risk::Caution, invocation.whole(), "changes databases");
        }
        "mongodump" | "pg_dump" | "mysqldump" | "pg_dumpall" => {
            return verdict.report("program.changes", Risk::Caution, invocation.whole(), "writes a copy of a database");
        }
        "rails" | "rake" | "php" | "artisan" | "django-admin" | "prisma" | "knex" | "sequelize" | "manage.py"
            if invocation.args.iter().any(|arg| {
                matches!(
                    arg.text.as_str(),
                    "db:drop"
                        | "db:reset"
                        | "migrate:fresh"
                        | "migrate:reset"
                        | "flush"
                        | "reset"
                        | "db:schema:load"
                        | "db:wipe"
                )
            }) =>
        {
            return verdict.report("database.drop", Risk::Dangerous, invocation.whole(), "empties the database");
        }
        _ if !CLIENTS.contains(&name) => return,
        _ => {}
    }
    let mut changed = false;
    for arg in invocation.args {
        changed |= statement(&arg.text, arg.span.clone(), verdict);
    }
    if matches!(name, "redis-cli" | "etcdctl" | "valkey-cli" | "bq" | "mongosh" | "mongo") {
        let joined = invocation.args.iter().map(|arg| arg.text.as_str()).collect::<Vec<_>>().join(" ");
        changed |= statement(&joined, invocation.whole(), verdict);
    }
    if let Feed::Text(text, _) = invocation.feed {
        changed |= statement(text, invocation.whole(), verdict);
    }
    match invocation.feed {
        Feed::File | Feed::Unknown => verdict.report(
            "database.change",
            Risk::Caution,
            invocation.whole(),
            "runs statements that were not looked into",
        ),
        Feed::Network => {
            verdict.report("remote.run", Risk::Dangerous, invocation.whole(), "runs statements a server sends");
        }
        _ if !changed => verdict.report("database.change", Risk::Caution, invocation.whole(), "opens a database"),
        _ => {}
    }
}

/// Judges one text that may hold statements; says whether it does.
fn statement(text: &str, span: std::ops::Range<usize>, verdict: &mut Verdict) -> bool {
    if text.len() < 4 || text.starts_with('-') && !text.contains(' ') {
        return false;
    }
    let upper = text.to_ascii_uppercase();
    let words: Vec<&str> =
        upper.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    let pair = |first: &str, seconds: &[&str]| words.windows(2).any(|two| two[0] == first && seconds.contains(&two[1]));
    let drops = pair(
        "DROP",
        &[
            "TABLE",
            "DATABASE",
            "SCHEMA",
            "USER",
            "ROLE",
            "INDEX",
            "VIEW",
            "COLUMN",
            "KEYSPACE",
            "COLLECTION",
            "OWNED",
            "TABLESPACE",
        ],
    ) || words.contains(&"TRUNCATE")
        || words.contains(&"FLUSHALL")
        || words.contains(&"FLUSHDB")
        || words.contains(&"DROPDATABASE")
        || upper.contains(".DROP(")
        || upper.contains(".DELETEMANY({})")
        || upper.contains(".REMOVE({})")
        || pair("ALTER", &["SYSTEM"])
        || upper.contains("DETACH DELETE")
        || pair("CONFIG", &["SET"])
        || upper.starts_with(".RESTORE")
        || pair("RM", &["R", "F"])
        || pair("DEL", &["PREFIX"]);
    if drops {
        verdict.report("database.drop", Risk::Dangerous, span, "drops or empties tables or whole databases");
        return true;
    }
    let unfiltered = upper.split(';').any(|one| {
        let one = one.trim_start();
        (one.contains("DELETE FROM") || one.contains("UPDATE ") && one.contains(" SET "))
            && !one.contains("WHERE")
            && !one.contains("LIMIT")
            || one.contains("WHERE 1=1") && (one.contains("DELETE") || one.contains("UPDATE"))
    });
    if unfiltered {
        verdict.report("database.unfiltered", Risk::Dangerous, span, "changes or deletes every row of a table");
        return true;
    }
    if pair("GRANT", &["ALL", "SUPER"])
        || pair("XP_CMDSHELL", &["RECONFIGURE"])
        || words.contains(&"XP_CMDSHELL")
        || pair("COPY", &["PROGRAM"])
        || upper.contains("TO PROGRAM")
        || upper.contains("FROM PROGRAM")
        || upper.contains("INTO OUTFILE")
    {
        verdict.report("database.drop", Risk::Dangerous, span, "gives rights away or reaches out of the database");
        return true;
    }
    let changes = ["INSERT", "UPDATE", "DELETE", "ALTER", "CREATE", "SET", "GRANT", "REPLACE", "VACUUM"]
        .iter()
        .any(|word| words.contains(word));
    if changes {
        verdict.report("database.change", Risk::Caution, span, "changes something in the database");
        return true;
    }
    let reads = ["SELECT", "SHOW", "EXPLAIN", "DESCRIBE", "PRAGMA", "GET", "KEYS", "PING", "INFO", "SCAN"]
        .iter()
        .any(|word| words.contains(word))
        || text.starts_with("\\d")
        || text.starts_with("\\l")
        || text.starts_with('.');
    if reads {
        verdict.harmless();
    }
    reads
}
