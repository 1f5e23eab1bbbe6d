import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Synchronization
import Testing

@Suite struct SnapshotTableTests {
    private let set = FeatureSet(features: [
        Feature(kind: .count), Feature(kind: .mean, property: "value"),
        Feature(kind: .recency, window: .days(2)),
        Feature(kind: .lastCategory, property: "event"),
    ])

    private func largeLog() throws -> EventLog {
        var random = TestRandom(seed: 6)
        let events = (0..<12_000).map { _ in
            TestLog.event(
                Bool.random(using: &random) ? "a" : "b", -.random(in: 0...432_000_000, using: &random),
                ["value": String(Int.random(in: 0...9, using: &random))],
                user: "u\(Int.random(in: 0..<3_500, using: &random))")
        }
        return try TestLog.log(events, for: set)
    }

    @Test("the number of threads changes nothing", arguments: [2, 3, 7, 64])
    func threads(count: Int) async throws {
        let log = try largeLog()
        let label = Label(kind: .inactivity, events: .any, horizon: .days(1))
        let plan = try FeaturePlan(set, label: label)
        let times = (-3...0).map { TestLog.noon + .days($0) }
        func extract(_ threads: Int) async throws -> SnapshotTable {
            try await SnapshotTable.extract(
                from: log, plan: plan, at: times, dataUntil: TestLog.noon, threads: threads)
        }
        let (one, many) = (try await extract(1), try await extract(count))
        #expect(one.count > 3_000)
        #expect(one.userIDs == many.userIDs && one.users == many.users && one.times == many.times)
        #expect(one.labels == many.labels && one.keys == many.keys && one.features == many.features)
        #expect(one.numbers.map { $0.map(\.bitPattern) } == many.numbers.map { $0.map(\.bitPattern) })
    }

    @Test("in the memory of a spent table, of the same features or others, the new one is the same")
    func spentTable() async throws {
        let log = try largeLog()
        let plan = try FeaturePlan(set, label: Label(kind: .inactivity, events: .any, horizon: .days(1)))
        let others = try FeaturePlan(FeatureSet(features: Array(set.features.reversed())))
        let times = (-3...0).map { TestLog.noon + .days($0) }
        func extract(_ plan: FeaturePlan, _ users: Range<Int>, reusing spent: consuming SnapshotTable? = nil)
            async throws -> SnapshotTable
        {
            try await SnapshotTable.extract(
                from: log, plan: plan, at: times, dataUntil: TestLog.noon, users: users, reusing: spent,
                threads: 2)
        }
        for (first, users) in [(0..<2_000, 500..<2_500), (0..<100, 0..<3_000), (0..<3_000, 7..<8)] {
            let fresh = try await extract(plan, users)
            for spent in [try await extract(plan, first), try await extract(others, first)] {
                let table = try await extract(plan, users, reusing: spent)
                #expect(table.users == fresh.users && table.times == fresh.times)
                #expect(table.labels == fresh.labels && table.keys == fresh.keys)
                #expect(
                    table.numbers.map { $0.map(\.bitPattern) } == fresh.numbers.map { $0.map(\.bitPattern) })
                // The spent table is kept here too, and stays what it was.
                #expect(spent.users.first.map { first.contains(Int($0)) } == true)
                #expect(spent.numbers.allSatisfy { $0.isEmpty || $0.count == spent.count })
            }
        }
    }

    @Test("a table that nobody else holds hands its memory on")
    func memory() async throws {
        let log = try largeLog()
        let plan = try FeaturePlan(set)
        func places(_ table: SnapshotTable?) -> [UnsafePointer<Double>?] {
            table?.numbers.map { $0.withUnsafeBufferPointer(\.baseAddress) } ?? []
        }
        for threads in [1, 2] {
            var spent: SnapshotTable?
            var first: [UnsafePointer<Double>?] = []
            var capacity = 0
            for users in [0..<3_000, 500..<550, 1_500..<1_700] {
                let table = try await SnapshotTable.extract(
                    from: log, plan: plan, at: [TestLog.noon], dataUntil: TestLog.noon, users: users,
                    reusing: spent.take(), threads: threads)
                if first.isEmpty { (first, capacity) = (places(table), table.count) }
                #expect(table.count > 0 && first.count == set.features.count)
                #expect(places(table) == first)
                // Newly made lists would not have that much more capacity.
                #expect(table.numbers.allSatisfy { $0.isEmpty || $0.capacity >= capacity })
                spent = table
            }
        }
    }

    @Test("rows are sorted by user and time, and snapshot times requested twice come once")
    func rowOrder() async throws {
        let log = try largeLog()
        let plan = try FeaturePlan(set)
        let times = [0, -2, 0, -1].map { TestLog.noon + .days($0) }
        let table = try await SnapshotTable.extract(
            from: log, plan: plan, at: times, dataUntil: TestLog.noon, threads: 2)
        for row in 1..<table.count {
            let before = (table.users[row - 1], table.times[row - 1].milliseconds)
            try #require(before < (table.users[row], table.times[row].milliseconds))
        }
        #expect(Set(table.times).count == 3)
    }

    @Test("columns are as long as there are rows, or empty where the type is the other")
    func columns() async throws {
        let plan = try FeaturePlan(set)
        let table = try await SnapshotTable.extract(
            from: largeLog(), plan: plan, at: [TestLog.noon], dataUntil: TestLog.noon)
        #expect(table.numbers.map(\.count) == [table.count, table.count, table.count, 0])
        #expect(table.keys.map(\.count) == [0, 0, 0, table.count])
        #expect(table.labels.allSatisfy { $0 == nil })
    }

    @Test("each user is reported once")
    func progress() async throws {
        let log = try largeLog()
        let done = Mutex(0)
        _ = try await SnapshotTable.extract(
            from: log, plan: FeaturePlan(set), at: [TestLog.noon], dataUntil: TestLog.noon, threads: 3,
            progress: { users in done.withLock { $0 += users } })
        #expect(done.withLock { $0 } == log.users.count)
    }

    @Test("an empty log gives an empty table, and so do no snapshot times")
    func empty() async throws {
        let plan = try FeaturePlan(set)
        let none = try await SnapshotTable.extract(
            from: TestLog.log([], for: set), plan: plan, at: [TestLog.noon], dataUntil: TestLog.noon,
            threads: 4)
        #expect(none.count == 0 && none.numbers.count == 4 && none.userIDs.isEmpty)
        let never = try await SnapshotTable.extract(
            from: largeLog(), plan: plan, at: [], dataUntil: TestLog.noon)
        #expect(never.count == 0)
    }

    @Test("a property that the log does not hold is named")
    func missingColumn() throws {
        let plan = try FeaturePlan(set)
        let log = EventLogBuilder(numberColumns: ["value": 2]).finish()
        #expect(throws: MissingColumnError.self) { try LogReader(log, plan: plan) }
        let text = try FeaturePlan(FeatureSet(features: [Feature(kind: .distinct, property: "page")]))
        let error = #expect(throws: MissingColumnError.self) { try LogReader(log, plan: text) }
        #expect(error?.description == "no event of the log has the property page")
    }
}
