public import LimpetDocuments
public import LimpetEvents
import LimpetScoring

/// The offers that may be made to users, with their triggers and conditions, the frequency caps and the
/// holdout.
///
///     let offer = Policy.Offer(
///         id: "discount", title: "Save 10 %", condition: .score(Bounds(atLeast: 0.3)))
///     let policy = Policy(caps: Caps(perDay: 1), holdout: Holdout(share: 0.1, key: "2025"), offers: [offer])
///
/// The article <doc:Policy> describes its file field by field.
public struct Policy: Hashable, Sendable {
    /// The version of the file's meaning: from 2 on, consent that was not given is refused.
    public var version: Int
    /// The frequency caps of all offers together.
    public var caps: Caps
    /// The users who get no offers, as a control group; nil for none.
    public var holdout: Holdout?
    /// The legal ground on which users are spoken to.
    public var consent: ConsentRule
    /// The period of each civil day in which nobody is spoken to; nil for none.
    public var quietHours: CivilPeriod?
    /// The waits after dismissals.
    public var backoff: Backoff
    /// The age of an event from which on it triggers nothing.
    public var freshness: TimeSpan
    /// The ids of the offers that pass the caps, e.g. the answer to a complaint; consent they do not pass.
    public var serviceMessages: [String]
    /// The properties of events that are stored; nil for those that the model and the policy read.
    public var keep: [String]?
    /// The offers in the order of the file.
    public var offers: [Offer]

    /// The maximum number of offers in a policy.
    public static let offerLimit = 1_000
    /// The default of ``freshness``, 5 minutes.
    public static let usualFreshness = TimeSpan(milliseconds: 300_000)

    /// Creates a policy.
    public init(
        version: Int = 1, caps: Caps = Caps(), holdout: Holdout? = nil, consent: ConsentRule = .undeclared,
        quietHours: CivilPeriod? = nil, backoff: Backoff = Backoff(), freshness: TimeSpan = usualFreshness,
        serviceMessages: [String] = [], keep: [String]? = nil, offers: [Offer]
    ) {
        self.version = version
        self.caps = caps
        self.holdout = holdout
        self.consent = consent
        self.quietHours = quietHours
        self.backoff = backoff
        self.freshness = freshness
        self.serviceMessages = serviceMessages
        self.keep = keep
        self.offers = offers
    }

    /// The event properties that conditions read as text; an event log that fills a service should hold them.
    public var textProperties: VerbatimSet {
        let conditions = offers.flatMap { $0.condition.leaves + ($0.trigger?.conditions ?? []) }
        let tests = selections.flatMap(\.tests).filter {
            if case .number = $0.value { false } else { true }
        }
        return VerbatimSet(conditions.compactMap(\.textProperty) + tests.map(\.property))
    }

    /// The event properties that conditions read as numbers.
    public var numberProperties: VerbatimSet {
        VerbatimSet(
            selections.flatMap(\.tests)
                .filter { if case .number = $0.value { true } else { false } }.map(\.property))
    }

    /// The events that the offers look for.
    var selections: [EventSelection] {
        var selections: [EventSelection] = []
        for offer in offers {
            selections += offer.condition.leaves.flatMap(\.selections)
            if let trigger = offer.trigger {
                selections += trigger.conditions.flatMap(\.selections)
                selections += trigger.leaves.flatMap(\.selections)
            }
            if let goal = offer.goal { selections.append(goal) }
        }
        return selections
    }
}

extension Trigger {
    fileprivate var selections: [EventSelection] {
        switch self {
        case .event(let occurrence): [occurrence.events] + (occurrence.since.map { [$0] } ?? [])
        case .absence(let absence): [absence.after, absence.no]
        case .all, .any, .condition: []
        }
    }
}

/// The legal ground on which users are spoken to.
public enum ConsentRule: Hashable, Sendable {
    /// Consent that was not given is refused.
    case required
    /// Another ground, by its name: consent that was not refused is given.
    case legalBasis(String)
    /// No ground is stated, as in policies of version 1; consent that was not refused is given.
    case undeclared
}

/// The waits after dismissals of an offer: `base × 2^(k−1)` after the k-th in a row, and for ever after the
/// last.
public struct Backoff: Hashable, Sendable {
    /// The wait after the first dismissal.
    public var base: TimeSpan
    /// The number of dismissals in a row after which an offer is never made again.
    public var limit: Int

    /// Creates waits, of a day at first, and for ever after the fifth.
    public init(base: TimeSpan = .day, limit: Int = 5) {
        self.base = base
        self.limit = limit
    }

    /// Returns the wait after a number of dismissals in a row; nil for ever.
    public func wait(after count: Int) -> TimeSpan? {
        guard count < limit else { return nil }
        let (factor, longest) = (Int64(1) << Int64(min(max(0, count - 1), 40)), Int64.max / 4)
        let (product, overflow) = base.milliseconds.multipliedReportingOverflow(by: factor)
        return TimeSpan(milliseconds: overflow ? longest : min(product, longest))
    }
}
