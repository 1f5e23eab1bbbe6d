public import LimpetDocuments
public import LimpetEvents
import LimpetScoring

/// A rule that excluded an offer from a decision, with its numbers.
public enum Exclusion: Hashable, Sendable {
    /// The user is not in the model's population.
    case population
    /// The placement of the request is not one of the offer's.
    case placement(asked: String?, needed: [String])
    /// The offer's condition does not hold; the candidate's trace shows why.
    case condition
    /// Too little time has passed since the last exposure.
    case spacing(elapsed: TimeSpan, needed: TimeSpan)
    /// The cap of the session is reached.
    case perSession(shown: Int, limit: Int)
    /// The cap of the day is reached.
    case perDay(shown: Int, limit: Int, day: Caps.Day)
    /// Too little time has passed since the last exposure of this offer.
    case cooldown(elapsed: TimeSpan, needed: TimeSpan)
    /// Too little time has passed since the user dismissed this offer.
    case backoff(dismissals: Int, elapsed: TimeSpan, needed: TimeSpan)
    /// The user has dismissed this offer so often that it is never made again.
    case hidden(dismissals: Int)
    /// The user has not consented to a purpose that the offer needs.
    case consent(purpose: String)
    /// It is a quiet hour in the user's zone; the time is its end.
    case quietHours(until: Timestamp)
    /// The offer already waits to be handed out.
    case waiting
    /// The expected gain `value × effect − cost` is not above 0.
    case net(Double)
    /// No offers are made at all.
    case silence(SilenceCause)
    /// The user has more events than a history holds.
    case overflow(limit: Int)
    /// Another offer that may be shown has precedence.
    case outranked(by: String)

    /// The rule's name in receipts.
    public var rule: String {
        switch self {
        case .population: "population"
        case .placement: "placement"
        case .condition: "condition"
        case .spacing: "spacing"
        case .perSession: "perSession"
        case .perDay: "perDay"
        case .cooldown: "cooldown"
        case .backoff: "backoff"
        case .hidden: "hidden"
        case .consent: "consent"
        case .quietHours: "quietHours"
        case .waiting: "waiting"
        case .net: "net"
        case .silence: "silence"
        case .overflow: "overflow"
        case .outranked: "outranked"
        }
    }

    /// The rule with its numbers, e.g. `spacing: 184 s since the last, 600 s needed`.
    public var description: String {
        switch self {
        case .population: "population: the model does not speak about this user now"
        case .placement(let asked, let needed):
            "placement: \(asked ?? "none") asks, \(needed.joined(separator: " or ")) needed"
        case .condition: "condition: does not hold"
        case .spacing(let elapsed, let needed):
            "spacing: \(elapsed.seconds) since the last, \(needed.seconds) needed"
        case .perSession(let shown, let limit): "perSession: \(shown) shown in this session, at most \(limit)"
        case .perDay(let shown, let limit, .civil): "perDay: \(shown) shown today, at most \(limit)"
        case .perDay(let shown, let limit, .rolling): "perDay: \(shown) shown in 24 hours, at most \(limit)"
        case .cooldown(let elapsed, let needed):
            "cooldown: \(elapsed.seconds) since this offer's last, \(needed.seconds) needed"
        case .backoff(let dismissals, let elapsed, let needed):
            "backoff: \(elapsed.seconds) since dismissal \(dismissals) in a row, \(needed.seconds) needed"
        case .hidden(let dismissals): "hidden: dismissed \(dismissals) times in a row"
        case .consent(let purpose): "consent: none for \(purpose)"
        case .quietHours(let end): "quietHours: until \(end)"
        case .waiting: "waiting: it already waits to be handed out"
        case .net(let gain): "net: the expected gain is \(gain), above 0 needed"
        case .silence(let cause): "silence: \(cause.sentence)"
        case .overflow(let limit): "overflow: more than \(limit) events of one user"
        case .outranked(let offer): "outranked: \(offer) comes first"
        }
    }

    /// The exclusion as a document; times are in milliseconds.
    public var document: JSON {
        var members = [
            JSONMember(name: "rule", value: .string(rule)),
            JSONMember(name: "text", value: .string(description)),
        ]
        func add(_ name: String, _ value: JSON) { members.append(JSONMember(name: name, value: value)) }
        switch self {
        case .population, .condition, .waiting: break
        case .placement(let asked, let needed):
            add("asked", asked.map { .string($0) } ?? .null)
            add("needed", .array(needed.map { .string($0) }))
        case .spacing(let elapsed, let needed), .cooldown(let elapsed, let needed):
            add("elapsed", .number(Int(elapsed.milliseconds)))
            add("needed", .number(Int(needed.milliseconds)))
        case .perSession(let shown, let limit), .perDay(let shown, let limit, _):
            add("shown", .number(shown))
            add("limit", .number(limit))
        case .backoff(let dismissals, let elapsed, let needed):
            add("dismissals", .number(dismissals))
            add("elapsed", .number(Int(elapsed.milliseconds)))
            add("needed", .number(Int(needed.milliseconds)))
        case .hidden(let dismissals): add("dismissals", .number(dismissals))
        case .consent(let purpose): add("purpose", .string(purpose))
        case .quietHours(let end): add("until", .string(end.description))
        case .net(let gain): add("net", .number(gain))
        case .silence(let cause): add("cause", .string(cause.name))
        case .overflow(let limit): add("limit", .number(limit))
        case .outranked(let offer): add("by", .string(offer))
        }
        return .object(members)
    }
}

/// The causes of a silence towards all users.
public enum SilenceCause: UInt8, Hashable, Sendable {
    /// Somebody who runs the service has stopped all offers.
    case admin = 0
    /// The clock of the machine cannot be trusted.
    case clock = 1

    /// The name in receipts.
    public var name: String { self == .admin ? "admin" : "clock" }
    /// The cause in words.
    var sentence: String {
        self == .admin ? "all offers are stopped" : "the clock of the service is not certain"
    }
}

extension TimeSpan {
    /// The span in seconds, e.g. `184 s` or `599.999 s`.
    fileprivate var seconds: String {
        let rest = milliseconds.magnitude % 1_000
        let digits = String(1_000 + rest).dropFirst()
        return (milliseconds < 0 ? "-" : "") + "\(milliseconds.magnitude / 1_000)"
            + (rest == 0 ? "" : ".\(digits)") + " s"
    }
}
