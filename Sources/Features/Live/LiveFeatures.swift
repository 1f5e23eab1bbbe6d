import LimpetEvents
import Synchronization

/// What all live states of a plan share: what is kept of an event, and where events of a name belong.
///
/// Events are told apart by the patterns of the plan that their names match: two names that match the same patterns are
/// one class, so that names from outside cannot make the list grow.
public final class LiveFeatures: Sendable {
    /// The plan of the states.
    public let plan: FeaturePlan
    /// The texts of all patterns, in ascending order.
    let patterns: [String]
    /// Whether a feature reads the events' names as a property; their keys then stand in the last slot.
    let keepsNames: Bool
    /// How many values an event may carry: amounts, then texts, then its name.
    let slots: Int
    /// A key of what is kept of an event. Serialised states of the same key can be read.
    public let fingerprint: UInt64
    private let classes = Mutex(Classes())
    private let classesSeen = Atomic(0)

    /// The classes seen so far, by their places.
    private struct Classes {
        var list: [EventClass] = []
        var codes: [[Int]: Int] = [:]
        var names: [VerbatimText: Int] = [:]
    }

    /// Names come from outside: so many are remembered, and the class of the rest is found each time.
    private static let nameLimit = 4_096

    /// Prepares live states of a plan.
    public init(_ plan: FeaturePlan) {
        self.plan = plan
        patterns = plan.patternTexts
        keepsNames = plan.categorySources.contains { $0.slot < 0 }
        slots = plan.amountProperties.count + plan.textProperties.count + (keepsNames ? 1 : 0)
        let amounts = plan.amountProperties.map { "\($0.name)\u{1}\($0.decimals)" }
        let kept = [patterns, amounts, plan.textProperties, [keepsNames ? "event" : ""]]
        fingerprint = TextKey(kept.map { $0.joined(separator: "\u{2}") }.joined(separator: "\u{3}")).rawValue
    }

    /// The class of the events of a name.
    func code(of name: String) -> Int {
        classes.withLock { classes in
            let key = VerbatimText(name)
            if let code = classes.names[key] { return code }
            let code = self.code(of: matches(of: name), in: &classes)
            if classes.names.count < Self.nameLimit { classes.names[key] = code }
            return code
        }
    }

    /// The class of events that match some patterns, given by their places in ``patterns``.
    func code(ofMatches matches: [Int]) -> Int {
        classes.withLock { code(of: matches, in: &$0) }
    }

    private func code(of matches: [Int], in classes: inout Classes) -> Int {
        if let code = classes.codes[matches] { return code }
        let texts = Set(matches.map { patterns[$0] })
        classes.list.append(EventClass(matches: matches, dispatch: plan.dispatch(ofMatches: texts)))
        classes.codes[matches] = classes.list.count - 1
        classesSeen.store(classes.list.count, ordering: .releasing)
        return classes.list.count - 1
    }

    private func matches(of name: String) -> [Int] {
        patterns.indices.filter { EventPattern(names: [patterns[$0]]).matches(name) }
    }

    /// How many classes were seen so far.
    var classCount: Int { classesSeen.load(ordering: .acquiring) }

    /// The classes seen so far, in the order of their codes.
    var known: [EventClass] { classes.withLock { $0.list } }
}

/// Events whose names match the same patterns of a plan.
struct EventClass: Sendable {
    /// The places of the patterns among all texts of patterns, ascending.
    let matches: [Int]
    let dispatch: EventDispatch
}
