import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures

/// A feature set as one query, for engines that hold the events themselves.
///
///     let sql = try FeatureSQL(featureSet, dialect: .duckdb, zone: .utc)
///     for column in sql.contract { print(column.name, column.type) }
///     print(sql.query)
///
/// The query reads a table of events and a table of `(user, snapshot)` pairs and returns one row for each
/// pair, with a column for each feature, null where it is missing. The columns of the event table are those
/// of ``contract``.
public struct FeatureSQL: Sendable {
    /// The SQL engine.
    public let dialect: SQLDialect
    /// The features.
    public let featureSet: FeatureSet
    /// The names of the two tables in the query.
    public var (eventTable, snapshotTable) = ("events", "snapshots")
    /// The condition on the pairs that get a row; nil for all pairs.
    public var population: Population?
    private let zone: TimeZoneRules

    /// Makes a query for a feature set.
    ///
    /// - Parameter zone: the rules of the feature set's time zone.
    /// - Throws: `FeatureSetError` when the set is not valid.
    public init(_ featureSet: FeatureSet, dialect: SQLDialect, zone: TimeZoneRules) throws(FeatureSetError) {
        try featureSet.validate()
        self.featureSet = featureSet
        self.dialect = dialect
        self.zone = zone
        try refuseRepeatedColumns()
    }

    /// Refuses columns that engines do not tell apart, and would silently confuse.
    private func refuseRepeatedColumns() throws(FeatureSetError) {
        var read = ColumnNames([], dialect, ignoresCase: true)
        for column in contract {
            guard let other = read.add(column.name) else { continue }
            throw .invalid(
                feature: "the query's column \(column.name)",
                problem:
                    "engines do not tell it from \(other), whose property's name differs in the case of "
                    + "letters alone, or after 63 bytes: call one of them something else in the log")
        }
        var written = ColumnNames(Self.ownResults, dialect, ignoresCase: true)
        for feature in featureSet.features {
            guard !feature.name.isEmpty, !dialect.ownColumns.contains(feature.name) else {
                throw .invalid(
                    feature: feature.name.quoted,
                    problem: "\(dialect.rawValue) has no column of this name: give the feature another one")
            }
            guard let other = written.add(feature.name) else { continue }
            throw .invalid(
                feature: feature.name,
                problem:
                    "engines do not tell it from the column \(other) of the query's result, whatever the "
                    + "case of its letters: give the feature another name")
        }
    }

    /// The columns besides features in the results of this query and of a query for scores.
    private static let ownResults = ["user_id", "snapshot_ms", "log_odds", "probability"]

    /// A column that the query reads.
    public struct Column: Hashable, Sendable {
        /// The contents of a column.
        public enum Content: Hashable, Sendable {
            /// A field that every event has.
            case event
            /// The amounts of a property, in whole units of its decimals.
            case amounts(String)
            /// The texts of a property.
            case texts(String)
        }

        /// The name. Names of properties have a prefix, so that a property may be called `name` too.
        public var name: String
        /// The SQL type.
        public var type: String
        /// The contents.
        public var content = Content.event
        /// The contents, in words.
        public var meaning: String

        /// Returns the name of the column of a property's amounts.
        static func amounts(of property: String) -> String { "units_" + property }

        /// Returns the name of the column of a property's texts.
        static func texts(of property: String) -> String { "text_" + property }
    }

    /// The columns of the event table that this feature set reads.
    public var contract: [Column] {
        let (numbers, texts) = (featureSet.columns.numbers, featureSet.columns.texts)
        return eventColumns
            + numbers.sortedByKey.map { property, decimals in
                Column(
                    name: Column.amounts(of: property), type: "BIGINT", content: .amounts(property),
                    meaning: "\(property) in units of 10^-\(decimals), null for none")
            }
            + texts.sorted().map { property in
                Column(
                    name: Column.texts(of: property), type: dialect.string, content: .texts(property),
                    meaning: "\(property), null or empty for none")
            }
    }

    private var eventColumns: [Column] {
        [
            Column(name: "user_id", type: dialect.string, meaning: "the user's id"),
            Column(name: "time_ms", type: "BIGINT", meaning: "milliseconds since 1970 UTC"),
            Column(name: "seq", type: "BIGINT", meaning: "order of arrival, for events at one time"),
            Column(name: "name", type: dialect.string, meaning: "the event's name"),
            Column(
                name: "offset_minutes", type: "INT",
                meaning: "minutes east of UTC where the event names a place, else null"),
        ]
    }

