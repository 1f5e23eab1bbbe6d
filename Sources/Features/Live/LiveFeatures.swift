import LimpetDocuments
import LimpetEvents
import Synchronization

/// The data that all live states of a plan share: which parts of an event are kept, and the dispatch of each
/// event name.
///
/// Event names are grouped into classes by the patterns of the plan that they match, so that names from
/// outside cannot make the list of classes grow.
public final class LiveFeatures: Sendable {
    /// The plan of the states.
    public let plan: FeaturePlan
    /// The texts of all patterns, in ascending order.
    let patterns: [String]
    /// True when a feature reads the events' names as a property; their keys are then in the last slot.
    let keepsNames: Bool
    /// The number of values that an event may carry: amounts, then texts, then its name.
    let slots: Int
    /// A key of the kept parts of an event. Serialised states with the same key can be read.
    public let fingerprint: UInt64
    private let classes = Mutex(Classes())
    private let classesSeen = Atomic(0)

    /// The classes seen so far, by code.
    private struct Classes {
        var list: [EventClass] = []
        var codes: [[Int]: Int] = [:]
        var names: [VerbatimText: Int] = [:]
    }

    /// The largest number of cached names, which come from outside; the class of other names is found each
    /// time.
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

    /// Returns the code of the class of an event name.
    func code(of name: String) -> Int {
        classes.withLock { classes in
            let key = VerbatimText(name)
            if let code = classes.names[key] { return code }
            let code = self.code(of: matches(of: name), in: &classes)
            if classes.names.count < Self.nameLimit { classes.names[key] = code }
            return code
        }
    }

    /// Returns the code of the class of events that match the given patterns, as indices into ``patterns``.
    func code(ofMatches matches: [Int]) -> Int {
        classes.withLock { code(of: matches, in: &$0) }
    }

    private func code(of matches: [Int], in classes: inout Classes) -> Int {
        if let code = classes.codes[matches] { return code }
        let texts = VerbatimSet(matches.map { patterns[$0] })
        classes.list.append(EventClass(matches: matches, dispatch: plan.dispatch(ofMatches: texts)))
        classes.codes[matches] = classes.list.count - 1
        classesSeen.store(classes.list.count, ordering: .releasing)
        return classes.list.count - 1
    }

    private func matches(of name: String) -> [Int] {
        patterns.indices.filter { EventPattern(names: [patterns[$0]]).matches(name) }
    }

    /// The number of classes seen so far.
    var classCount: Int { classesSeen.load(ordering: .acquiring) }

    /// The classes seen so far, in the order of their codes.
    var known: [EventClass] { classes.withLock { $0.list } }
}

/// A class of events, whose names match the same patterns of a plan.
struct EventClass: Sendable {
    /// The ascending indices of the patterns in ``LiveFeatures/patterns``.
    let matches: [Int]
    let dispatch: EventDispatch
}
