import LimpetDocuments
import LimpetEvents
import LimpetReports
import LimpetScoring

/// A log's profile as text and as JSON.
struct ProfileReport {
    let profile: LogProfile
    let source: String
    let showsUsers: Bool
    let advice: ChurnAdvice

    init(_ profile: LogProfile, advice: ChurnAdvice, source: String, showsUsers: Bool) {
        (self.profile, self.advice, self.source, self.showsUsers) = (profile, advice, source, showsUsers)
    }

    static let eventLimit = 30

    var summary: String {
        "\(Format.count(profile.rows)) events of \(Format.count(profile.users)) users, "
            + "\(Format.count(profile.events.count)) names, \(profile.span.first) to \(profile.span.last) "
            + "(\(Format.count(profile.days.counts.count)) days)"
    }

    var text: String {
        var lines = [summary, "", eventTable, ""]
        let users = profile.eventsPerUser
        lines.append(
            "Events of a user: half have at most \(Format.count(users.half)), 99 of 100 at most "
                + "\(Format.count(users.percentile99)), the most \(Format.count(users.most)).")
        lines += ["", "Events by \(buckets.unit):", bucketPlot, ""]
        if profile.resolution != .day {
            lines += ["Events by hour of the day (\(profile.zone)):", hourPlot, ""]
        }
        if !profile.properties.isEmpty { lines += ["Properties:", propertyTable, ""] }
        lines += [
            "If churn were silence: active in the time before a month's start, and silent as long after:"
        ]
        lines += [labelText, "", "What looks odd:", findingText]
        if showsUsers, !profile.suspects.isEmpty {
            lines += ["", "Users who stand out:"]
            lines += profile.suspects.prefix(20).map {
                "  \($0.user)  \(Format.count($0.rows)) events  \($0.reason.rawValue)"
            }
        }
        lines += [""] + advice.sentences
        lines += ["", "Next:"] + nextSteps.map { "  " + $0 }
        return lines.joined(separator: "\n")
    }

    private var eventTable: String {
        var table = TextTable([
            ("event", .left), ("rows", .right), ("share", .right), ("users", .right), ("first", .left),
            ("last", .left),
        ])
        for event in profile.events.prefix(Self.eventLimit) {
            table.append([
                event.name, Format.count(event.rows),
                Format.percent(Double(event.rows) / Double(profile.rows)), Format.count(event.users),
                String(event.first.description.prefix(10)), String(event.last.description.prefix(10)),
            ])
        }
        let more = profile.events.count - Self.eventLimit
        return table.text + (more > 0 ? "\n  … and \(Format.count(more)) more; --format json has all" : "")
    }

    /// Counts by day, or by week or month where days are too many for a screen.
    var buckets: (unit: String, values: [(label: String, count: Int)]) {
        let days = profile.days
        guard days.counts.count > 45 else {
            return ("day", days.counts.indices.map { ("\(days.date($0))", days.counts[$0]) })
        }
        let length = days.counts.count > 400 ? 28 : 7
        let starts = stride(from: 0, to: days.counts.count, by: length)
        return (
            length == 7 ? "week" : "four weeks",
            starts.map { start in
                let end = min(start + length, days.counts.count)
                return ("\(days.date(start))", days.counts[start..<end].reduce(0, +))
            }
        )
    }

    private var bucketPlot: String { Self.plot(buckets.values) }

    private var hourPlot: String {
        Self.plot(profile.hours.enumerated().map { (String($0).paddedLeft(to: 2), $1) })
    }

    private static func plot(_ values: [(label: String, count: Int)]) -> String {
        let most = Double(max(1, values.map(\.count).max() ?? 1))
        return values.map {
            "  \($0.label)  " + Format.count($0.count).paddedLeft(to: 11) + "  "
                + Bar.filled(Double($0.count) / most, width: 44)
        }.joined(separator: "\n")
    }

    private var propertyTable: String {
        var table = TextTable([
            ("property", .left), ("rows", .right), ("values", .right), ("content", .left), ("of", .left),
            ("such as", .left),
        ])
        for property in profile.properties {
            let of = property.events.prefix(3).map { "\($0.name) \(Format.percent($0.share, 0))" }
            let more = property.events.count > 3 ? ", …" : ""
            let examples =
                property.content == .amounts
                ? property.examples.joined(separator: " to ")
                : property.content == .ids ? "" : property.examples.joined(separator: ", ")
            table.append([
                property.name, Format.count(property.rows), Format.count(property.values),
                property.content.rawValue, of.joined(separator: ", ") + more,
                String(examples.prefix(40)),
            ])
        }
        return table.text
    }

