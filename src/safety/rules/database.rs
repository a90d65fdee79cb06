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
    if task(name, invocation.args, invocation.whole(), verdict) {
        return;
    }
    match name {
        "pg_dropcluster" | "pg_resetwal" | "pg_resetxlog" => {
            return verdict.report(
                "database.drop",
                Risk::Dangerous,
                invocation.whole(),
                "throws data of a database away",
            );
        }
        "mysqld" | "mysqld_safe" | "mariadbd" if invocation.has(&["--skip-grant-tables"]) => {
            return verdict.report(
                "database.drop",
                Risk::Dangerous,
                invocation.whole(),
                "lets everybody into the database",
            );
        }
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
        "pg_ctl" if invocation.has(&["immediate", "-mimmediate"]) => {
            return verdict.report(
                "database.drop",
                Risk::Dangerous,
                invocation.whole(),
                "stops a database without writing what it holds",
            );
        }
        "createdb" | "createuser" | "pg_ctl" => {
            return verdict.report("database.change", Risk::Caution, invocation.whole(), "changes databases");
        }
        "mongodump" | "pg_dump" | "mysqldump" | "pg_dumpall" => {
            return verdict.report("program.changes", Risk::Caution, invocation.whole(), "writes a copy of a database");
        }
        "psql" if invocation.has(&["-l", "--list", "-V", "--version"]) => return verdict.harmless(),
        "etcdctl" | "influx" | "bq" if super::verb::told(invocation) == Some(super::verb::Verb::Reads) => {
            return verdict.harmless();
        }
        _ if !CLIENTS.contains(&name) => return,
        _ => {}
    }
    let mut changed = false;
    for arg in invocation.args {
        changed |= statement(&arg.text, arg.span.clone(), verdict);
        if let Feed::Text(text, _) = &arg.feed {
            changed |= statement(text, arg.span.clone(), verdict);
        }
    }
    if matches!(name, "redis-cli" | "valkey-cli") {
        changed |= redis(invocation, verdict);
    }
    if matches!(name, "redis-cli" | "etcdctl" | "valkey-cli" | "bq" | "mongosh" | "mongo") {
        let joined = invocation.args.iter().map(|arg| arg.text.trim_start_matches('-')).collect::<Vec<_>>().join(" ");
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

/// Statements that need no reading: they destroy.
const DESTROYED: &[&str] = &[
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
    "EXTENSION",
    "FUNCTION",
    "PROCEDURE",
    "TRIGGER",
    "TYPE",
    "SEQUENCE",
    "MATERIALIZED",
    "CONSTRAINT",
    "SERVER",
    "LOGIN",
    "MEASUREMENT",
    "SERIES",
    "BUCKET",
    "STREAM",
    "TASK",
    "STAGE",
    "WAREHOUSE",
    "POLICY",
    "PUBLICATION",
    "SUBSCRIPTION",
    "PARTITION",
    "EVENT",
    "AGGREGATE",
    "DOMAIN",
    "CAST",
    "RULE",
    "LANGUAGE",
    "FOREIGN",
    "PACKAGE",
    "SYNONYM",
    "GRAPH",
    "ALL",
];

/// The statements without their strings and comments, in capitals: what a string says is data.
fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                while let Some(inside) = chars.next() {
                    if inside == '\'' && chars.next_if_eq(&'\'').is_none() {
                        break;
                    }
                }
                out.push('?');
            }
            '-' if chars.peek() == Some(&'-') => {
                chars.by_ref().find(|c| *c == '\n');
                out.push(' ');
            }
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                let mut last = ' ';
                chars.by_ref().find(|c| std::mem::replace(&mut last, *c) == '*' && *c == '/');
                out.push(' ');
            }
            _ => out.push(c.to_ascii_uppercase()),
        }
    }
    out
}

