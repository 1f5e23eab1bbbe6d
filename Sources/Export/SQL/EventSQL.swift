import LimpetDocuments
import LimpetNumerics
import LimpetEvents
import LimpetFeatures

/// The event table in SQL: conditions on its rows, and the civil day and hour of an event.
struct EventSQL {
    let dialect: SQLDialect
    let featureSet: FeatureSet
    let zone: TimeZoneRules

    /// Returns the column of a property's amounts, in whole units of its decimals.
    func amounts(_ property: String) -> String { dialect.name(FeatureSQL.Column.amounts(of: property)) }

    /// Returns the column of a property's texts; that of event names for the event itself.
    func texts(_ property: String) -> String {
        property == Feature.eventNameProperty ? "name" : dialect.name(FeatureSQL.Column.texts(of: property))
    }

    /// Returns a property's text; null where it is missing.
    func value(_ property: String) -> String { "NULLIF(\(texts(property)), '')" }

    /// Returns a condition that is true when a row's event matches a pattern.
    func isOf(_ pattern: EventPattern) -> String {
        guard pattern.isAny else { return any(pattern.names) }
        return featureSet.systemEvents.isEmpty ? "TRUE" : "NOT (\(any(featureSet.systemEvents)))"
    }

    private func any(_ names: [String]) -> String {
        let whole = names.filter { !$0.ends(with: "*") }
        var parts = whole.isEmpty ? [] : ["name IN (\(dialect.texts(whole)))"]
        parts += names.filter { $0.ends(with: "*") }.map {
            dialect.begins("name", with: String($0.dropLast()))
        }
        return parts.count == 1 ? parts[0] : "(\(parts.joined(separator: " OR ")))"
    }

    /// Returns a condition that is true when a row matches a pattern and conditions.
    func passes(_ pattern: EventPattern, _ conditions: EventConditions) -> String {
        ([isOf(pattern)] + conditions.properties.map(meets) + clock(conditions)).joined(separator: " AND ")
    }

    private func meets(_ condition: PropertyCondition) -> String {
        switch condition.test {
        case .oneOf(let texts): return "\(value(condition.property)) IN (\(dialect.texts(texts)))"
        case .noneOf(let texts):
            return "\(value(condition.property)) NOT IN (\(dialect.texts(texts)))"
        case .amount(let least, let limit):
            let column = amounts(condition.property)
            let decimals = featureSet.decimals[condition.property] ?? 0
            func units(_ text: String?) -> Int64? {
                text.flatMap { ExactDecimal($0)?.units(decimals: decimals) }
            }
            var parts = ["\(column) IS NOT NULL"]
            if let least = units(least) { parts.append("\(column) >= \(least)") }
            if let limit = units(limit) { parts.append("\(column) < \(limit)") }
            return parts.joined(separator: " AND ")
        }
    }

    private func clock(_ conditions: EventConditions) -> [String] {
        var parts: [String] = []
        if let hours = conditions.hours {
            let (from, below) = ("local_hour >= \(hours.start)", "local_hour < \(hours.end)")
            parts.append(hours.start < hours.end ? "\(from) AND \(below)" : "(\(from) OR \(below))")
        }
        if !conditions.weekdays.isEmpty {
            parts.append("local_weekday IN (\(conditions.weekdays.map(String.init).joined(separator: ", ")))")
        }
        return parts
    }

    // MARK: Civil time

    /// Returns the floor of a quotient. Days, hours and minutes are far below 2^53, so that doubles hold them
    /// exactly.
    private func floored(_ expression: String, by divisor: Int64) -> String {
        "CAST(FLOOR(CAST(\(expression) AS \(dialect.double)) / \(divisor)) AS BIGINT)"
    }

    /// The civil day of a row, from its local milliseconds.
    var day: String { floored("local_ms", by: 86_400_000) }

    /// The hour of the civil day.
    var hour: String { floored("local_ms - 86400000 * \(day)", by: 3_600_000) }

    /// The day of the week, 0 for Sunday.
    var weekday: String { "(\(day) + 4 - 7 * \(floored("\(day) + 4", by: 7)))" }

    /// The local milliseconds by the event's own offset from UTC, else by the time zone of the feature set.
    var localTime: String {
        "time_ms + 60000 * CAST(COALESCE(offset_minutes, 0) AS BIGINT) + CASE WHEN offset_minutes IS NULL "
            + "THEN 1000 * (\(zoneOffset)) ELSE 0 END"
    }

    /// The offset of the feature set's zone in seconds, as a decision tree over the zone's changes.
    private var zoneOffset: String { tree(zone.changes(through: Self.lastYear)[...]) }

    /// The last year for which the changes of zones are written.
    private static let lastYear = 2100

    private func tree(_ changes: ArraySlice<(time: Int64, offset: Int)>) -> String {
        guard changes.count > 1 else { return String(changes.first?.offset ?? 0) }
        let middle = changes.startIndex + changes.count / 2
        return
            "CASE WHEN time_ms < \(changes[middle].time) THEN \(tree(changes[..<middle])) "
            + "ELSE \(tree(changes[middle...])) END"
    }
}