    private var labelText: String {
        guard !profile.labels.isEmpty else {
            return "  The log is too short: no month's start has a week of it on both sides."
        }
        let months = Array(Set(profile.labels.flatMap { $0.months.map(\.start) })).sorted()
        var table = TextTable(
            [("month", .left)] + profile.labels.map { ("\($0.days) days", TextTable.Alignment.right) })
        for month in months.suffix(13) {
            table.append(
                [String(month.description.prefix(10))]
                    + profile.labels.map { label in
                        label.months.first { $0.start == month }.map { cell in
                            guard cell.users > 0 else { return "–" }
                            return Format.percent(Double(cell.silent) / Double(cell.users)) + " of "
                                + Format.count(cell.users)
                        } ?? ""
                    })
        }
        return table.text
    }

    private var findingText: String {
        guard !profile.findings.isEmpty else { return "  nothing" }
        return profile.findings.map { finding in
            "  · \(finding.text)" + (finding.advice.isEmpty ? "" : "\n    \(finding.advice)")
        }.joined(separator: "\n")
    }

    /// The commands that the report suggests next.
    var nextSteps: [String] {
        guard advice.isTelling else {
            // Where silence of all events tells nothing, that of what users do themselves may.
            let names = profile.events.prefix(3).map { $0.name.utf8.contains(32) ? $0.name.quoted : $0.name }
            return [
                "limpet label --events \(source) --churn-events \(names.joined(separator: " "))"
                    + "      # name what users do, without what is sent to them"
            ]
        }
        return [
            "limpet label --events \(source)      # after which silence users do not come back",
            "limpet train --events \(source) \(advice.flags) --output model.json",
        ]
    }

    var document: JSON {
        .object([
            "rows": .number(profile.rows), "users": .number(profile.users),
            "first": .string(profile.span.first.description), "last": .string(profile.span.last.description),
            "timeZone": .string(profile.zone), "resolution": .string("\(profile.resolution)"),
            "repeatedMessages": .number(profile.repeatedMessages),
            "identicalRows": .number(profile.identicalRows),
            "events": .array(profile.events.map(\.document)),
            "properties": .array(profile.properties.map(\.document)),
            "days": .object([
                "first": .string("\(profile.days.date(0))"),
                "counts": .array(profile.days.counts.map { .number($0) }),
            ]),
            "hours": .array(profile.hours.map { .number($0) }),
            "weekdays": .array(profile.weekdays.map { .number($0) }),
            "eventsPerUser": .object([
                "median": .number(profile.eventsPerUser.half),
                "percentile99": .number(profile.eventsPerUser.percentile99),
                "most": .number(profile.eventsPerUser.most),
            ]),
            "late": .object([
                "isKnown": .boolean(profile.lateness.isKnown), "rows": .number(profile.lateness.rows),
                "medianMilliseconds": .number(Int(profile.lateness.half)),
                "percentile99Milliseconds": .number(Int(profile.lateness.percentile99)),
                "mostMilliseconds": .number(Int(profile.lateness.most)),
            ]),
            "labels": .array(profile.labels.map(\.document)),
            "suspects": .number(profile.suspects.count),
            "findings": .array(
                profile.findings.map {
                    .object(["text": .string($0.text), "advice": .string($0.advice)])
                }),
        ])
    }
}

extension EventProfile {
    fileprivate var document: JSON {
        .object([
            "name": .string(name), "rows": .number(rows), "users": .number(users),
            "first": .string(first.description), "last": .string(last.description),
        ])
    }
}

extension PropertyProfile {
    fileprivate var document: JSON {
        .object([
            "name": .string(name), "rows": .number(rows), "values": .number(values),
            "content": .string(content.rawValue),
            "events": .array(
                events.map { .object(["name": .string($0.name), "share": .number($0.share)]) }),
        ])
    }
}

extension SilenceLabel {
    fileprivate var document: JSON {
        .object([
            "days": .number(days),
            "months": .array(
                months.map { month in
                    .object([
                        "start": .string(month.start.description), "users": .number(month.users),
                        "silent": .number(month.silent),
                    ])
                }),
        ])
    }
}
