import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetSequencing
import LimpetStorage
import LimpetTestSupport

/// The checks of a simulated world that has come to rest.
struct WorldChecker {
    private(set) var faults: [String] = []
    private let world: SimulatedWorld
    private let records: [DecisionRecord]
    private let byNumber: [UInt64: DecisionRecord]

    init(_ world: SimulatedWorld) throws {
        self.world = world
        records = try world.records()
        byNumber = Dictionary(uniqueKeysWithValues: records.map { ($0.header.number, $0) })
        checkEvents()
        checkRepetitions()
        checkDeliveries()
        try checkReplay()
        checkLedgers()
    }

    // MARK: Events and answers

    /// Each event that was acknowledged is in the log once, and none twice.
    private mutating func checkEvents() {
        var counts: [MessageHash: Int] = [:]
        for record in records {
            guard case .event(let event) = record.input, let message = event.message else { continue }
            counts[message, default: 0] += 1
        }
        for (message, count) in counts where count > 1 {
            faults.append("message \(message.id) \(count) times")
        }
        for call in world.calls {
            for answers in call.answers {
                for (input, answer) in zip(call.inputs, answers) {
                    guard case .taken(let taken) = answer, let record = taken.record else { continue }
                    guard case .event(let event) = input, let message = event.message else { continue }
                    let isErased = byNumber[record.header.number] == nil
                    if !isErased, counts[message] != 1 { faults.append("message \(message.id) is lost") }
                    if isErased, !wasErased { faults.append("record \(record.header.number) is lost") }
                    if let stored = byNumber[record.header.number], stored.packed() != record.packed() {
                        faults.append("record \(record.header.number) was answered otherwise than stored")
                    }
                }
            }
        }
    }

    private var wasErased: Bool {
        world.calls.contains { if case .erasure = $0.work { true } else { false } }
    }

    /// A repeated input has the answer of the first.
    private mutating func checkRepetitions() {
        for call in world.calls {
            // A silence may be forgotten, and its number given to another record.
            var firsts: [Int: UInt64] = [:]
            for answers in call.answers {
                for (place, answer) in answers.enumerated() {
                    switch answer {
                    case .taken(let taken):
                        guard let number = taken.record?.header.number else { continue }
                        if let first = firsts[place], hasMessage(call.inputs, place), byNumber[first] != nil,
                            first != number
                        {
                            faults.append("record \(first) was answered again as \(number)")
                        }
                        let isStored = byNumber[number]?.packed() == taken.record?.packed()
                        firsts[place] = isStored ? number : nil
                    case .repetition(let number, _, let isConflict, let valid):
                        if isConflict { faults.append("record \(number) is called a conflict") }
                        if let first = firsts[place], first != number, byNumber[first] != nil {
                            faults.append("record \(first) was repeated as \(number)")
                        }
                        if byNumber[number] == nil, !wasErased { faults.append("repeated \(number) is lost") }
                        for delivery in valid where byNumber[delivery.record] == nil && !wasErased {
                            faults.append("delivery \(delivery.record) is lost")
                        }
                        firsts[place] = number
                    case .refused, .erased, .unknown: continue
                    }
                }
            }
        }
    }

    private func hasMessage(_ inputs: [ProfileInput], _ place: Int) -> Bool {
        guard place < inputs.count else { return false }
        switch inputs[place] {
        case .event(let event): return event.message != nil
        // A silence may be forgotten with what nobody has seen.
        case .ask, .tick: return false
        }
    }

    /// No offer is handed out twice, and each was reserved before.
    private mutating func checkDeliveries() {
        var seen: Set<ReceiptID> = []
        for call in world.calls {
            for answers in call.answers {
                for case .taken(let taken) in answers {
                    // A silence that hides a withheld offer may be forgotten with what nobody has seen.
                    guard let delivery = taken.delivery, !delivery.isWithheld else { continue }
                    if !seen.insert(delivery.receiptID).inserted {
                        faults.append("delivery \(delivery.receiptID) was handed out twice")
                    }
                    if taken.record.flatMap({ byNumber[$0.header.number] }) == nil, !wasErased {
                        faults.append("delivery \(delivery.receiptID) is not in the log")
                    }
                }
            }
        }
        var ids: Set<ReceiptID> = []
        for call in world.calls {
            for answers in call.answers {
                for case .taken(let taken) in answers {
                    guard let record = taken.record, !record.receipts.isEmpty else { continue }
                    let id = ReceiptID(record.header, index: 0)
                    if !ids.insert(id).inserted { faults.append("receipt \(id) was given twice") }
                }
            }
        }
    }

    // MARK: The log

    /// The steps taken anew give the same records, and the profiles that a new start finds.
    private mutating func checkReplay() throws {
        let policy = world.policy
        var replay = LogReplay { _ in policy }
        for record in records {
            if let difference = try replay.take(record) {
                faults.append("record \(record.header.number) differs: \(difference)")
                return
            }
        }
        let found = try world.profiles(replay.profiles.keys.sorted())
        for (number, profile) in replay.profiles where found[number] != profile.packed() {
            faults.append("profile \(number) is not as the log says")
        }
        for number in found.keys where replay.profiles[number] == nil {
            faults.append("profile \(number) is not in the log")
        }
    }

    /// The naive checker finds nothing, for each profile before and after it was joined.
    private mutating func checkLedgers() {
        var owners: [UInt64: UInt64] = [:]
        var joins: [UInt64: (first: UInt64, last: UInt64)] = [:]
        for record in records {
            guard case .event(let event) = record.input, let joined = event.joined else { continue }
            owners[joined.number] = record.header.profile
            let number = record.header.number
            joins[record.header.profile] = (joins[record.header.profile]?.first ?? number, number)
        }
        let shown = shownRecords()
        for number in Set(records.map(\.header.profile)) {
            let own = records.filter { $0.header.profile == number }
            let end = joins[number]?.first ?? .max
            check(own.filter { $0.header.number < end }, shown, after: 0)
            guard owners[number] == nil, let last = joins[number]?.last else { continue }
            let all = records.filter { owner(of: $0.header.profile, owners) == number }
            check(all, shown, after: last)
        }
    }

    private func owner(of number: UInt64, _ owners: [UInt64: UInt64]) -> UInt64 {
        var owner = number
        while let next = owners[owner] { owner = next }
        return owner
    }

    /// The receipts of offers that were in answers, by the record with the answer.
    private func shownRecords() -> [UInt64: Delivery] {
        var shown: [UInt64: Delivery] = [:]
        for call in world.calls {
            for answers in call.answers {
                for case .taken(let taken) in answers {
                    guard let delivery = taken.delivery, !delivery.isWithheld, let record = taken.record
                    else {
                        continue
                    }
                    shown[record.header.number] = delivery
                }
            }
        }
        return shown
    }

    private mutating func check(_ records: [DecisionRecord], _ shown: [UInt64: Delivery], after last: UInt64)
    {
        var sightings: [Sighting] = []
        for record in records {
            if case .event(let event) = record.input {
                sightings.append(.event(event, at: record.header.now))
            }
            for index in record.receipts.indices {
                let document = ReceiptDocument(record, index: index, policy: world.policy, user: "u")
                sightings.append(.receipt(document.json))
            }
            if let delivery = shown[record.header.number] {
                sightings.append(.answer(receipt: delivery.receiptID.description, at: record.header.now))
            }
        }
        for fault in LedgerChecker(sightings, policy: world.policy.policy).faults {
            let id = fault.prefix { $0 != " " }
            if let receipt = ReceiptID(String(id)), receipt.record < last { continue }
            faults.append(fault)
        }
    }
}
