import LimpetDocuments
import LimpetEvents
import LimpetFeatures

/// A feature as an SQL expression.
///
/// Kinds that a single pass can aggregate become aggregates with a filter. Kinds that depend on the order of
/// events get steps of their own, with window functions over the events that pass the feature's filter.
struct FeatureExpression {
    let feature: Feature
    let events: EventSQL
    var dialect: SQLDialect { events.dialect }
    /// The expression of the feature's value; null where it is missing.
    private(set) var value = ""

    static let day: Int64 = 86_400_000

    init(_ feature: Feature, _ events: EventSQL, _ steps: inout QuerySteps) {
        self.feature = feature
        self.events = events
        value = expression(&steps)
    }

    // MARK: Filters

    /// The condition that a row of `j` passes the feature's filter and is in its window.
    var filter: String { filter(feature.events) }
    var otherFilter: String { filter(feature.other ?? .any) }

    func filter(
        _ pattern: EventPattern, _ conditions: EventConditions? = nil, window: TimeSpan?? = .none
    ) -> String {
        var parts = [events.passes(pattern, conditions ?? feature.conditions)]
        if let span = window ?? feature.window { parts.append(since(span)) }
        return parts.joined(separator: " AND ")
    }

    private func since(_ span: TimeSpan) -> String { "time_ms >= snapshot_ms - \(span.milliseconds)" }

    /// The whole history: windows are nested optionals, and `.some(nil)` has no limit.
    private static let ever: TimeSpan?? = .some(nil)

    // MARK: Kinds

    private func expression(_ steps: inout QuerySteps) -> String {
        switch feature.kind {
        case .count, .change, .difference, .trend, .ratio, .share, .decayedCount, .member: counted(&steps)
        case .countSince: countSince(&steps)
        case .activeDays:
            number("COALESCE(\(steps.sum("COUNT(DISTINCT CASE WHEN \(filter) THEN local_day END)")), 0)")
        case .sum, .mean, .minimum, .maximum: amount(&steps)
        case .standardDeviation: standardDeviation(&steps)
        case .latest, .lastCategory: latest(&steps)
        case .distinct: distinct(&steps)
        case .affinity, .entropy: variety(&steps)
        case .recency, .tenure, .meanGap, .overdue: spacing(&steps)
        case .shortestGap, .longestGap, .gapDeviation: gaps(&steps)
        case .streak, .longestStreak: streaks(&steps)
        case .sessions: sessions(&steps)
        case .funnelStage: funnel(&steps)
        case .chain: chain(&steps)
        case .unanswered: unanswered(&steps)
        case .repeats: repeats(&steps)
        }
    }

    /// Casts a whole number to a double, as Limpet's own results are.
    func number(_ expression: String) -> String { "CAST(\(expression) AS \(dialect.double))" }

    func count(_ filter: String, _ steps: inout QuerySteps) -> String {
        "COALESCE(\(steps.sum("COUNT(CASE WHEN \(filter) THEN 1 END)")), 0)"
    }

    private func share(_ part: String, of all: String) -> String {
        "CASE WHEN \(all) > 0 THEN \(number(part)) / \(number(all)) END"
    }

    private func counted(_ steps: inout QuerySteps) -> String {
        let count = count(filter, &steps)
        switch feature.kind {
        case .change:
            let twice = feature.window.map { TimeSpan(milliseconds: 2 * $0.milliseconds) }
            return number(
                "2 * \(count) - \(self.count(filter(feature.events, window: .some(twice)), &steps))")
        case .difference: return number("\(count) - \(self.count(otherFilter, &steps))")
        case .trend:
            return share(
                count, of: self.count(filter(feature.events, window: .some(feature.against)), &steps))
        case .ratio: return share(count, of: self.count(otherFilter, &steps))
        case .share: return share(count, of: self.count(filter(feature.events, EventConditions.none), &steps))
        case .decayedCount: return decayed(&steps)
        case .member: return member(&steps)
        default: return number(count)
        }
    }

    private func decayed(_ steps: inout QuerySteps) -> String {
        let eighths = [1_048_576, 961_548, 881_744, 808_563, 741_455, 679_917, 623_487, 571_740]
        let halfLife = feature.halfLife?.milliseconds ?? 1
        let step = dialect.quotient("8 * (snapshot_ms - time_ms)", "\(halfLife)")
        let cases = eighths.enumerated().map { "WHEN \($0) THEN \($1)" }.joined(separator: " ")
        let weight = dialect.shifted(
            "CAST(CASE \(dialect.remainder(step, "8")) \(cases) END AS BIGINT)",
            by: dialect.quotient(step, "8"))
        let isAlive = "snapshot_ms - time_ms < \(20 * halfLife)"
        let sum = steps.sum("SUM(CASE WHEN \(filter) AND \(isAlive) THEN \(weight) END)")
        return "\(number("COALESCE(\(sum), 0)")) / 1048576"
    }

    private func member(_ steps: inout QuerySteps) -> String {
        let entry = steps.sum("MAX(CASE WHEN \(filter) THEN time_ms END)")
        let exit = steps.sum("MAX(CASE WHEN \(otherFilter) THEN time_ms END)")
        return "CASE WHEN \(entry) IS NULL AND \(exit) IS NULL THEN NULL "
            + "WHEN \(entry) IS NOT NULL AND (\(exit) IS NULL OR \(exit) < \(entry)) THEN \(number("1")) "
            + "ELSE \(number("0")) END"
    }

