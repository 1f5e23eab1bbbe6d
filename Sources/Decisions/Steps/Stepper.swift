public import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// The state machine of one user at a time: `(profile, input, context) -> (profile', record)`; for use on one
/// thread.
///
/// It does no input or output, reads no clock and uses no randomness but the holdout's keyed hash: the same
/// inputs in the same contexts give the same records, byte for byte.
public final class Stepper {
    /// The policy and the model.
    public let policy: CompiledPolicy
    let reader: LiveReader
    private let watch: WatchReader
    /// True once the watch reader has read the history of the current draft.
    private var isWatching = false

    /// Makes a stepper with working memory of its own.
    public init(_ policy: CompiledPolicy) {
        self.policy = policy
        watch = WatchReader(policy.features)
        reader = LiveReader(policy.features)
    }

    /// Takes one step: changes the profile, and returns the record that says how.
    public func step(_ profile: inout Profile, _ input: ProfileInput, _ context: StepContext) -> Step {
        if let repetition = Self.repetition(input, profile) {
            return Step(verdict: .repetition(repetition))
        }
        var draft = StepDraft(profile: profile, context: context)
        // The draft is now the only owner of the profile's arrays, so that changing them copies nothing.
        profile = Profile(number: profile.number, ids: [], history: LiveState(policy.features))
        begin()
        defer { watch.release() }
        let (verdict, stored) = take(input, &draft)
        let hasChanged = draft.hasTaken || !draft.effects.isEmpty || !draft.receipts.isEmpty
        var record: DecisionRecord?
        if hasChanged {
            let header = draft.header
            draft.profile.apply([], of: header)
            record = DecisionRecord(
                header: header, input: stored, effects: draft.effects, receipts: draft.receipts)
        }
        profile = draft.profile
        return Step(
            verdict: verdict, record: record, delivery: draft.delivery,
            receipt: draft.receipts.last { $0.cause == .input })
    }

    /// Begins a step, in which no history has been read yet.
    func begin() { isWatching = false }

    /// Returns the reader of the draft's history, which is read when it is first asked for.
    func watched(_ draft: borrowing StepDraft) -> WatchReader {
        if !isWatching { watch.read(draft.profile.history) }
        isWatching = true
        return watch
    }

    private static func repetition(_ input: ProfileInput, _ profile: Profile) -> MessageMemory.Repetition? {
        switch input {
        case .event(let event): event.message.flatMap { profile.messages.repetition(of: $0) }
        case .ask(let question): question.request.flatMap { profile.messages.repetition(of: $0) }
        case .tick: nil
        }
    }

    private func take(_ input: ProfileInput, _ draft: inout StepDraft) -> (Step.Verdict, ProfileInput) {
        switch input {
        case .event(let event): return take(event, &draft)
        case .ask(let question):
            draft.hasTaken = true
            take(question, &draft)
            return (.taken, input)
        case .tick:
            takeTick(&draft)
            return (.idle, input)
        }
    }

    // MARK: Events

    private func take(_ incoming: IncomingEvent, _ draft: inout StepDraft) -> (Step.Verdict, ProfileInput) {
        var incoming = incoming
        incoming.event = policy.trimmed(incoming.event)
        var consent = draft.profile.consent
        consent.take(incoming.consent, by: incoming.ids, at: incoming.event.time)
        let rule = policy.policy.consent
        guard incoming.flags.contains(.own) || consent.allows(ConsentStatements.collect, under: rule) else {
            return refuse(incoming, &draft)
        }
        draft.take(incoming)
        if consent.hasObjected != draft.profile.consent.hasObjected || !incoming.consent.isEmpty {
            releaseRefused(&draft)
        }
        if let feedback = incoming.feedback { take(feedback, &draft) }
        guard !incoming.flags.contains(.own) else { return (.taken, .event(incoming)) }
        let filters = watch.filters(passedBy: incoming.event)
        let isLate = draft.context.now.milliseconds - incoming.event.time.milliseconds
        reachGoals(filters, &draft)
        changeWaits(incoming, filters, &draft)
        if incoming.isAnswered { handOutWaiting(&draft) }
        if !incoming.flags.contains(.corrected) {
            decide(on: incoming, filters: filters, age: TimeSpan(milliseconds: isLate), &draft)
        }
        return (.taken, .event(incoming))
    }

