import GRDB

/// The schema of the tables, with migrations from every earlier release.
enum StorageSchema {
    /// The application id in SQLite's header that marks a file as Limpet's: `Lmpt` in ASCII.
    static let applicationID = 0x4c6d_7074

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 events and receipts") { database in
            try database.execute(sql: events)
            try database.execute(sql: receipts)
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        }
        return migrator
    }

    /// The table of events.
    ///
    /// `properties` is a JSON object of texts. AUTOINCREMENT ensures that a sequence number is never reused.
    private static let events = """
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            user TEXT NOT NULL,
            message_id TEXT,
            time_ms INTEGER NOT NULL,
            name TEXT NOT NULL,
            properties TEXT NOT NULL,
            zone_offset_minutes INTEGER,
            received_ms INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX events_by_message ON events (message_id) WHERE message_id IS NOT NULL;
        CREATE INDEX events_by_user ON events (user, seq);
        """

    /// The table of receipts.
    ///
    /// `after_event_seq` is the last event that had been applied before the decision, so that events and
    /// decisions can be replayed in their order.
    private static let receipts = """
        CREATE TABLE receipts (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            user TEXT NOT NULL,
            user_sequence INTEGER NOT NULL,
            now_ms INTEGER NOT NULL,
            time_ms INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            offer TEXT,
            show_day INTEGER,
            after_event_seq INTEGER NOT NULL,
            document TEXT NOT NULL
        ) STRICT;
        CREATE INDEX receipts_by_user ON receipts (user, seq);
        """
}
