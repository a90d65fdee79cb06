//! What the database looks like, version by version.

use crate::storage::Schema;

pub(super) static SCHEMA: Schema = Schema {
    application_id: 0x4361_7248, // "CarH"
    migrations: &[
        "
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY AUTOINCREMENT, unix_s INTEGER NOT NULL, query TEXT NOT NULL, command TEXT NOT NULL,
            risk TEXT NOT NULL, outcome TEXT NOT NULL
        ) STRICT;
    ",
        // The index of words holds no text of its own, so that what is deleted is deleted in one place.
        "
        ALTER TABLE entry ADD COLUMN shell TEXT;
        ALTER TABLE entry ADD COLUMN os TEXT;
        ALTER TABLE entry ADD COLUMN likeness TEXT;
        ALTER TABLE entry ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE entry ADD COLUMN name TEXT;
        CREATE INDEX entry_likeness ON entry (likeness) WHERE likeness IS NOT NULL;
        CREATE INDEX entry_recent ON entry (unix_s, id);
        CREATE INDEX entry_pinned ON entry (pinned, unix_s, id);
        CREATE VIRTUAL TABLE entry_text USING fts5 (
            query, command, name, content = 'entry', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
        );
        INSERT INTO entry_text (entry_text, rank) VALUES ('secure-delete', 1);
        INSERT INTO entry_text (entry_text) VALUES ('rebuild');
        CREATE TRIGGER entry_added AFTER INSERT ON entry BEGIN
            INSERT INTO entry_text (rowid, query, command, name) VALUES (new.id, new.query, new.command, new.name);
        END;
        CREATE TRIGGER entry_removed AFTER DELETE ON entry BEGIN
            INSERT INTO entry_text (entry_text, rowid, query, command, name)
            VALUES ('delete', old.id, old.query, old.command, old.name);
        END;
        CREATE TRIGGER entry_renamed AFTER UPDATE OF query, command, name ON entry BEGIN
            INSERT INTO entry_text (entry_text, rowid, query, command, name)
            VALUES ('delete', old.id, old.query, old.command, old.name);
            INSERT INTO entry_text (rowid, query, command, name) VALUES (new.id, new.query, new.command, new.name);
        END;
    ",
    ],
};
