import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures
public import LimpetScoring

/// A state machine that makes decisions: a compiled model and policy, and the step
/// `(state, input, now) -> (state', receipt)`.
///
///     let core = try DecisionCore(policy: policy, model: verified)
///     var state = core.newState(for: "u17")
///     let receipt = core.advance(&state, by: .ask(placement: "cart"), now: now)
///
/// It does no input or output, reads no clock and uses no randomness but the holdout's keyed hash: the same
/// inputs give the same receipts, byte for byte.
public struct DecisionCore: Sendable {
    /// The policy.
    public let policy: Policy
    /// The policy's hash.
    public let policyHash: String
    /// The compiled model.
    public let scorer: Scorer
    /// The model's hash.
    public let modelHash: String
    /// The plan of the features, the population and the time zone.
    public let plan: FeaturePlan
    /// The maximum time by which an event may be ahead of the clock and still be used by a decision that is
    /// requested now.
    public let clockTolerance: TimeSpan

    let inputIndex: VerbatimDictionary<Int>
    private let systemEvents: EventPattern?
    private let keptProperties: VerbatimSet

    /// The default of ``clockTolerance``, 5 minutes.
    public static let defaultClockTolerance = TimeSpan(milliseconds: 300_000)

    /// Compiles a model and a policy.
    ///
    /// - Throws: ``DecisionCoreError`` when the model does not read event histories, or the policy reads an
    ///   input that the model does not have.
    public init(
        policy: Policy, model: ModelFile.Verified, clockTolerance: TimeSpan = Self.defaultClockTolerance
    ) throws(DecisionCoreError) {
        guard policy.version == 1 else { throw .policyVersion(policy.version) }
        let compiled: FeaturePlan?
        do { compiled = try model.scorer.model.plan(zone: model.zone) } catch {
            throw .featureSet("\(error)")
        }
        guard let compiled else { throw .flatTable }
        try Self.check(policy, inputs: model.scorer.model.inputs)
        self.policy = policy
        policyHash = policy.hash
        scorer = model.scorer
        modelHash = model.hash
        plan = compiled
        self.clockTolerance = clockTolerance
        inputIndex = VerbatimDictionary(
            model.scorer.model.inputs.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first })
        let names = compiled.featureSet.systemEvents
        systemEvents = names.isEmpty ? nil : EventPattern(names: names)
        keptProperties = policy.textProperties.union(compiled.textProperties)
            .union(compiled.amountProperties.map(\.name))
    }

    static func check(_ policy: Policy, inputs: [Model.Input]) throws(DecisionCoreError) {
        for offer in policy.offers {
            let leaves = offer.condition.leaves + (offer.trigger?.conditions ?? [])
            for (name, isCategorical) in leaves.compactMap(\.input) {
                guard let input = inputs.first(where: { $0.name.isVerbatim(name) }) else {
                    let suggestion = Suggestion.text(for: name, among: inputs.map(\.name))
                    throw .unknownInput(name, offer: offer.id, suggestion: suggestion)
                }
                guard input.isCategorical == isCategorical else {
                    throw .wrongKindOfInput(name, offer: offer.id, isCategorical: input.isCategorical)
                }
            }
        }
    }

    /// Returns true if events of this name are caused by users themselves.
    public func isOwn(_ eventName: String) -> Bool { !(systemEvents?.matches(eventName) ?? false) }

    func matches(_ eventName: String, _ pattern: EventPattern) -> Bool {
        pattern.isAny ? isOwn(eventName) : pattern.matches(eventName)
    }

    /// Returns the state of a user without events.
    public func newState(for user: String) -> DecisionState { DecisionState(user: user, plan: plan) }

    /// Returns the score as of a time, of the events before it; nil where the user is not in the model's
    /// population.
    public func score(_ state: DecisionState, at time: Timestamp) -> Scorer.Score? {
        guard state.history.isInPopulation(at: time) else { return nil }
        return scorer.score(state.history.features(at: time))
    }

    /// Takes one step: applies an input to the state, and returns the receipt if there was a decision.
    ///
    /// - Parameter now: the clock's time.
    public func advance(
        _ state: inout DecisionState, by input: DecisionInput, now: Timestamp
    ) -> Receipt? {
        switch input {
        case .event(let event, let decides):
            state.history.append(trimmed(event))
            guard decides else { return nil }
            state.settle()
            let cause = Receipt.Cause.event(name: event.name, time: event.time, messageID: event.messageID)
            let asOf = max(now, event.time + TimeSpan(milliseconds: 1))
            return decide(&state, cause: cause, asOf: asOf, now: now)
        case .ask(let placement):
            state.settle()
            let asOf = asOfTime(state.history.events, now: now)
            return decide(&state, cause: .ask(placement: placement), asOf: asOf, now: now)
        case .tick:
            let start = sessionStart(state, at: now)
            state.ledger.forget(before: now - .days(3), session: start)
            return nil
        }
    }

    /// Returns the event without what neither the model nor the policy reads, since histories are kept in
    /// memory.
    private func trimmed(_ event: Event) -> Event {
        var event = event
        event.messageID = nil
        if !event.properties.keys.allSatisfy(keptProperties.contains) {
            event.properties = event.properties.filter { keptProperties.contains($0.key) }
        }
        return event
    }

    /// Returns now, or the first time after the latest event where that is within the clock tolerance: a
    /// request right after an event includes the event, even when clocks differ a little.
    private func asOfTime(_ events: [Event], now: Timestamp) -> Timestamp {
        let horizon = now + clockTolerance
        let end = events.partitioningIndex { $0.time > horizon }
        guard end > 0 else { return now }
        return max(now, events[end - 1].time + TimeSpan(milliseconds: 1))
    }

    func sessionStart(_ state: DecisionState, at asOf: Timestamp) -> Timestamp? {
        SessionPeriod.start(
            at: asOf, events: state.history.events, gap: policy.caps.sessionGap,
            noEarlierThan: state.ledger.exposures.map(\.asOf).min(), isOwn: isOwn)
    }
}

