import LimpetSequencing
import LimpetStorage
import Synchronization

/// The fates that a simulated log has for a group.
enum SimulatedFate: CaseIterable {
    case stored
    case failed
    /// It is not known for a while, and then it is there.
    case unknownStored
    /// It is not known for a while, and then it is not there.
    case unknownLost
}

/// A log in memory, whose commits end as a test asks.
final class SimulatedLog: RecordStorage {
    private struct Contents {
        var bodies: [[UInt8]] = []
        var settings: [(String, [UInt8])] = []
        var fates: [SimulatedFate] = []
        /// The looks after which it is known what became of the last group.
        var looksLeft = 0
        var pending: (isStored: Bool, error: StorageError)?
        var outcome = CommitOutcome.committed
        /// The records that were there before the group whose fate is not known.
        var knownCount = 0
    }

    private let contents = Mutex(Contents())
    private static let fault = StorageError.inputOutput(path: "simulated", code: 5, reason: "simulated")

    var lastNumber: Int64 {
        contents.withLock { contents in
            guard let pending = contents.pending, pending.isStored else {
                return Int64(contents.bodies.count)
            }
            // What is not known to be stored is not told.
            return Int64(contents.knownCount)
        }
    }

    /// Sets what becomes of the next groups.
    func plan(_ fates: [SimulatedFate]) { contents.withLock { $0.fates = fates } }

    func append(_ records: [LogRecord], settings: [LogSetting]) -> CommitOutcome {
        contents.withLock { contents in
            let fate = contents.fates.isEmpty ? .stored : contents.fates.removeFirst()
            guard contents.pending == nil else { return .failed(Self.fault) }
            contents.knownCount = contents.bodies.count
            for (place, record) in records.enumerated() {
                let expected = Int64(contents.bodies.count + place + 1)
                guard record.number == expected else {
                    return .failed(.outOfOrder(expected: expected, found: record.number))
                }
            }
            if fate == .stored || fate == .unknownStored {
                contents.bodies += records.map(\.body)
                for setting in settings {
                    contents.settings.removeAll { $0.0 == setting.key }
                    contents.settings.append((setting.key, setting.value))
                }
            }
            switch fate {
            case .stored: return .committed
            case .failed: return .failed(Self.fault)
            case .unknownStored, .unknownLost:
                contents.pending = (fate == .unknownStored, Self.fault)
                contents.looksLeft = 2
                return .unknown(Self.fault)
            }
        }
    }

    func settle() -> CommitOutcome {
        contents.withLock { contents in
            guard let pending = contents.pending else { return contents.outcome }
            contents.looksLeft -= 1
            if contents.looksLeft > 0 { return .unknown(pending.error) }
            contents.pending = nil
            contents.outcome = pending.isStored ? .committed : .failed(pending.error)
            return contents.outcome
        }
    }

    /// Plants a fault: loses all records after one.
    func cut(after number: Int64) {
        contents.withLock { $0.bodies.removeLast($0.bodies.count - Int(number)) }
    }

    /// Plants a fault: puts other bytes in the place of a record, or adds one.
    func change(_ number: Int64, _ body: [UInt8]) {
        contents.withLock { contents in
            if number > contents.bodies.count { contents.bodies.append(body) }
            contents.bodies[Int(number) - 1] = body
        }
    }

    /// Opens the log anew after a crash.
    func restart() {
        contents.withLock { contents in
            (contents.pending, contents.fates) = (nil, [])
        }
    }

    func record(_ number: Int64) -> [UInt8]? {
        contents.withLock { contents in
            number >= 1 && number <= contents.bodies.count ? contents.bodies[Int(number) - 1] : nil
        }
    }

    func records(from number: Int64, limit: Int, bytes: Int) -> [LogRecord] {
        contents.withLock { contents in
            guard number <= contents.bodies.count else { return [] }
            let numbers = number...Int64(contents.bodies.count)
            return numbers.prefix(limit).map { LogRecord(number: $0, body: contents.bodies[Int($0) - 1]) }
        }
    }

    func setting(_ key: String) -> [UInt8]? {
        contents.withLock { contents in contents.settings.first { $0.0 == key }?.1 }
    }

    func erase(_ numbers: [Int64], body: (Int64, [UInt8]) -> [UInt8]) -> Int {
        for number in numbers {
            guard let old = record(number) else { continue }
            let new = body(number, old)
            contents.withLock { $0.bodies[Int(number) - 1] = new }
        }
        return numbers.count
    }
}
