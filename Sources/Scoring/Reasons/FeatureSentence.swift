import LimpetDocuments
import LimpetEvents
import LimpetFeatures

/// A feature with its value as a readable phrase, e.g. `no purchase in the last 30d`.
struct FeatureSentence: Sendable {
    private let feature: Feature
    private let subject: String
    private let other: String
    private let property: String
    /// The window as text, e.g. ` in the last 30d`; empty for the whole history.
    private let span: String
    /// The window as text, with ` in all` for the whole history.
    private let total: String

    init(_ feature: Feature) {
        self.feature = feature
        let conditions = feature.conditions.sentence
        // A share is that of the events that meet the conditions: these belong to the value, not to the
        // events' name.
        subject = Self.name(feature.events) + (feature.kind == .share ? "" : conditions)
        other = Self.name(feature.other ?? .any)
        property = feature.property ?? ""
        span = feature.window.map { " in the last \($0)" } ?? ""
        total = feature.window.map { " in the last \($0)" } ?? " in all"
    }

    private static func name(_ pattern: EventPattern) -> String {
        pattern.isAny ? "activity" : pattern.names.joined(separator: " or ")
    }

    /// Returns the phrase for a value.
    ///
    /// - Parameter value: nil for a missing value.
    func text(_ value: String?) -> String {
        guard let value else {
            let nothing = span.isEmpty ? " ever" : span
            return feature.kind.readsProperty ? "no \(property) of \(subject)\(nothing)" : missing + nothing
        }
        return counted(value) ?? timed(value) ?? compared(value) ?? valued(value)
    }

    private func counted(_ value: String) -> String? {
        switch feature.kind {
        case .count:
            value == "0" ? "no \(subject)\(span.isEmpty ? " ever" : span)" : "\(value) × \(subject)\(total)"
        case .decayedCount:
            "\(value) × \(subject), halved every \(feature.halfLife?.description ?? "")\(span)"
        case .countSince: "\(value) × \(subject) since the last \(other)\(span)"
        case .change: change(value)
        case .activeDays: "\(subject) on \(days(value))\(total)"
        case .streak: "\(subject) on \(days(value)) in a row, up to the last\(span)"
        case .longestStreak: "\(subject) on up to \(days(value)) in a row\(span)"
        case .sessions: "\(value) \(value == "1" ? "session" : "sessions")\(total)"
        case .distinct: "\(value) different \(property) of \(subject)\(total)"
        case .difference: difference(value) + total
        case .funnelStage:
            "\(value) of the stages \(feature.stages.map(Self.name).joined(separator: ", "))\(total)"
        case .chain: "\(value) × \(subject), each within \(within) of the last\(span)"
        case .unanswered: "\(value) × \(subject) without \(other) within \(within)\(total)"
        case .repeats: "\(value) × \(subject) again within \(within)\(total)"
        default: nil
        }
    }

    private func timed(_ value: String) -> String? {
        switch feature.kind {
        case .recency:
            value == "0" ? "\(last) \(subject) just now" : "\(last) \(subject) \(days(value)) ago"
        case .tenure: value == "0" ? "first \(subject) just now" : "first \(subject) \(days(value)) ago"
        case .meanGap: "\(days(value)) between \(subject) on average\(span)"
        case .shortestGap: "at least \(days(value)) between \(subject)\(span)"
        case .longestGap: "up to \(days(value)) between \(subject)\(span)"
        case .gapDeviation: "days between \(subject) vary by \(value)\(span)"
        case .overdue: "\(subject) is overdue: \(value) times the usual gap"
        default: nil
        }
    }

    private func compared(_ value: String) -> String? {
        switch feature.kind {
        case .trend:
            "share of \(subject) of the last \(feature.against?.description ?? "") that fell\(span): \(value)"
        case .ratio: "\(value) × \(subject) for each \(other)\(span)"
        case .share: "share of \(subject)\(feature.conditions.sentence): \(value)\(span)"
        case .affinity: "most frequent \(property) of \(subject) has a share of \(value)\(span)"
        case .entropy: "\(property) of \(subject) varies by \(value) bits\(span)"
        case .member: (value == "0" ? "no longer " : "still ") + "in \(subject)"
        default: nil
        }
    }

    private func valued(_ value: String) -> String {
        switch feature.kind {
        case .sum: "\(property) of \(subject) adds up to \(value)\(total)"
        case .mean: "mean \(property) of \(subject) is \(value)\(span)"
        case .standardDeviation: "\(property) of \(subject) varies by \(value)\(span)"
        case .minimum: "smallest \(property) of \(subject) is \(value)\(span)"
        case .maximum: "largest \(property) of \(subject) is \(value)\(span)"
        default: isAttribute ? "\(property) \(value)" : "\(property) \(value) at the last \(subject)\(span)"
        }
    }

    /// True for what is known of the user, whatever events there are.
    private var isAttribute: Bool {
        feature.events.names.count == 1 && feature.events.names[0].isVerbatim(Event.attributesName)
    }

    private func days(_ value: String) -> String { value == "1" ? "1 day" : "\(value) days" }

    private var within: String { feature.within?.description ?? "" }

    private var last: String { feature.nth.map { $0 == 1 ? "last" : "last but \($0 - 1)" } ?? "last" }

    private func difference(_ value: String) -> String {
        if value == "0" { return "as many \(subject) as \(other)" }
        return value.begins(with: "-")
            ? "\(value.dropFirst()) fewer \(subject) than \(other)" : "\(value) more \(subject) than \(other)"
    }

    private func change(_ value: String) -> String {
        let before = "\(span) than in the \(feature.window?.description ?? "") before"
        if value == "0" {
            return "as many \(subject)\(span) as in the \(feature.window?.description ?? "") before"
        }
        return value.begins(with: "-")
            ? "\(value.dropFirst()) fewer \(subject)\(before)" : "\(value) more \(subject)\(before)"
    }

    private var missing: String {
        switch feature.kind {
        case .meanGap, .shortestGap, .longestGap, .overdue: "fewer than two \(subject)"
        case .gapDeviation: "fewer than three \(subject)"
        case .recency where feature.nth ?? 1 > 1: "fewer than \(feature.nth ?? 1) \(subject)"
        case .countSince, .ratio: "no \(other)"
        default: "no \(subject)"
        }
    }
}

extension EventConditions {
    /// The conditions as text, e.g. ` with plan pro on sat or sun`; empty without conditions.
    var sentence: String {
        var parts: [String] = []
        for condition in properties {
            switch condition.test {
            case .oneOf(let texts):
                parts.append("with \(condition.property) \(texts.joined(separator: " or "))")
            case .noneOf(let texts):
                parts.append("with \(condition.property) other than \(texts.joined(separator: " or "))")
            case .amount(let least, let limit):
                if let least { parts.append("with \(condition.property) from \(least) on") }
                if let limit { parts.append("with \(condition.property) below \(limit)") }
            }
        }
        if let hours { parts.append("between \(hours.start) and \(hours.end) o'clock") }
        if !weekdays.isEmpty {
            parts.append("on " + weekdays.map(Self.weekdayName).joined(separator: " or "))
        }
        return parts.isEmpty ? "" : " " + parts.joined(separator: " ")
    }
}
