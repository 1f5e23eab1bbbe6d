import LimpetDocuments
import LimpetEvents
import LimpetReports

extension ProfileReport {
    /// The profile as an HTML page.
    var html: String {
        var page = HTMLPage(title: "Event log \(source)", summary: summary)
        page.add("What looks odd", findingList)
        page.add("Events", eventTable)
        page.add("Rate", rateFigures)
        page.add("Users", userText)
        if !profile.properties.isEmpty { page.add("Properties", propertyTable) }
        page.add("If churn were silence", labelFigures)
        page.add(
            "What churn may be", advice.sentences.map { "<p>\($0.htmlEscaped)</p>" }.joined(separator: "\n"))
        page.add("Next", nextSteps.joined(separator: "\n").preformatted)
        return page.html
    }

    private var findingList: String {
        guard !profile.findings.isEmpty else { return "<p>Nothing.</p>" }
        let items = profile.findings.map { finding in
            let advice =
                finding.advice.isEmpty ? "" : "<span class=\"advice\">\(finding.advice.htmlEscaped)</span>"
            return "<li>\(finding.text.htmlEscaped)\(advice)</li>"
        }
        return "<ul>\n" + items.joined(separator: "\n") + "\n</ul>"
    }

    private var eventTable: String {
        var table = HTMLTable([
            ("event", false), ("rows", true), ("share", true), ("users", true), ("first", false),
            ("last", false),
        ])
        for event in profile.events.prefix(200) {
            table.append([
                event.name, Format.count(event.rows),
                Format.percent(Double(event.rows) / Double(profile.rows)), Format.count(event.users),
                event.first.description, event.last.description,
            ])
        }
        let more = profile.events.count - 200
        return table.html + (more > 0 ? "<p>… and \(Format.count(more)) more.</p>" : "")
    }

    private var rateFigures: String {
        let days = profile.days
        let step = max(1, days.counts.count / 8)
        let labels = stride(from: step / 2, to: days.counts.count, by: step).map { ($0, "\(days.date($0))") }
        var figures = [
            BarFigure(
                values: days.counts.map { Double($0) }, labels: labels,
                marked: Set(days.outliers.map(\.day)), unit: "Events by day (\(profile.zone))",
                caption: "Look for days without any, and for those of another colour, which stand out."
            ).html
        ]
        if profile.resolution != .day {
            figures.append(
                BarFigure(
                    values: profile.hours.map { Double($0) },
                    labels: stride(from: 0, to: 24, by: 3).map { ($0, "\($0)") },
                    unit: "Events by hour of the day (\(profile.zone))",
                    caption:
                        "People sleep around four in the morning; a trough elsewhere hints at another zone."
                ).html)
        }
        let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        figures.append(
            BarFigure(
                values: profile.weekdays.map { Double($0) }, labels: names.enumerated().map { ($0, $1) },
                unit: "Events by day of the week", caption: "Weeks that differ need windows of whole weeks."
            ).html)
        return figures.joined(separator: "\n")
    }

    private var userText: String {
        let users = profile.eventsPerUser
        var table = HTMLTable([("events of a user", false), ("", true)])
        for (name, value) in [
            ("least", users.least), ("quarter", users.quarter), ("half", users.half),
            ("three quarters", users.threeQuarters), ("99 of 100", users.percentile99), ("most", users.most),
        ] {
            table.append([name, Format.count(value)])
        }
        guard showsUsers, !profile.suspects.isEmpty else {
            return table.html + "<p>No user's id is on this page.</p>"
        }
        var suspects = HTMLTable([("user", false), ("events", true), ("why", false)])
        for suspect in profile.suspects.prefix(100) {
            suspects.append([suspect.user, Format.count(suspect.rows), suspect.reason.rawValue])
        }
        return table.html + "<p>Users who stand out:</p>" + suspects.html
    }

    private var propertyTable: String {
        var table = HTMLTable([
            ("property", false), ("rows", true), ("values", true), ("content", false), ("of", false),
        ])
        for property in profile.properties {
            let of = property.events.prefix(8).map { "\($0.name) \(Format.percent($0.share, 0))" }
            table.append([
                property.name, Format.count(property.rows), Format.count(property.values),
                property.content.rawValue, of.joined(separator: ", "),
            ])
        }
        return table.html
    }

    private var labelFigures: String {
        guard !profile.labels.isEmpty else { return "<p>The log is too short for a label by silence.</p>" }
        return profile.labels.map { label in
            BarFigure(
                values: label.months.map { 100 * Double($0.silent) / Double(max(1, $0.users)) },
                labels: label.months.indices.filter { $0 % max(1, label.months.count / 8) == 0 }.map {
                    ($0, String(label.months[$0].start.description.prefix(7)))
                },
                unit: "Percent of users silent for \(label.days) days, of those active as long before",
                caption: "By month; a rate that jumps says that the log changed, or the users."
            ).html
        }.joined(separator: "\n")
    }
}
