import LimpetEvents
import LimpetFeatures

extension FeatureExpression {
    private func days(_ milliseconds: String) -> String { "\(number(milliseconds)) / 86400000" }

    /// Returns the kinds that depend on the first and the last event, and on the number between them.
    func spacing(_ steps: inout QuerySteps) -> String {
        if feature.kind == .recency, let nth = feature.nth, nth > 1 { return nthLast(nth, &steps) }
        let last = steps.sum("MAX(CASE WHEN \(filter) THEN time_ms END)")
        if feature.kind == .recency { return days("s.snapshot_ms - \(last)") }
        let first = steps.sum("MIN(CASE WHEN \(filter) THEN time_ms END)")
        if feature.kind == .tenure { return days("s.snapshot_ms - \(first)") }
        let gaps = "(\(count(filter, &steps)) - 1)"
        guard feature.kind == .meanGap else {
            let late = dialect.double("\(dialect.wide("s.snapshot_ms - \(last)")) * \(dialect.wide(gaps))")
            return
                "CASE WHEN \(gaps) > 0 AND \(last) > \(first) "
                + "THEN \(late) / \(number("\(last) - \(first)")) END"
        }
        return "CASE WHEN \(gaps) > 0 THEN \(number("\(last) - \(first)")) / (\(number(gaps)) * 86400000) END"
    }

    private func nthLast(_ nth: Int, _ steps: inout QuerySteps) -> String {
        let last = steps.step(
            """
              SELECT user_id, snapshot_ms, time_ms FROM (
                SELECT user_id, snapshot_ms, time_ms,
                  ROW_NUMBER() OVER (PARTITION BY user_id, snapshot_ms \
            ORDER BY time_ms DESC, seq DESC) AS place
                FROM j WHERE \(filter)
              ) r WHERE place = \(nth)
            """,
            isJoined: true)
        return days("s.snapshot_ms - \(last).time_ms")
    }

    /// Returns the kinds that depend on each gap between consecutive events.
    func gaps(_ steps: inout QuerySteps) -> String {
        let gaps = steps.step(
            """
              SELECT user_id, snapshot_ms, v FROM (
                SELECT user_id, snapshot_ms,
                  time_ms - LAG(time_ms) OVER (PARTITION BY user_id, snapshot_ms ORDER BY time_ms, seq) AS v
                FROM j WHERE \(filter)
              ) g WHERE v IS NOT NULL
            """
        )
        if feature.kind == .gapDeviation { return "\(spread(of: gaps, &steps)) / 86400000" }
        let ends = steps.step(
            "  SELECT user_id, snapshot_ms, MIN(v) AS least, MAX(v) AS most FROM \(gaps) "
                + "GROUP BY user_id, snapshot_ms",
            isJoined: true)
        return days(feature.kind == .shortestGap ? "\(ends).least" : "\(ends).most")
    }

    /// Returns the streaks: days are consecutive when their number minus their rank is the same (gaps and
    /// islands).
    func streaks(_ steps: inout QuerySteps) -> String {
        let days = steps.step(
            "  SELECT DISTINCT user_id, snapshot_ms, local_day FROM j WHERE \(filter)")
        let runs = steps.step(
            """
              SELECT user_id, snapshot_ms, COUNT(*) AS length, MAX(local_day) AS last_day FROM (
                SELECT user_id, snapshot_ms, local_day,
                  local_day - ROW_NUMBER() OVER (PARTITION BY user_id, snapshot_ms ORDER BY local_day) AS run
                FROM \(days)
              ) r GROUP BY user_id, snapshot_ms, run
            """
        )
        let ends = steps.step(
            """
              SELECT user_id, snapshot_ms, MAX(length) AS longest,
                MAX(CASE WHEN place = 1 THEN length END) AS last
              FROM (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY user_id, snapshot_ms \
            ORDER BY last_day DESC) AS place FROM \(runs)
              ) r GROUP BY user_id, snapshot_ms
            """,
            isJoined: true)
        return number("COALESCE(\(ends).\(feature.kind == .streak ? "last" : "longest"), 0)")
    }

    /// Returns the sessions. They are separated over the full history; a later event never changes where one
    /// began.
    func sessions(_ steps: inout QuerySteps) -> String {
        let gap = events.featureSet.sessionGap.milliseconds
        let starts = steps.step(
            """
              SELECT user_id, time_ms FROM (
                SELECT user_id, time_ms, LAG(time_ms) OVER (PARTITION BY user_id \
            ORDER BY time_ms, seq) AS before
                FROM e WHERE \(events.isOf(.any))
              ) o WHERE before IS NULL OR time_ms - before > \(gap)
            """
        )
        return countedStep(of: starts, &steps)
    }

