import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetSequencing
import LimpetStorage
import LimpetTestSupport
import Testing

/// Whole lives of a service under a seed: what must hold whatever its disk, its clients and its clock do.
@Suite struct SimulationTests {
    private static let zones: [VerbatimText: TimeZoneRules] = Dictionary(
        uniqueKeysWithValues: ["Europe/Amsterdam", "Asia/Tokyo"].compactMap { name in
            (try? TestZones.zone(name)).map { (VerbatimText(name), $0) }
        })

    static let compiled = Result {
        try CompiledPolicy(
            TestPolicy.read(TestPolicy.varied), model: TestModel.verified(), zone: { zones[VerbatimText($0)] }
        )
    }

    private static let seeds = TestSetting.number("LIMPET_SEEDS") ?? 150
    private static let first = TestSetting.number("LIMPET_SEED") ?? 1
    private static var range: Range<UInt64> { first..<first + seeds }

    @Test("in files: each event once, each answer again, each offer once, all by the log", arguments: range)
    func files(_ seed: UInt64) throws {
        let home = SimulatedWorld.Home.files(SimulatedLog(), SimulatedStates())
        let world = try SimulatedWorld(seed: seed, home: home, policy: Self.compiled.get())
        try world.walk(300)
        let faults = try WorldChecker(world).faults
        #expect(faults.isEmpty, "seed \(seed): \(faults.prefix(3))")
    }

    /// Faults that are planted in a world at rest.
    enum Planted: CaseIterable {
        case lostRecord, doubledEvent, changedReceipt, changedRow, secondDelivery
    }

    @Test("the checker finds planted faults of each kind", arguments: Planted.allCases)
    func planted(_ fault: Planted) throws {
        var (tried, found) = (0, 0)
        for seed in 1...UInt64(30) where seed % 3 != 0 {
            let (log, states) = (SimulatedLog(), SimulatedStates())
            let world = try SimulatedWorld(
                seed: seed, home: .files(log, states), policy: Self.compiled.get())
            try world.walk(200)
            guard try Self.plant(fault, world, log, states) else { continue }
            tried += 1
            // A log that cannot be read at all is a fault that is found, too.
            do {
                if try !WorldChecker(world).faults.isEmpty { found += 1 }
            } catch {
                found += 1
            }
        }
        #expect(tried >= 5 && found == tried, "\(found) of \(tried)")
    }

    /// Plants a fault; false where the world has nothing to plant it in.
    private static func plant(
        _ fault: Planted, _ world: SimulatedWorld, _ log: SimulatedLog, _ states: SimulatedStates
    ) throws -> Bool {
        let records = try world.records()
        let event = records.last {
            guard case .event(let event) = $0.input else { return false }
            return event.message != nil && !event.flags.contains(.own)
        }
        guard let event else { return false }
        switch fault {
        case .lostRecord: log.cut(after: Int64(event.header.number) - 1)
        case .doubledEvent: log.change(log.lastNumber + 1, event.packed())
        case .changedReceipt:
            guard var changed = records.last(where: { !$0.receipts.isEmpty }) else { return false }
            changed.receipts[0].asOf = changed.receipts[0].asOf + TimeSpan(milliseconds: 1)
            log.change(Int64(changed.header.number), changed.packed())
        case .changedRow: return states.changeRow()
        case .secondDelivery:
            for call in world.calls {
                for answers in call.answers {
                    for case .taken(let taken) in answers where taken.delivery?.isWithheld == false {
                        call.open()
                        call.take(.done(answers))
                        return true
                    }
                }
            }
            return false
        }
        return true
    }

    @Test("in locked rows: the same", arguments: range)
    func rows(_ seed: UInt64) throws {
        let world = try SimulatedWorld(
            seed: seed, home: .rows(SimulatedRows()), policy: Self.compiled.get())
        try world.walk(300)
        let faults = try WorldChecker(world).faults
        #expect(faults.isEmpty, "seed \(seed): \(faults.prefix(3))")
    }
}
