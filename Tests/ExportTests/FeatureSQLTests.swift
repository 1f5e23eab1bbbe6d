import LimpetEvents
import LimpetExport
import LimpetFeatures
import LimpetTestSupport
import Testing

/// The generated text; the tests of the commands check with the engines themselves that it is right.
@Suite struct FeatureSQLTests {
    private func query(_ features: [Feature], _ dialect: SQLDialect, zone: TimeZoneRules = .utc) throws
        -> String
    {
        try FeatureSQL(FeatureSet(features: features), dialect: dialect, zone: zone).query
    }

    @Test(
        "every kind has an expression in every dialect", arguments: FeatureKind.allCases, SQLDialect.allCases)
    func complete(kind: FeatureKind, dialect: SQLDialect) throws {
        let feature = Feature.sample(kind)
        let query = try query([feature], dialect)
        let mark = dialect == .spark ? "`" : "\""
        #expect(query.contains(" AS \(mark)\(feature.name)\(mark)"))
    }

    @Test("names and texts cannot leave their quotes")
    func hostileTexts() throws {
        let hostile = "x'; DROP TABLE events; --\\"
        let feature = Feature(
            name: "a\"`b", kind: .count, events: EventPattern(names: [hostile]))
        #expect(try query([feature], .duckdb).contains("name IN ('x''; DROP TABLE events; --\\')"))
        #expect(try query([feature], .spark).contains("name IN ('x\\'; DROP TABLE events; --\\\\')"))
        #expect(try query([feature], .postgres).contains("AS \"a\"\"`b\""))
        #expect(try query([feature], .spark).contains("AS `a\"``b`"))
    }

    @Test("properties that differ only in the case of letters are refused")
    func repeatedColumns() throws {
        let features = ["Plan", "plan"].map { Feature(kind: .distinct, property: $0) }
        #expect(throws: FeatureSetError.self) { try query(features, .spark) }
    }

    @Test(
        "a property may be called as columns of the query are",
        arguments: ["name", "seq", "user_id", "local_day", "value_units"])
    func properties(named property: String) throws {
        let query = try query(
            [Feature(kind: .distinct, property: property), Feature(kind: .sum, property: "value")], .duckdb)
        #expect(query.contains("\"text_\(property)\"") && query.contains("\"units_value\""))
    }

    @Test(
        "a feature that has the name of another column of the result is refused",
        arguments: ["user_id", "Snapshot_MS", "log_odds", "probability", "ACTIVE"])
    func repeatedResults(name: String) {
        let features = [Feature(name: name, kind: .count), Feature(name: "active", kind: .activeDays)]
        #expect(throws: FeatureSetError.self) { try query(features, .postgres) }
    }

    @Test("features that need the same sum share it")
    func shared() throws {
        let buys = EventPattern(names: ["buy"])
        let one = try query([Feature(kind: .meanGap, events: buys)], .duckdb)
        let two = try query(
            [Feature(kind: .meanGap, events: buys), Feature(kind: .count, events: buys)], .duckdb)
        let sums = { (text: String) in text.components(of: " AS a") }
        #expect(sums(one) == sums(two))
    }

    @Test("a zone's changes are written out, and only where a feature reads the clock")
    func zones() throws {
        let zone = try TestZones.amsterdam()
        #expect(try !query([Feature(kind: .count)], .duckdb, zone: zone).contains("local_ms"))
        let query = try query([Feature(kind: .activeDays)], .duckdb, zone: zone)
        // The change to summer time of 2025, at 1:00 UTC.
        #expect(query.contains("time_ms < 1743296400000"))
    }
}

extension String {
    fileprivate func components(of separator: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.firstRange(of: separator) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
