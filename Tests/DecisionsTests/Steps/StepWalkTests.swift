import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetFeatures
import LimpetNumerics
import LimpetTestSupport
import Testing

/// Random walks through the state machine of one user: what must hold whatever comes.
@Suite struct StepWalkTests {
    private static func walk(_ seed: UInt64, steps: Int) throws -> StepBench {
        var random = TestRandom(seed: seed)
        let bench = try StepBench(json: TestPolicy.varied, id: .anonymous("walker\(seed)"))
        var time = Bench.noon
        let names = ["page", "page", "cart", "purchase", "failed", "complaint", "click"]
        let zones = ["Europe/Amsterdam", "Asia/Tokyo", "America/New_York"]
        func draw(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
        for _ in 0..<steps {
            time = time + Int64(draw(100) < 90 ? draw(240_000) : draw(40_000_000))
            switch draw(10) {
            case 0..<6:
                let isLate = draw(8) == 0
                var feedback: DeliveryFeedback?
                if draw(6) == 0, let delivery = bench.profile.ledger.deliveries.last {
                    let kinds: [DeliveryFeedback.Kind] = [.shown, .clicked, .dismissed]
                    feedback = DeliveryFeedback(record: delivery.record, kind: kinds[draw(3)])
                }
                let consent = draw(40) == 0 ? [IncomingEvent.Statement("personalise", draw(2) == 0)] : []
                bench.event(
                    names[draw(names.count)], at: time + (isLate ? -Int64(draw(4_000_000)) : 0),
                    arriving: time,
                    zone: draw(10) == 0 ? zones[draw(3)] : nil, flags: draw(20) == 0 ? .corrected : [],
                    consent: consent, feedback: feedback, isAnswered: draw(3) > 0)
            case 6, 7: bench.ask(at: time)
            default: bench.tick(at: max(time, bench.profile.wakeUp ?? time))
            }
            time = max(time, bench.now)
        }
        return bench
    }

    private static let seeds = Int(TestSetting.number("LIMPET_WALKS") ?? 60)

    @Test("the effects alone give the profile, and the inputs alone give the records, byte for byte")
    func replays() throws {
        var decided = 0
        for seed in 0..<UInt64(Self.seeds) {
            let bench = try Self.walk(seed, steps: 300)
            let (profile, records) = bench.replayed()
            #expect(profile.packed() == bench.profile.packed(), "seed \(seed)")
            #expect(records.map { $0.packed() } == bench.log.map { $0.packed() }, "seed \(seed)")
            decided += bench.decidedOffers.count
        }
        #expect(decided > 10 * Self.seeds)
    }

    @Test("records and profiles survive their bytes")
    func bytes() throws {
        for seed in 0..<UInt64(Self.seeds) {
            let bench = try Self.walk(seed, steps: 100)
            for record in bench.log {
                let bytes = record.packed()
                let read = try DecisionRecord(number: record.header.number, packed: bytes)
                #expect(read.packed() == bytes, "seed \(seed)")
                #expect(read.effects == record.effects)
            }
            let bytes = bench.profile.packed()
            let read = try Profile(packed: bytes, features: bench.policy.features)
            #expect(read.packed() == bytes, "seed \(seed)")
        }
    }

    @Test("a receipt is the same JSON from the step and from the log")
    func receipts() throws {
        for seed in 0..<UInt64(Self.seeds) {
            let bench = try Self.walk(seed, steps: 100)
            for record in bench.log {
                let read = try DecisionRecord(number: record.header.number, packed: record.packed())
                for index in record.receipts.indices {
                    let live = ReceiptDocument(record, index: index, policy: bench.policy, user: "u").json
                    let stored = ReceiptDocument(read, index: index, policy: bench.policy, user: "u").json
                    #expect(live.compact == stored.compact, "seed \(seed)")
                }
            }
        }
    }

    @Test("a checker that knows only receipts and events finds no fault")
    func ledger() throws {
        for seed in 0..<UInt64(Self.seeds) {
            let bench = try Self.walk(seed, steps: 300)
            #expect(LedgerChecker(bench).faults == [], "seed \(seed)")
        }
    }
}
