import LimpetSimulation
import Testing

@Suite("The simulated log")
struct LogTests {
    @Test("has the same bytes on one and two threads and when repeated, other bytes for another seed")
    func sameBytes() async throws {
        let first = try await SimulatedLog(.small, threads: 1)
        for threads in [1, 2, 5] {
            let again = try await SimulatedLog(.small, threads: threads)
            #expect(again.bytes == first.bytes)
            #expect(again.truth == first.truth)
        }
        var reseeded = SimulationSettings.small
        reseeded.seed = 2
        #expect(try await SimulatedLog(reseeded).bytes != first.bytes)
    }

    @Test("has every event, in order of time and user, with unique message ids and whole rows")
    func rows() async throws {
        let log = try await SimulatedLog(.small)
        let rows = log.rows
        #expect(rows.count == log.summary.events)
        #expect(rows.allSatisfy { $0.count == 15 })
        #expect(Set(rows.map { String($0[Column.event]) }) == Set(SimulatedEvent.allCases.map(\.rawValue)))
        #expect(Set(rows.map { $0[Column.messageID] }).count == rows.count)
        let keys = rows.map { $0[Column.time] + $0[Column.user] }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(rows.last.map { $0[Column.time] < "2025-04-01T00:00:00Z" } == true)
    }

    @Test("signs every user up once and first, and ends with the cancellation")
    func lifecycles() async throws {
        let log = try await SimulatedLog(.small)
        let users = Dictionary(grouping: log.rows) { $0[Column.user] }
        #expect(users.count == 1_200)
        for rows in users.values {
            let names = rows.map { $0[Column.event] }
            #expect(names.first == "signed_up")
            #expect(names.filter { $0 == "signed_up" }.count == 1)
            #expect(names.firstIndex(of: "cancelled").map { $0 == names.count - 1 } ?? true)
        }
        let leavers = users.values.filter { $0.last?[Column.event] == "cancelled" }
        #expect(leavers.count == log.summary.cancellations)
    }

    @Test("writes no cancellation when all leavers are silent")
    func silentLeavers() async throws {
        var settings = SimulationSettings.small
        settings.silentLeavers = 1
        settings.baseHazard = 0.05
        let log = try await SimulatedLog(settings)
        #expect(log.summary.cancellations == 0)
        #expect(log.truth.allSatisfy { $0.probability == 0 && $0.label != true })
    }

    @Test("reports ascending progress up to 1")
    func progress() async throws {
        let progress = try await SimulatedLog(.small).progress
        #expect(zip(progress, progress.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(progress.last == 1)
    }

    @Test("can be stopped")
    func cancellation() async throws {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await SimulatedLog(.small).bytes
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