    /// Drops an event of a user who refuses collection: of it remains what was said about consent.
    private func refuse(_ incoming: IncomingEvent, _ draft: inout StepDraft) -> (Step.Verdict, ProfileInput) {
        guard !incoming.consent.isEmpty else { return (.refused, .event(incoming)) }
        var statement = IncomingEvent(
            ids: incoming.ids,
            event: Event(user: "", name: ReservedEvent.consent, time: incoming.event.time),
            flags: .own, consent: incoming.consent, isAnswered: false)
        statement.message = incoming.message
        draft.take(statement)
        releaseRefused(&draft)
        return (.refused, .event(statement))
    }

    private func take(_ feedback: DeliveryFeedback, _ draft: inout StepDraft) {
        guard let delivery = draft.profile.ledger.delivery(feedback.record) else { return }
        switch feedback.kind {
        case .shown: break
        case .clicked:
            if draft.profile.memory(of: delivery.offerKey).dismissals > 0 {
                draft.emit(.click(offerKey: delivery.offerKey))
            }
        case .dismissed:
            if !delivery.isDismissed {
                draft.emit(.dismiss(record: delivery.record, offerKey: delivery.offerKey))
            }
        }
    }

    /// Ends what waits for offers whose goal an event reaches.
    private func reachGoals(_ filters: [Int], _ draft: inout StepDraft) {
        guard !filters.isEmpty else { return }
        for offer in policy.offers {
            guard let goal = offer.goal, filters.contains(goal) else { continue }
            for timer in draft.profile.timers where timer.offerKey == offer.key {
                draft.emit(.disarm(offerKey: timer.offerKey, timer.kind))
            }
            for delivery in draft.profile.ledger.waiting where delivery.offerKey == offer.key {
                release(delivery, .goal, &draft)
            }
        }
    }

    // MARK: Questions

    private func take(_ question: OfferQuestion, _ draft: inout StepDraft) {
        if let request = question.request {
            draft.profile.messages.remember(request, record: draft.context.record, at: draft.context.now)
        }
        handOutWaiting(&draft)
        guard draft.delivery == nil else { return }
        let places = policy.offers.indices.filter { policy.offers[$0].trigger == nil }
        decide(
            Consideration(
                places: places, cause: .input, placement: question.placement, isAnswered: true,
                usesModel: true), &draft)
    }
}

/// A profile in the middle of a step, with what the step has done so far.
struct StepDraft {
    var profile: Profile
    let context: StepContext
    let header: RecordHeader
    var effects: [Effect] = []
    var receipts: [StepReceipt] = []
    var delivery: Delivery?
    /// True once the input has changed the profile, or asks for a record by itself.
    var hasTaken = false

    init(profile: Profile, context: StepContext) {
        self.profile = profile
        self.context = context
        header = RecordHeader(
            number: context.record, profile: profile.number, previous: profile.lastRecord, now: context.now,
            epoch: context.epoch, generation: context.generation, silence: context.silence)
    }

    /// Adds an event to the profile.
    mutating func take(_ incoming: IncomingEvent) {
        profile.take(incoming, record: context.record, now: context.now)
        hasTaken = true
    }

    /// Applies an effect, and notes it for the record.
    mutating func emit(_ effect: Effect) {
        effects.append(effect)
        profile.apply([effect], of: header)
    }

    /// Notes a receipt, which counts as a decision.
    mutating func emit(_ receipt: StepReceipt) {
        emit(.decided)
        var receipt = receipt
        receipt.sequence = profile.decisionCount
        receipts.append(receipt)
    }
}
