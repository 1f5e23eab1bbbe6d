import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetTestSupport

/// The state machine of one user under test, with the log that its steps write.
final class StepBench {
    let policy: CompiledPolicy
    let stepper: Stepper
    var profile: Profile
    private(set) var log: [DecisionRecord] = []
    private(set) var lastStep = Step(verdict: .idle)
    /// The clock's time, which goes with the inputs.
    private(set) var now = Timestamp(milliseconds: 0)
    var silence: SilenceCause?
    private var messages: UInt64 = 0
    /// What somebody outside sees: events, receipts as JSON, and the offers in answers.
    private(set) var transcript: [Sighting] = []

    init(_ policy: Policy, id: ProfileID = .known("anna"), model: ModelFile.Verified? = nil) throws {
        self.policy = try CompiledPolicy(
            policy, model: try model ?? TestModel.verified(), zone: { try? TestZones.zone($0) })
        stepper = Stepper(self.policy)
        profile = Profile(number: 1, id: id, features: self.policy.features)
    }

    init(sharing policy: CompiledPolicy, id: ProfileID) throws {
        self.policy = policy
        stepper = Stepper(policy)
        profile = Profile(number: 2, id: id, features: policy.features)
    }

    convenience init(json: String, id: ProfileID = .known("anna")) throws {
        try self.init(try Bench.policy(json), id: id)
    }

    /// Takes an input at a time, and returns the step.
    @discardableResult
    func take(_ input: ProfileInput, at time: Timestamp) -> Step {
        now = max(now, time)
        let context = StepContext(now: now, record: UInt64(log.count + 1), silence: silence)
        lastStep = stepper.step(&profile, input, context)
        if let record = lastStep.record { log.append(record) }
        note(input)
        return lastStep
    }

    private func note(_ input: ProfileInput) {
        if case .event(let incoming) = input { transcript.append(.event(incoming, at: now)) }
        guard let record = lastStep.record else { return }
        for index in record.receipts.indices {
            transcript.append(
                .receipt(ReceiptDocument(record, index: index, policy: policy, user: "u").json))
        }
        if let delivery = lastStep.delivery, !delivery.isWithheld, delivery.isInApp {
            transcript.append(.answer(receipt: delivery.receiptID.description, at: now))
        }
    }

    /// Takes an event that occurs when it arrives, unless another time is given.
    @discardableResult
    func event(
        _ name: String, at time: Timestamp, arriving: Timestamp? = nil,
        _ properties: VerbatimDictionary<String> = [:], offset: Int? = nil, zone: String? = nil,
        flags: IncomingEvent.Flags = [], consent: [IncomingEvent.Statement] = [],
        feedback: DeliveryFeedback? = nil, ids: [ProfileID]? = nil, isAnswered: Bool = true
    ) -> Step {
        messages += 1
        var incoming = IncomingEvent(
            ids: ids ?? profile.ids,
            event: Event(user: "", name: name, time: time, zoneOffsetMinutes: offset, properties: properties))
        incoming.message = MessageHash(id: messages, content: messages)
        incoming.zone = zone
        incoming.flags = flags
        incoming.consent = consent
        incoming.feedback = feedback
        incoming.isAnswered = isAnswered
        return take(.event(incoming), at: arriving ?? time)
    }

    @discardableResult
    func ask(at time: Timestamp, placement: String? = nil) -> Step {
        take(.ask(OfferQuestion(ids: profile.ids, placement: placement)), at: time)
    }

    @discardableResult
    func tick(at time: Timestamp) -> Step { take(.tick, at: time) }

    /// The id of the offer that the last step handed out; nil for none, and for one that is withheld.
    var offer: String? {
        lastStep.delivery.flatMap { $0.isWithheld ? nil : policy.policy.offers[$0.offer.index].id }
    }

    /// The offers that the log has decided on, in order.
    var decidedOffers: [String] {
        log.flatMap(\.receipts).compactMap { $0.chosen.map { policy.policy.offers[$0].id } }
    }

    /// The rules that excluded an offer in the last receipt.
    func rules(_ offer: String = "hello") -> [String] {
        let receipt = log.last?.receipts.last
        let candidate = receipt?.candidates.first { policy.policy.offers[$0.offer].id == offer }
        return candidate?.exclusions.map(\.rule) ?? ["not looked at"]
    }

    /// Replays the log: the profile from the effects alone, and the records from the inputs alone.
    func replayed() -> (profile: Profile, records: [DecisionRecord]) {
        let first = Profile(number: 1, id: profile.ids[0], features: policy.features)
        var (applied, stepped) = (first, first)
        var records: [DecisionRecord] = []
        for record in log {
            applied.apply(record)
            if let again = stepper.step(&stepped, record.input, record.header.context).record {
                records.append(again)
            }
        }
        return (applied, records)
    }

    static func offers(_ offers: String, _ rest: String = "") -> String {
        "{\"version\": 2, \"legalBasis\": \"test\"\(rest.isEmpty ? "" : ", " + rest), \"offers\": "
            + "[\(offers)]}"
    }
}

extension StepBench {
    /// A bench of the same compiled policy as another's, in which a third one's log is repeated.
    convenience init(_ bench: StepBench, id: ProfileID, like other: StepBench) throws {
        try self.init(sharing: bench.policy, id: id)
        for record in other.log { take(record.input, at: record.header.now) }
        messages = other.messages
    }
}

extension LedgerChecker {
    /// Checks what was seen of the user of a bench.
    init(_ bench: StepBench) { self.init(bench.transcript, policy: bench.policy.policy) }
}