    private func countSince(_ steps: inout QuerySteps) -> String {
        let mark = filter(feature.other ?? .any, window: Self.ever)
        let marks = steps.step(
            "  SELECT user_id, snapshot_ms, MAX(time_ms) AS mark FROM j WHERE \(mark) "
                + "GROUP BY user_id, snapshot_ms"
        )
        let counts = steps.step(
            """
              SELECT m.user_id, m.snapshot_ms, COUNT(f.time_ms) AS number
              FROM \(marks) m LEFT JOIN (SELECT user_id, snapshot_ms, time_ms FROM j WHERE \(filter)) f
                ON f.user_id = m.user_id AND f.snapshot_ms = m.snapshot_ms AND f.time_ms > m.mark
              GROUP BY m.user_id, m.snapshot_ms
            """,
            isJoined: true)
        return number("\(counts).number")
    }

    // MARK: Amounts

    var property: String { feature.property ?? "" }
    private var unitsPerOne: String {
        let decimals = events.featureSet.decimals[property] ?? 0
        return number("1" + String(repeating: "0", count: decimals))
    }

    private func amount(_ steps: inout QuerySteps) -> String {
        let units = events.amounts(property)
        let known = "CASE WHEN \(filter) THEN \(units) END"
        switch feature.kind {
        case .minimum: return "\(number(steps.sum("MIN(\(known))"))) / \(unitsPerOne)"
        case .maximum: return "\(number(steps.sum("MAX(\(known))"))) / \(unitsPerOne)"
        default: break
        }
        let sum = steps.sum("SUM(\(dialect.wide(known)))")
        guard feature.kind == .mean else {
            return "\(dialect.double("COALESCE(\(sum), 0)")) / \(unitsPerOne)"
        }
        let count = steps.sum("COUNT(\(known))")
        return "CASE WHEN \(count) > 0 THEN \(dialect.double(sum)) / (\(number(count)) * \(unitsPerOne)) END"
    }

    /// Returns the standard deviation. The squared distances from the floored mean and the sum of the
    /// distances are whole numbers that are converted to doubles once, so that the result has the same bits
    /// as that of `Spread`.
    func spread(of values: String, _ steps: inout QuerySteps) -> String {
        let means = steps.step(
            """
              SELECT user_id, snapshot_ms, n, total,
                \(dialect.flooredQuotient("total", "n")) AS middle
              FROM (
                SELECT user_id, snapshot_ms, \(dialect.wide("COUNT(*)")) AS n, \
            SUM(\(dialect.wide("v"))) AS total
                FROM \(values) GROUP BY user_id, snapshot_ms
              ) g
            """
        )
        let distance = "(\(dialect.wide("v.v")) - \(dialect.wide("m.middle")))"
        let spreads = steps.step(
            """
              SELECT v.user_id, v.snapshot_ms, MAX(m.n) AS n,
                SUM(\(distance) * \(distance)) AS squares, SUM(\(distance)) AS rest
              FROM \(values) v JOIN \(means) m ON m.user_id = v.user_id AND m.snapshot_ms = v.snapshot_ms
              GROUP BY v.user_id, v.snapshot_ms
            """,
            isJoined: true)
        let (n, rest) = (number("\(spreads).n"), number("\(spreads).rest"))
        return
            "CASE WHEN \(spreads).n > 1 THEN SQRT((\(dialect.double("\(spreads).squares")) "
            + "- \(rest) * \(rest) / \(n)) / \(n)) END"
    }

    private func standardDeviation(_ steps: inout QuerySteps) -> String {
        let units = events.amounts(property)
        let values = steps.step(
            "  SELECT user_id, snapshot_ms, \(units) AS v FROM j WHERE \(filter) AND \(units) IS NOT NULL")
        return "\(spread(of: values, &steps)) / \(unitsPerOne)"
    }

    private func latest(_ steps: inout QuerySteps) -> String {
        let isText = feature.kind == .lastCategory
        let column = isText ? events.value(property) : events.amounts(property)
        let last = steps.step(
            """
              SELECT user_id, snapshot_ms, v FROM (
                SELECT user_id, snapshot_ms, \(column) AS v,
                  ROW_NUMBER() OVER (PARTITION BY user_id, snapshot_ms \
            ORDER BY time_ms DESC, seq DESC) AS place
                FROM j WHERE \(filter) AND \(column) IS NOT NULL
              ) r WHERE place = 1
            """,
            isJoined: true)
        return isText ? "\(last).v" : "\(number("\(last).v")) / \(unitsPerOne)"
    }

    // MARK: Variety

    private func distinct(_ steps: inout QuerySteps) -> String {
        let count =
            "COALESCE("
            + steps.sum("COUNT(DISTINCT CASE WHEN \(filter) THEN \(events.value(property)) END)") + ", 0)"
        return "CASE WHEN \(count) <= \(events.featureSet.distinctLimit) THEN \(number(count)) END"
    }

    private func variety(_ steps: inout QuerySteps) -> String {
        let value = events.value(property)
        let counts = steps.step(
            """
              SELECT user_id, snapshot_ms, \(value) AS v, COUNT(*) AS n FROM j
              WHERE \(filter) AND \(value) IS NOT NULL GROUP BY user_id, snapshot_ms, \(value)
            """
        )
        let n = number("n")
        let totals = steps.step(
            """
              SELECT user_id, snapshot_ms, COUNT(*) AS levels, SUM(n) AS total, MAX(n) AS most, \
            SUM(\(n) * LN(\(n))) AS spread
              FROM \(counts) GROUP BY user_id, snapshot_ms
            """,
            isJoined: true)
        let total = number("\(totals).total")
        let value0 =
            feature.kind == .affinity
            ? "\(number("\(totals).most")) / \(total)"
            : "CASE WHEN \(totals).levels = 1 THEN \(number("0")) "
                + "ELSE (LN(\(total)) - \(totals).spread / \(total)) / LN(\(number("2"))) END"
        return "CASE WHEN \(totals).levels <= \(events.featureSet.distinctLimit) THEN \(value0) END"
    }
}