    /// Returns the number of a step's rows in the feature's window before each snapshot.
    private func countedStep(of step: String, until: String = "s.snapshot_ms", _ steps: inout QuerySteps)
        -> String
    {
        let start = feature.window.map { " AND x.time_ms >= s.snapshot_ms - \($0.milliseconds)" } ?? ""
        let counts = steps.step(
            """
              SELECT s.user_id, s.snapshot_ms, COUNT(*) AS number
              FROM s JOIN \(step) x ON x.user_id = s.user_id AND x.time_ms < \(until)\(start)
              GROUP BY s.user_id, s.snapshot_ms
            """,
            isJoined: true)
        return number("COALESCE(\(counts).number, 0)")
    }

    // MARK: Sequences

    /// Returns the stage of a funnel: each stage is searched from the time of the one before.
    func funnel(_ steps: inout QuerySteps) -> String {
        var reached: [String] = []
        for stage in feature.stages {
            let filter = filter(stage)
            let body: String
            if let before = reached.last {
                body =
                    """
                      SELECT b.user_id, b.snapshot_ms, MIN(f.time_ms) AS time_ms
                      FROM \(before) b JOIN (SELECT user_id, snapshot_ms, time_ms FROM j WHERE \(filter)) f
                        ON f.user_id = b.user_id AND f.snapshot_ms = b.snapshot_ms AND f.time_ms >= b.time_ms
                      GROUP BY b.user_id, b.snapshot_ms
                    """
            } else {
                body =
                    """
                      SELECT user_id, snapshot_ms, MIN(time_ms) AS time_ms FROM j WHERE \(filter)
                      GROUP BY user_id, snapshot_ms
                    """
            }
            reached.append(steps.step(body, isJoined: true))
        }
        let stages = reached.map { "CASE WHEN \($0).time_ms IS NULL THEN 0 ELSE 1 END" }
        return number(stages.joined(separator: " + "))
    }

    /// Returns the number of events after the last one that was followed by too long a gap.
    func chain(_ steps: inout QuerySteps) -> String {
        let within = feature.within?.milliseconds ?? 0
        let chains = steps.step(
            """
              SELECT user_id, snapshot_ms, COUNT(*) - COALESCE(MAX(CASE WHEN next - time_ms > \(within) \
            THEN place END), 0) AS number
              FROM (
                SELECT user_id, snapshot_ms, time_ms,
                  COALESCE(LEAD(time_ms) OVER (PARTITION BY user_id, snapshot_ms ORDER BY time_ms, \
            seq), snapshot_ms) AS next,
                  ROW_NUMBER() OVER (PARTITION BY user_id, snapshot_ms ORDER BY time_ms, seq) AS place
                FROM j WHERE \(filter)
              ) c GROUP BY user_id, snapshot_ms
            """,
            isJoined: true)
        return number("COALESCE(\(chains).number, 0)")
    }

    /// Returns the number of unanswered events. An event counts only when the time for an answer has passed,
    /// so that the answer is before the snapshot.
    func unanswered(_ steps: inout QuerySteps) -> String {
        let within = feature.within?.milliseconds ?? 0
        let asked =
            "SELECT user_id, time_ms, seq FROM e WHERE \(events.passes(feature.events, feature.conditions))"
        let answers =
            "SELECT user_id, time_ms FROM e WHERE \(events.passes(feature.other ?? .any, feature.conditions))"
        let open = steps.step(
            """
              SELECT q.user_id, q.time_ms FROM (\(asked)) q
              WHERE NOT EXISTS (
                SELECT 1 FROM (\(answers)) w
                WHERE w.user_id = q.user_id AND w.time_ms >= q.time_ms AND w.time_ms <= q.time_ms + \(within)
              )
            """
        )
        return countedStep(of: open, until: "s.snapshot_ms - \(within)", &steps)
    }

    /// Returns the number of repeats; the event that is repeated may lie before the window.
    func repeats(_ steps: inout QuerySteps) -> String {
        let again = steps.step(
            """
              SELECT user_id, time_ms FROM (
                SELECT user_id, time_ms, LAG(time_ms) OVER (PARTITION BY user_id \
            ORDER BY time_ms, seq) AS before
                FROM e WHERE \(events.passes(feature.events, feature.conditions))
              ) r WHERE time_ms - before <= \(feature.within?.milliseconds ?? 0)
            """
        )
        return countedStep(of: again, &steps)
    }
}
