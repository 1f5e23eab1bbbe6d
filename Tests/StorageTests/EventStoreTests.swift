import LimpetDocuments
import Foundation
import GRDB
import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetStorage
import LimpetTestSupport
import Synchronization
import Testing

@Suite struct EventStoreTests {
    private let now = Timestamp(milliseconds: 1_736_942_400_000)

    private func event(_ user: String = "anna", id: String? = nil, name: String = "page") -> Event {
        Event(user: user, name: name, time: now, messageID: id, properties: ["value": "12.50"])
    }

    private func all(_ store: EventStore) async throws -> [StoredEvent] {
        try await store.events(after: 0, limit: 1_000_000)
    }

    @Test("an event comes back as it was")
    func anEventComesBackAsItWas() async throws {
        let folder = try TemporaryFolder()
        var full = event(id: "m1")
        full.zoneOffsetMinutes = -330
        full.properties = ["a.b": "", "länge": "1e5", "value": "0.10"]
        let bare = Event(user: "ben", name: "x", time: Timestamp(milliseconds: -5))
        let store = try EventStore(path: folder.file())
        #expect(
            try await store.append([full, bare], receivedAt: now) == [.accepted(seq: 1), .accepted(seq: 2)])
        await store.close()
        let again = try EventStore(path: folder.file())
        let events = try await all(again)
        #expect(events.map(\.event) == [full, bare])
        #expect(events.map(\.seq) == [1, 2])
        #expect(events.map(\.receivedAt) == [now, now])
    }

    @Test("a commit is handed to the disk")
    func aCommitIsHandedToTheDisk() async throws {
        let folder = try TemporaryFolder()
        let durability = try await EventStore(path: folder.file()).durability()
        #expect(durability.journal == "wal")
        #expect(durability.synchronous == 2)
    }

    @Test("a repeated message changes nothing")
    func aRepeatedMessageChangesNothing() async throws {
        let folder = try TemporaryFolder()
        let store = try EventStore(path: folder.file())
        let first = try await store.append([event(id: "m1"), event(id: "m1")], receivedAt: now)
        #expect(first == [.accepted(seq: 1), .duplicate])
        let second = try await store.append([event("ben", id: "m1"), event(id: "m2")], receivedAt: now)
        #expect(second.first == .duplicate)
        #expect(try await all(store).map(\.event.messageID) == ["m1", "m2"])
        _ = try await store.append([event(), event()], receivedAt: now)
        #expect(try await all(store).count == 4)
    }

    @Test("what was answered is in a copy of the open files")
    func whatWasAnsweredIsInACopyOfTheOpenFiles() async throws {
        let folder = try TemporaryFolder()
        let store = try EventStore(path: folder.file())
        for index in 0..<50 { _ = try await store.append([event(id: "m\(index)")], receivedAt: now) }
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: folder.file() + suffix, toPath: folder.file("copy.sqlite") + suffix)
        }
        let copy = try EventStore(path: folder.file("copy.sqlite"))
        #expect(try await all(copy).map(\.event.messageID) == (0..<50).map { "m\($0)" })
        await store.close()
    }

    @Test("what was answered survives a kill")
    func whatWasAnsweredSurvivesAKill() async throws {
        let folder = try TemporaryFolder()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.file() as String] in
            let store = try EventStore(path: path)
            let time = Timestamp(milliseconds: 1)
            for index in 0..<20 {
                let event = Event(user: "anna", name: "page", time: time, messageID: "m\(index)")
                _ = try await store.append([event], receivedAt: time)
            }
            kill(getpid(), SIGKILL)
        }
        let store = try EventStore(path: folder.file())
        #expect(try await all(store).map(\.event.messageID) == (0..<20).map { "m\($0)" })
    }

    @Test("many requests share few commits in the order of arrival")
    func manyRequestsShareFewCommitsInTheOrderOfArrival() async throws {
        let folder = try TemporaryFolder()
        let store = try EventStore(path: folder.file())
        let observed = Observed()
        await store.observe { events in observed.add(events) }
        let count = 400
        let (event, now) = (event(), now)
        let answers = try await withThrowingTaskGroup(of: [(String, Admission)].self) { group in
            for index in 0..<count {
                group.addTask {
                    let events = (0..<3).map { part in
                        var copy = event
                        copy.messageID = "\(index)-\(part)"
                        return copy
                    }
                    let admissions = try await store.append(events, receivedAt: now)
                    let seen = Set(observed.events.map(\.event.messageID))
                    #expect(events.allSatisfy { seen.contains($0.messageID) })
                    return zip(events, admissions).map { ($0.0.messageID ?? "", $0.1) }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let stored = try await all(store)
        let seqByID = Dictionary(uniqueKeysWithValues: stored.map { ($0.event.messageID ?? "", $0.seq) })
        #expect(answers.allSatisfy { $0.1 == .accepted(seq: seqByID[$0.0] ?? -1) })
        #expect(observed.events == stored)
        #expect(stored.count == 3 * count)
        for start in stride(from: 0, to: stored.count, by: 3) {
            let parts = stored[start..<start + 3].map { ($0.event.messageID ?? "").split(separator: "-") }
            #expect(Set(parts.map(\.first)).count == 1)
            #expect(parts.map(\.last) == ["0", "1", "2"])
        }
        #expect(await store.commitCount < count)
    }

    @Test("hostile text is kept as it is")
    func hostileTextIsKeptAsItIs() async throws {
        let folder = try TemporaryFolder()
        let texts = [
            "'; DROP TABLE events; --", "\"", "\\", "%s%n", "\u{202e}evil", "👩‍👩‍👧", "\u{1}\u{1f}\u{7f}",
            "NULL", " ", "\r\n", String(repeating: "x", count: 100_000), "e\u{301}", "é", "\u{feff}",
        ]
        let store = try EventStore(path: folder.file())
        let events = texts.map {
            Event(user: $0, name: $0, time: now, messageID: $0, properties: [$0: $0, "nul": "a\u{0}b"])
        }
        let admissions = try await store.append(events, receivedAt: now)
        #expect(!admissions.contains(.duplicate))
        let kept = try await all(store).map(\.event)
        for (left, right) in zip(kept, events) {
            #expect(Array(left.user.utf8) == Array(right.user.utf8))
            #expect(Array((left.messageID ?? "").utf8) == Array((right.messageID ?? "").utf8))
            #expect(left.properties == right.properties)
        }
    }

    @Test("a text that would be cut off is refused with all of its request")
    func aTextThatWouldBeCutOffIsRefusedWithAllOfItsRequest() async throws {
        let folder = try TemporaryFolder()
        let store = try EventStore(path: folder.file())
        for (bad, field) in [
            (event("a\u{0}b"), "user"), (event(name: "a\u{0}"), "event"), (event(id: "\u{0}"), "messageId"),
        ] {
            await #expect(throws: StorageError.nullCharacter(field: field)) {
                try await store.append([event(), bad], receivedAt: now)
            }
        }
        #expect(try await all(store).isEmpty)
    }

    @Test("decisions are read back with their exposures")
    func decisionsAreReadBackWithTheirExposures() async throws {
        let folder = try TemporaryFolder()
        let store = try EventStore(path: folder.file())
        let (anna, ben) = (try Receipts(user: "anna"), try Receipts(user: "ben", isHeldOut: true))
        anna.event(now)
        ben.event(now)
        let receipts = [anna.next(now), ben.next(now), anna.next(now)].compactMap { $0 }
        for (index, receipt) in receipts.enumerated() {
            try await store.append(receipt, afterEvent: Int64(index))
        }
        await store.close()
        let again = try EventStore(path: folder.file())
        let decisions = try await again.decisions(after: 0, limit: 10)
        #expect(decisions.map(\.user) == ["anna", "ben", "anna"])
        #expect(decisions.map(\.sequence) == [1, 1, 2])
        #expect(decisions.map(\.exposure) == receipts.map(\.exposure))
        #expect(decisions[1].exposure?.isWithheld == true)
        #expect(decisions[2].exposure == nil)
        #expect(try await again.receipt(id: receipts[1].id) == receipts[1].document.compact)
        #expect(try await again.receipt(id: "none") == nil)
    }

    @Test("a receipt that is there already is refused alone")
    func aReceiptThatIsThereAlreadyIsRefusedAlone() async throws {
        let folder = try TemporaryFolder()
        let store = try EventStore(path: folder.file())
        let receipts = try Receipts(user: "anna")
        let receipt = try #require(receipts.next(now))
        try await store.append(receipt, afterEvent: 0)
        async let event = store.append([event()], receivedAt: now)
        await #expect(throws: StorageError.self) { try await store.append(receipt, afterEvent: 0) }
        #expect(try await event == [.accepted(seq: 1)])
    }

    @Test("a newer release's file is refused")
    func aNewerReleasesFileIsRefused() async throws {
        let folder = try TemporaryFolder()
        await (try EventStore(path: folder.file())).close()
        let queue = try DatabaseQueue(path: folder.file())
        try await queue.write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('2 from the future')")
        }
        try queue.close()
        #expect(throws: StorageError.newerSchema(path: folder.file())) {
            try EventStore(path: folder.file())
        }
    }

    @Test("other files are refused")
    func otherFilesAreRefused() async throws {
        let folder = try TemporaryFolder()
        let queue = try DatabaseQueue(path: folder.file("other.sqlite"))
        try await queue.write { try $0.execute(sql: "CREATE TABLE things (id INTEGER)") }
        try queue.close()
        #expect(throws: StorageError.foreignDatabase(path: folder.file("other.sqlite"))) {
            try EventStore(path: folder.file("other.sqlite"))
        }
        try Data(repeating: 65, count: 10_000).write(to: URL(filePath: folder.file("text.sqlite")))
        for path in [folder.file("text.sqlite"), folder.file("none/limpet.sqlite"), folder.path] {
            let error = #expect(throws: StorageError.self) { try EventStore(path: path) }
            #expect(error?.description.hasPrefix("\(path): cannot be opened as a database") == true)
        }
    }

    @Test("a file is open once")
    func aFileIsOpenOnce() async throws {
        let folder = try TemporaryFolder()
        let first = try EventStore(path: folder.file())
        #expect(throws: StorageError.inUse(path: folder.file())) { try EventStore(path: folder.file()) }
        await first.close()
        try await EventStore(path: folder.file()).close()
    }

    @Test("too many who wait and a closed store are refused")
    func tooManyWhoWaitAndAClosedStoreAreRefused() async throws {
        let folder = try TemporaryFolder()
        let full = try EventStore(path: folder.file(), waitingLimit: 0)
        await #expect(throws: StorageError.overloaded(waiting: 0)) {
            try await full.append([event()], receivedAt: now)
        }
        await full.close()
        await #expect(throws: StorageError.closed) { try await full.append([event()], receivedAt: now) }
    }
}

/// The events that a store has told of.
private final class Observed: Sendable {
    private let all = Mutex<[StoredEvent]>([])

    var events: [StoredEvent] { all.withLock { $0 } }

    func add(_ events: [StoredEvent]) { all.withLock { $0 += events } }
}
