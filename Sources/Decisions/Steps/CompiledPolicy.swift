public import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures
public import LimpetScoring

/// A model and a policy, compiled together: all that steps share, safe to use from any number of threads.
///
///     let policy = try CompiledPolicy(policy, model: verified, zone: zones.rules)
///     var profile = Profile(number: 1, id: .known("u17"), features: policy.features)
///     let stepper = Stepper(policy)
///     let step = stepper.step(&profile, .ask(OfferQuestion(ids: profile.ids)), StepContext(now: now, record:
/// 1))
public struct CompiledPolicy: Sendable {
    /// The policy.
    public let policy: Policy
    /// The policy's hash.
    public let policyHash: String
    /// The compiled model.
    public let scorer: Scorer
    /// The model's hash.
    public let modelHash: String
    /// The plan of the features, the population and the time zone, and of the events that offers look for.
    public let plan: FeaturePlan
    /// The data that the histories of all profiles share.
    public let features: LiveFeatures
    /// The properties of events that are stored.
    public let keptProperties: VerbatimSet

    let bins: TrainingBins
    let offers: [CompiledOffer]
    /// The offers whose trigger the passing of time alone may fulfil.
    let checkedOffers: [Int]
    let zone: @Sendable (String) -> TimeZoneRules?

    /// The time after which conditions are looked at again that the passing of time alone may fulfil.
    static let checkInterval = TimeSpan.day

    /// Compiles a model and a policy.
    ///
    /// - Parameter zone: returns the rules of a zone by its name in the tz database.
    /// - Throws: ``PolicyFitError`` when the model does not read event histories, or the policy reads an
    ///   input that the model does not have.
    public init(
        _ policy: Policy, model: ModelFile.Verified, zone: @escaping @Sendable (String) -> TimeZoneRules?
    ) throws(PolicyFitError) {
        let inputs = model.scorer.model.inputs
        guard case .log(let featureSet, let population, let label) = model.scorer.model.source else {
            throw .flatTable
        }
        try policy.check(against: inputs)
        guard model.scorer.model.decision != nil || !policy.conditions.contains(.threshold) else {
            throw .noThreshold
        }
        let names = VerbatimDictionary(
            inputs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        var compiler = ConditionCompiler(inputs: names, decimals: featureSet.decimals)
        var offers: [CompiledOffer] = []
        for offer in policy.offers { offers.append(try CompiledOffer(offer, policy: policy, &compiler)) }
        do {
            plan = try FeaturePlan(
                featureSet, population: population, label: label, zone: model.zone, watching: compiler.list)
        } catch {
            throw .featureSet("\(error)")
        }
        self.policy = policy
        self.offers = offers
        policyHash = policy.hash
        scorer = model.scorer
        modelHash = model.hash
        features = LiveFeatures(plan)
        bins = TrainingBins(model.scorer.model)
        checkedOffers = offers.indices.filter { offers[$0].trigger?.isLevel ?? false }
        keptProperties = VerbatimSet(policy.keep ?? []).union(plan.textProperties)
            .union(plan.amountProperties.map(\.name))
        self.zone = zone
    }

    /// Returns the place of the offer with a key; nil when the policy has none any more.
    func place(of key: UInt64) -> Int? { offers.firstIndex { $0.key == key } }

    /// Returns true if a profile is held out.
    public func isHeldOut(_ profile: Profile) -> Bool {
        guard let holdout = policy.holdout, let id = profile.holdoutID ?? profile.ids.first else {
            return false
        }
        return policy.version == 1 ? holdout.contains(id.text) : holdout.contains(id.text, salt: Holdout.salt)
    }

    /// Returns an event without the properties that are not stored.
    public func trimmed(_ event: Event) -> Event {
        guard !event.properties.keys.allSatisfy(keptProperties.contains) else { return event }
        var event = event
        event.properties = event.properties.filter { keptProperties.contains($0.key) }
        return event
    }
}

extension Policy {
    /// The conditions of all offers that are not composed of others.
    var conditions: [Condition] {
        offers.flatMap { $0.condition.leaves + ($0.trigger?.conditions ?? []) }
    }
}

/// An offer bound to the filters of a watch list.
struct CompiledOffer: Sendable {
    /// The key of the id.
    let key: UInt64
    /// The key under which the last result of the trigger is kept.
    let triggerKey: UInt64
    let condition: CompiledCondition
    let trigger: CompiledTrigger?
    let absence: CompiledAbsence?
    let goal: Int?
    /// True if it passes the caps.
    let isService: Bool
    /// True if it needs the model's score or one of its inputs.
    let needsModel: Bool
    /// True if its trigger reads the score, so that it is computed before it is known whether to decide.
    let triggerNeedsModel: Bool

    init(
        _ offer: Policy.Offer, policy: Policy, _ compiler: inout ConditionCompiler
    ) throws(PolicyFitError) {
        key = TextKey(offer.id).rawValue
        triggerKey = TextKey("\(offer.id)\u{1}trigger").rawValue
        compiler.begin(offer)
        if let trigger = offer.trigger {
            self.trigger = try compiler.compile(trigger)
        } else {
            trigger = nil
        }
        condition = try compiler.compile(offer.condition)
        if let absence = offer.trigger?.absence {
            self.absence = try CompiledAbsence(absence, &compiler)
        } else {
            absence = nil
        }
        if let events = offer.goal { goal = try compiler.filter(events) } else { goal = nil }
        isService = policy.serviceMessages.contains { $0.isVerbatim(offer.id) }
        let triggerLeaves = offer.trigger?.conditions ?? []
        triggerNeedsModel = triggerLeaves.contains { $0.readsScore || $0.input != nil }
        needsModel =
            policy.version == 1 || triggerNeedsModel
            || offer.condition.leaves.contains { $0.readsScore || $0.input != nil }
    }
}

/// An absence bound to the filters of a watch list.
struct CompiledAbsence: Sendable {
    let after: Int
    let no: Int
    let terms: Absence

    init(_ absence: Absence, _ compiler: inout ConditionCompiler) throws(PolicyFitError) {
        after = try compiler.filter(absence.after)
        no = try compiler.filter(absence.no)
        terms = absence
    }
}