/// An error of a model and a policy that do not fit each other.
public enum DecisionCoreError: Error, Hashable, CustomStringConvertible {
    /// The model is of a flat table: it cannot score event histories.
    case flatTable
    /// The model's feature set cannot be used.
    case featureSet(String)
    /// A condition names an input that the model does not have.
    case unknownInput(String, offer: String, suggestion: String)
    /// The policy has a version that the service does not decide by yet.
    case policyVersion(Int)
    /// A bound of a property is finer than the property's values are kept.
    case boundTooFine(Double, property: String, offer: String, decimals: Int)
    /// A condition asks for the model's threshold, and the model ships none.
    case noThreshold
    /// A condition treats a number as a category, or a category as a number.
    case wrongKindOfInput(String, offer: String, isCategorical: Bool)

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .flatTable: "the model is one of a flat table; decisions need one trained on an event log"
        case .featureSet(let problem): "feature set: \(problem)"
        case .unknownInput(let name, let offer, let suggestion):
            "offer \(offer): the model has no feature \(name.quoted)\(suggestion)"
        case .policyVersion(let version):
            "the policy has version \(version); the service decides by version 1, "
                + "and CompiledPolicy by version \(version)"
        case .boundTooFine(let bound, let property, let offer, let decimals):
            "offer \(offer): \(property.quoted) is kept with \(decimals) decimals, and the bound "
                + "\(bound) has more"
        case .noThreshold:
            "a condition asks for the model's threshold, and the model ships none; train one with --value"
        case .wrongKindOfInput(let name, let offer, true):
            "offer \(offer): the feature \(name.quoted) is a category; it takes 'is', no bounds"
        case .wrongKindOfInput(let name, let offer, false):
            "offer \(offer): the feature \(name.quoted) is a number; it takes bounds, no 'is'"
        }
    }
}