    /// The text of the query.
    public var query: String {
        let events = EventSQL(dialect: dialect, featureSet: featureSet, zone: zone)
        var steps = QuerySteps(events)
        let values = featureSet.features.map { FeatureExpression($0, events, &steps).value }
        let condition = population.map { "\nWHERE " + membership($0, events, &steps) } ?? ""
        let columns = zip(featureSet.features, values).map { "  \($1) AS \(dialect.name($0.name))" }
        let joins = steps.joined.map {
            "LEFT JOIN \($0) ON \($0).user_id = s.user_id AND \($0).snapshot_ms = s.snapshot_ms"
        }
        return """
            \(header)
            WITH \
            \((base(events) + steps.all).map { "\($0.name) AS (\n\($0.body)\n)" }.joined(separator: ",\n"))
            SELECT s.user_id, s.snapshot_ms,
            \(columns.joined(separator: ",\n"))
            FROM s
            \(joins.joined(separator: "\n"))\(condition)
            ORDER BY s.user_id, s.snapshot_ms

            """
    }

    private func membership(_ population: Population, _ events: EventSQL, _ steps: inout QuerySteps) -> String
    {
        func count(_ pattern: EventPattern, last span: TimeSpan? = nil) -> String {
            let window = span.map { " AND time_ms >= snapshot_ms - \($0.milliseconds)" } ?? ""
            return "COALESCE(\(steps.sum("COUNT(CASE WHEN \(events.isOf(pattern))\(window) THEN 1 END)")), 0)"
        }
        var parts = ["\(count(population.hasDone)) > 0"]
        if let never = population.hasNotDone { parts.append("\(count(never)) = 0") }
        if let span = population.activeWithin { parts.append("\(count(.any, last: span)) > 0") }
        return parts.joined(separator: " AND ")
    }

    private var header: String {
        let lines = contract.map { "--   \($0.name) \($0.type): \($0.meaning)" }
        return """
            -- The features of \(snapshotTable) (user_id, snapshot_ms) from \(eventTable), \
            for \(dialect.rawValue). Events:
            \(lines.joined(separator: "\n"))
            -- Each pair of user and snapshot stands once in \(snapshotTable). \
            An event at the snapshot is not seen.
            """
    }

    /// Returns the steps of the snapshots, of the events with their civil time, and of the events before each
    /// snapshot.
    private func base(_ events: EventSQL) -> [QuerySteps.Step] {
        let own = contract.map { dialect.name($0.name) }
        var columns = own
        var body = "  SELECT \(own.joined(separator: ", ")) FROM \(eventTable)"
        if readsClock {
            body =
                "  SELECT \(own.joined(separator: ", ")), \(events.localTime) AS local_ms FROM \(eventTable)"
            body =
                """
                  SELECT *, \(events.day) AS local_day, \(events.hour) AS local_hour, \
                \(events.weekday) AS local_weekday
                  FROM (
                  \(body)
                  ) timed
                """
            columns += ["local_day", "local_hour", "local_weekday"]
        }
        let seen = columns.filter { $0 != dialect.name("user_id") }.map { "e.\($0)" }.joined(separator: ", ")
        return [
            QuerySteps.Step(
                name: "s",
                body: "  SELECT user_id, CAST(snapshot_ms AS BIGINT) AS snapshot_ms FROM \(snapshotTable)"),
            QuerySteps.Step(name: "e", body: body),
            QuerySteps.Step(
                name: "j",
                body:
                    """
                      SELECT s.user_id, s.snapshot_ms, \(seen)
                      FROM s JOIN e ON e.user_id = s.user_id AND e.time_ms < s.snapshot_ms
                    """
            ),
        ]
    }

    private var readsClock: Bool {
        featureSet.features.contains {
            $0.conditions.readsClock || [.activeDays, .streak, .longestStreak].contains($0.kind)
        }
    }
}

/// The named steps of a query: one for all aggregates of a single pass over the events, and those of features
/// that depend on the order of events.
struct QuerySteps {
    struct Step {
        var name: String
        var body: String
    }

    private let events: EventSQL
    private var sums: [String] = []
    private var steps: [Step] = []
    /// The steps with one row for each snapshot, which are joined to the result.
    private(set) var joined: [String] = []

    init(_ events: EventSQL) { self.events = events }

    var all: [Step] {
        guard !sums.isEmpty else { return steps }
        let columns = sums.enumerated().map { "    \($1) AS a\($0)" }
        let body =
            """
              SELECT user_id, snapshot_ms,
            \(columns.joined(separator: ",\n"))
              FROM j GROUP BY user_id, snapshot_ms
            """
        return [Step(name: "a", body: body)] + steps
    }

    /// Adds an aggregate over all events before the snapshot; returns the column that holds it.
    mutating func sum(_ aggregate: String) -> String {
        if sums.isEmpty { joined.insert("a", at: 0) }
        if let index = sums.firstIndex(of: aggregate) { return "a.a\(index)" }
        sums.append(aggregate)
        return "a.a\(sums.count - 1)"
    }

    /// Adds a step and returns its name; a body that was added before is not added again.
    mutating func step(_ body: String, isJoined: Bool = false) -> String {
        let name: String
        if let known = steps.first(where: { $0.body == body }) {
            name = known.name
        } else {
            name = "t\(steps.count)"
            steps.append(Step(name: name, body: body))
        }
        if isJoined, !joined.contains(verbatim: name) { joined.append(name) }
        return name
    }
}