/// Judges one text that may hold statements; says whether it does.
fn statement(text: &str, span: std::ops::Range<usize>, verdict: &mut Verdict) -> bool {
    if text.len() < 4 || text.starts_with('-') && !text.contains(' ') {
        return false;
    }
    let text = text.split_once('=').filter(|(option, _)| option.starts_with("--")).map_or(text, |(_, value)| value);
    // Document stores take code, in which a quote is no SQL string.
    let code = text.starts_with("db.") || text.contains(".call(") || text.contains("db[");
    let upper = if code { text.to_ascii_uppercase() } else { bare(text) };
    let words: Vec<&str> =
        upper.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    let pair = |first: &str, seconds: &[&str]| words.windows(2).any(|two| two[0] == first && seconds.contains(&two[1]));
    // Only a plan, unless it is analyzed.
    if words.first() == Some(&"EXPLAIN")
        && !words.contains(&"ANALYZE")
        && !upper.trim_end_matches([';', ' ']).contains(';')
    {
        verdict.harmless();
        return true;
    }
    let drops = pair("DROP", DESTROYED)
        || pair("RESET", &["MASTER", "SLAVE", "BINARY"])
        || pair("PURGE", &["BINARY", "MASTER"])
        || pair("VACUUM", &["FULL"])
        || words.contains(&"ALTER") && (words.contains(&"DROP") || words.contains(&"DELETE"))
        || words
            .iter()
            .any(|word| matches!(*word, "TRUNCATE" | "FLUSHALL" | "FLUSHDB" | "DROPDATABASE" | "PG_TERMINATE_BACKEND"))
        || [".DROP(", ".DELETEMANY({})", ".REMOVE({})", ".UPDATEMANY({},", "DETACH DELETE"]
            .iter()
            .any(|call| upper.contains(call))
        || upper.starts_with(".RESTORE")
        || pair("ALTER", &["SYSTEM"])
        || upper.contains("SHUTDOWN:1")
        || upper.contains("SHUTDOWNSERVER(")
        || pair("SHUTDOWN", &["ABORT", "IMMEDIATE", "NOSAVE"])
        || pair("CONFIG", &["SET"])
        || pair("RM", &["R", "F"])
        || pair("DEL", &["PREFIX"]);
    if drops {
        verdict.report("database.drop", Risk::Dangerous, span, "drops or empties tables or whole databases");
        return true;
    }
    if upper.split(';').any(unfiltered) {
        verdict.report("database.unfiltered", Risk::Dangerous, span, "changes or deletes every row of a table");
        return true;
    }
    let opens = pair("GRANT", &["ALL", "SUPER", "SUPERUSER"])
        || pair("REVOKE", &["ALL"])
        || pair("ALTER", &["USER", "ROLE", "LOGIN"])
        || words.iter().any(|word| matches!(*word, "XP_CMDSHELL" | "SUPERUSER" | "LOAD_EXTENSION" | "PG_READ_FILE"))
        || pair("INTO", &["OUTFILE", "DUMPFILE"])
        || pair("TO", &["PROGRAM"])
        || pair("FROM", &["PROGRAM"])
        || pair("FLUSH", &["TABLES", "PRIVILEGES"]) && words.contains(&"LOCK");
    if opens {
        verdict.report("database.drop", Risk::Dangerous, span, "gives rights away or reaches out of the database");
        return true;
    }
    let changes =
        ["INSERT", "UPDATE", "DELETE", "ALTER", "CREATE", "SET", "GRANT", "REPLACE", "VACUUM", "MERGE", "CALL", "EXEC"]
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

/// `DELETE` or `UPDATE` of every row: without a condition, or with one that always holds.
fn unfiltered(statement: &str) -> bool {
    let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let touches = statement.contains("DELETE FROM") || statement.contains("UPDATE ") && statement.contains(" SET ");
    let Some((_, condition)) = statement.split_once(" WHERE ") else {
        return touches && !statement.contains("LIMIT");
    };
    let condition: String = condition.chars().filter(|c| !c.is_whitespace()).collect();
    touches && matches!(condition.trim_matches(['(', ')']), "1=1" | "TRUE" | "1" | "?=?" | "1<>0" | "NOTFALSE")
}

/// Commands of redis, which are arguments of their own.
fn redis(invocation: &Invocation<'_>, verdict: &mut Verdict) -> bool {
    let words: Vec<String> = invocation.args.iter().map(|arg| arg.text.to_ascii_lowercase()).collect();
    let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    let unknown_keys = says(&["del", "unlink"])
        && invocation.args.iter().any(|arg| arg.text.contains([crate::safety::place::HOLE, '*']));
    let severe = says(&[
        "shutdown",
        "debug",
        "flushall",
        "flushdb",
        "slaveof",
        "replicaof",
        "migrate",
        "swapdb",
        "failover",
        "module",
    ]) || says(&["cluster", "script", "acl"]) && says(&["reset", "flush", "deluser", "setuser"]);
    if severe || unknown_keys {
        verdict.report("database.drop", Risk::Dangerous, invocation.whole(), "throws keys away or stops the database");
        return true;
    }
    false
}

/// Tasks of frameworks and migration tools that empty a database: the program, and the words that do it.
const TASKS: &[(&[&str], &[&str])] = &[
    (
        &["rails", "rake"],
        &["db:drop", "db:drop:all", "db:reset", "db:purge", "db:schema:load", "db:migrate:reset", "db:truncate_all"],
    ),
    (&["artisan"], &["migrate:fresh", "migrate:reset", "migrate:refresh", "migrate:rollback", "db:wipe"]),
    (&["manage.py", "django-admin"], &["flush", "reset_db", "sqlflush", "reset", "delete_all"]),
    (&["prisma"], &["reset", "--force-reset", "--accept-data-loss"]),
    (&["sequelize", "sequelize-cli"], &["db:drop", "db:migrate:undo:all"]),
    (&["typeorm", "typeorm-ts-node-commonjs"], &["schema:drop", "migration:revert"]),
    (&["knex"], &["migrate:rollback", "migrate:down"]),
    (&["mix"], &["ecto.drop", "ecto.reset", "ecto.rollback"]),
    (&["alembic"], &["downgrade"]),
    (&["flyway"], &["clean", "undo"]),
    (&["liquibase"], &["dropAll", "drop-all", "rollback"]),
    (&["diesel", "sqlx", "neo4j-admin", "hasura", "supabase"], &["reset", "drop", "delete", "revert"]),
    (&["dotnet"], &["drop"]),
    (&["wp", "drush", "sql-drop"], &["reset", "drop", "clean", "sql-drop", "sql:drop", "delete", "empty"]),
    (&["console", "doctrine"], &["doctrine:database:drop", "doctrine:schema:drop", "orm:schema-tool:drop"]),
    (&["nodetool"], &["clearsnapshot", "decommission", "removenode", "assassinate"]),
    (
        &["rabbitmqctl"],
        &["reset", "force_reset", "purge_queue", "delete_vhost", "delete_queue", "delete_user", "stop_app"],
    ),
    (&["rethinkdb", "couchdb-cli", "arangosh"], &["delete", "drop"]),
];

/// Judges a task of a framework; says whether it empties the database.
pub(super) fn task(name: &str, args: &[super::Arg], at: std::ops::Range<usize>, verdict: &mut Verdict) -> bool {
    let empties = TASKS
        .iter()
        .filter(|(programs, _)| programs.contains(&name))
        .any(|(_, words)| args.iter().any(|arg| words.contains(&arg.text.as_str())));
    let asked =
        args.iter().any(|arg| matches!(arg.text.as_str(), "--help" | "-h" | "--pretend" | "--sql" | "--dry-run"));
    if empties && !asked {
        verdict.report("database.drop", Risk::Dangerous, at, "empties the database");
    }
    empties && !asked
}
