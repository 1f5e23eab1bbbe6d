import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetFeatures
import LimpetTestSupport
import Testing

/// The checker of ledgers finds a planted fault of each kind.
@Suite struct LedgerCheckerTests {
    private let noon = Bench.noon
    private let policy = StepBench.offers(
        """
        {"id": "hello", "title": "T", "trigger": {"event": {"name": "cart"}}, "goal": "purchase"},
        {"id": "rare", "title": "T", "trigger": {"event": {"name": "view"}}, "cooldown": "7d"}
        """, "\"caps\": {\"perSession\": 2, \"spacing\": \"3m\", \"perDay\": 3}")

    private func walked() throws -> StepBench {
        let bench = try StepBench(json: policy)
        bench.event("cart", at: noon)
        bench.event("cart", at: noon + .minutes(5), isAnswered: false)
        bench.event("page", at: noon + .minutes(6))
        return bench
    }

    private func faults(_ change: (inout [Sighting]) -> Void) throws -> [String] {
        let bench = try walked()
        var sightings = bench.transcript
        #expect(LedgerChecker(sightings, policy: bench.policy.policy).faults == [])
        change(&sightings)
        return LedgerChecker(sightings, policy: bench.policy.policy).faults
    }

    private func receipt(_ id: String, _ offer: String, until: Timestamp) -> Sighting {
        .receipt(
            .object([
                "id": .string(id), "now": .string(noon.description),
                "outcome": .object(["type": .string("offer"), "offer": .string(offer)]),
                "delivery": .object([
                    "channel": .string("inApp"), "handedOut": .boolean(false),
                    "validUntil": .string(until.description),
                ]),
            ]))
    }

    private func released(_ id: String, by receipt: String) -> Sighting {
        .receipt(
            .object([
                "id": .string(id), "cause": .object(["receipt": .string(receipt)]),
                "outcome": .object(["type": .string("released")]),
            ]))
    }

    private func event(_ name: String, at time: Timestamp, _ consent: [IncomingEvent.Statement] = [])
        -> Sighting
    {
        .event(
            IncomingEvent(ids: [], event: Event(user: "", name: name, time: time), consent: consent), at: time
        )
    }

    @Test("each kind of fault")
    func eachKind() throws {
        let late = noon + .hours(10)
        #expect(
            try faults { $0.append(.answer(receipt: "9-9-9", at: late)) } == [
                "9-9-9 shown without a reservation"
            ])
        #expect(try faults { $0.append(.answer(receipt: "1-1-0", at: late)) }.contains("1-1-0 shown twice"))
        #expect(
            try faults {
                $0 += [receipt("9-9-0", "hello", until: late), released("9-9-1", by: "9-9-0")]
                $0.append(.answer(receipt: "9-9-0", at: late))
            } == ["9-9-0 shown after it was taken back"])
        #expect(
            try faults {
                $0 += [receipt("9-9-0", "hello", until: late), event("purchase", at: late)]
                $0.append(.answer(receipt: "9-9-0", at: late))
            } == ["9-9-0 shown after its goal"])
        #expect(
            try faults {
                $0 += [receipt("9-9-0", "hello", until: late), .answer(receipt: "9-9-0", at: late + 1)]
            } == ["9-9-0 shown after its time"])
        #expect(
            try faults {
                $0.append(event(ReservedEvent.objection, at: late))
                $0 += [receipt("9-9-0", "hello", until: late), .answer(receipt: "9-9-0", at: late)]
            } == ["9-9-0 shown without consent"])
        #expect(
            try faults {
                $0.append(event("page", at: late))
                $0 += [receipt("9-9-0", "hello", until: late), .answer(receipt: "9-9-0", at: late)]
                $0 += [
                    receipt("9-9-2", "hello", until: late + 1_000),
                    .answer(receipt: "9-9-2", at: late + 1_000),
                ]
            }.contains("9-9-2 shown too soon"))
        #expect(
            try faults {
                let end = noon + .minutes(20)
                $0 += [receipt("9-9-0", "hello", until: end), .answer(receipt: "9-9-0", at: end)]
            } == ["9-9-0 is number 3 of the session"])
        #expect(
            try faults {
                for hour in Int64(1)...4 {
                    let time = noon + .hours(2 * hour)
                    $0 += [event("page", at: time), receipt("9-\(hour)-0", "hello", until: time)]
                    $0.append(.answer(receipt: "9-\(hour)-0", at: time))
                }
            }.contains("9-2-0 is number 4 of the day"))
        #expect(
            try faults {
                for hour in Int64(1)...2 {
                    let time = noon + .hours(30 * hour)
                    $0 += [event("page", at: time), receipt("9-\(hour)-0", "rare", until: time)]
                    $0.append(.answer(receipt: "9-\(hour)-0", at: time))
                }
            } == ["9-2-0 shown within its cooldown"])
        #expect(
            try faults { $0.append(receipt("1-1-0", "hello", until: late)) } == ["1-1-0 twice"])
    }
}
