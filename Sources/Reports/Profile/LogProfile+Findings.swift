import LimpetDocuments
import LimpetEvents

/// A finding that deserves a closer look.
public struct Finding: Hashable, Sendable {
    /// The finding, as a sentence.
    public let text: String
    /// The advice; empty where there is none.
    public let advice: String

    init(_ text: String, advice: String = "") { (self.text, self.advice) = (text, advice) }
}

extension LogProfile {
    /// The pairs of names that may mean one event.
    public var similarNames: [SimilarNames] { SimilarNames.all(of: events) }

    /// The findings, grouped by what they are about: days, names, rows, times and users.
    public var findings: [Finding] {
        dayFindings + nameFindings + rowFindings + timeFindings + userFindings
    }

    private var dayFindings: [Finding] {
        var findings = days.gaps.map { gap in
            Finding(
                gap.count == 1
                    ? "no event at all on \(days.date(gap.lowerBound))"
                    : "no event at all from \(days.date(gap.lowerBound)) "
                        + "to \(days.date(gap.upperBound - 1)), \(gap.count) days",
                advice:
                    "If the pipeline stood still, users look silent who were not: "
                    + "leave labels that reach into it."
            )
        }
        let runs = days.outlierRuns
        findings += runs.prefix(10).map { text(of: $0) }
        if runs.count > 10 { findings.append(Finding("\(runs.count - 10) more days stand out")) }
        return findings
    }

    private func text(of run: [DayProfile.Outlier]) -> Finding {
        guard let first = run.first, let last = run.last, run.count > 1 else {
            return Finding(
                run.first.map {
                    "\(days.date($0.day)) has \($0.count) events, that weekday usually \(Int($0.usual))"
                } ?? "")
        }
        let isLow = Double(first.count) < first.usual
        return Finding(
            "\(run.count) days from \(days.date(first.day)) to \(days.date(last.day)) have far "
                + "\(isLow ? "fewer" : "more") events than usual",
            advice: isLow && first.day <= 1
                ? "The log seems to begin later for most events: --at and --data-until leave such time out."
                : "")
    }

    private var nameFindings: [Finding] {
        var findings = similarNames.prefix(10).map { pair in
            Finding(
                "\(pair.name.quoted) (\(pair.rows) rows) may be \(pair.other.quoted) "
                    + "(\(pair.otherRows) rows): "
                    + (pair.difference == .spelling ? "they differ in spelling alone" : "one letter differs"),
                advice: "Patterns count both: events: [\(pair.other), \(pair.name)]")
        }
        let numbered = events.filter { $0.name.utf8.count { $0 >= 48 && $0 <= 57 } >= 4 }
        if numbered.count > 20 {
            findings.append(
                Finding(
                    "\(numbered.count) event names hold numbers, such as \(numbered[0].name.quoted)",
                    advice: "Ids belong into a property: features are made for each name."))
        }
        return findings
    }

    private var rowFindings: [Finding] {
        var findings: [Finding] = []
        if repeatedMessages > 0 {
            findings.append(Finding("\(repeatedMessages) rows repeat a message id and are left out"))
        }
        if identicalRows * 1_000 > rows {
            findings.append(
                Finding(
                    "\(identicalRows) rows equal an earlier one in user, time, name and all properties",
                    advice: "If they were sent twice, give --message-id-column, or remove them."))
        }
        for property in properties where property.rows == 0 {
            findings.append(Finding("the property \(property.name.quoted) is empty everywhere"))
        }
        return findings
    }

    private var timeFindings: [Finding] {
        var findings: [Finding] = []
        if resolution == .day {
            findings.append(
                Finding(
                    "times are whole days: what happened first within a day is not known",
                    advice: "Features of hours and sessions say nothing here."))
        } else if let hour = hours.indices.first(where: { hours[$0] * 2 > rows }), rows > 100 {
            findings.append(
                Finding(
                    "more than half of all events lie in the hour from \(hour) o'clock",
                    advice: "Some sources write dates as midnight; keep them apart from true times."))
        }
        if lateness.isKnown, lateness.rows * 100 > rows {
            findings.append(
                Finding(
                    "\(lateness.rows) rows came later than others after them, 99 of 100 by at most "
                        + "\(TimeSpan(milliseconds: lateness.percentile99))",
                    advice: "Score after so long, or evaluate with what had arrived."))
        }
        if let guess = zoneGuess { findings.append(guess) }
        return findings
    }

    /// A guess of the users' time zone. People sleep around four in the morning: where the quietest hours are
    /// elsewhere, the clock may be that of another zone.
    private var zoneGuess: Finding? {
        guard resolution != .day, offsets.isEmpty, rows >= 1_000, hours.count(where: { $0 > 0 }) >= 12 else {
            return nil
        }
        let windows = (0..<24).map { start in (0..<5).reduce(0) { $0 + hours[(start + $1) % 24] } }
        guard let quiet = windows.min(), quiet * 24 * 2 < rows * 5 else { return nil }
        // Among windows that are equally quiet, the middle of their longest run is used.
        let runs = (0..<24).map { start in (0..<24).prefix { windows[(start + $0) % 24] == quiet }.count }
        guard let length = runs.max(), let start = runs.firstIndex(of: length) else { return nil }
        let middle = (start + 2 + (length - 1) / 2) % 24
        let shift = ((4 - middle) + 36) % 24 - 12
        guard abs(shift) >= 2 else { return nil }
        return Finding(
            "the quietest hours are around \(middle) o'clock \(zone); people sleep around 4, "
                + "so users may live near UTC\(shift > 0 ? "+" : "")\(shift) seen from there",
            advice: "This is a guess. --time-zone says in which zone times without one are written.")
    }

    private var userFindings: [Finding] {
        let robots = suspects.filter { $0.reason == .robot }
        let tests = suspects.filter { $0.reason == .test }
        var findings: [Finding] = []
        if !robots.isEmpty {
            findings.append(
                Finding(
                    "\(robots.count) users have more than 100 times the events of 99 of 100 users, "
                        + "\(robots.reduce(0) { $0 + $1.rows }) rows in all",
                    advice:
                        "Robots and shared accounts teach a model nothing about "
                        + "people; --show-users lists them."
                ))
        }
        if !tests.isEmpty {
            findings.append(
                Finding("\(tests.count) ids look like tests", advice: "--show-users lists them."))
        }
        return findings
    }
}
