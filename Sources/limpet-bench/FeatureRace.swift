import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// A race that extracts 64 features of all users of an event log at several snapshot times.
struct FeatureRace {
    private let log: EventLog
    private let snapshotTimes: [Timestamp]
    private let threads: Int

    /// The number of users whose rows are in memory at one time: a table of all users at many snapshot times
    /// would not fit.
    private static let usersPerChunk = 16_384

    init(_ arguments: RaceArguments) throws {
        try arguments.allowOnly(["data", "snapshots", "threads", "until"])
        let folder = try arguments.text("data")
        log = try Self.log(folder: folder)
        let count = try arguments.count("snapshots", default: 1)
        let end = try Timestamp(milliseconds: Int64(arguments.number("until", default: 1_751_328_000_000)))
        snapshotTimes = (0..<count).map { end - .days(Int64(7 * (count - 1 - $0))) }
        threads = try arguments.count("threads", default: 2)
    }

    /// Reads the events from a folder of arrays.
    static func log(folder: String) throws -> EventLog {
        let values = try ArrayFile(folder + "/cents.npy").column(0)
        let users = try ArrayFile(folder + "/user.npy").column(0)
        var starts: [Int] = []
        for (row, user) in users.enumerated() where row == 0 || users[row - 1] != user { starts.append(row) }
        // Codes of users ascend, and texts of equal length sort as their numbers do.
        let ids = starts.map { "u" + String(1_000_000 + Int(users[$0])) }
        return EventLog(
            users: ids, userStarts: starts + [users.count],
            times: try ArrayFile(folder + "/time_ms.npy").column(0).map { Int64($0) },
            events: try ArrayFile(folder + "/name.npy").numbers.map { UInt16($0) }, eventNames: Self.names,
            numbers: [
                Event.valueProperty: NumberColumn(
                    decimals: 2, units: values.map { $0.isNaN ? NumberColumn.missing : Int64($0) })
            ])
    }

    private static let names = (0..<10).map { "event\($0)" }

    /// The 64 features: counts over four windows of ten events, sums of two, active days, recency and tenure.
    static let features: [Feature] = {
        let windows = [1, 7, 30, 90].map { TimeSpan.days($0) }
        let patterns = names.map { EventPattern(names: [$0]) }
        var features = patterns.flatMap { events in
            windows.map { Feature(kind: .count, events: events, window: $0) }
        }
        features += patterns.prefix(2).flatMap { events in
            windows.map { Feature(kind: .sum, events: events, window: $0, property: Event.valueProperty) }
        }
        features += windows.map { Feature(kind: .activeDays, window: $0) }
        features += patterns.map { Feature(kind: .recency, events: $0) }
        return features + [Feature(kind: .recency), Feature(kind: .tenure)]
    }()

    /// The memory of the log's columns, in bytes.
    private var bytesOfLog: Int {
        let columns =
            log.times.count * MemoryLayout<Int64>.size + log.events.count * MemoryLayout<UInt16>.size
        let numbers = log.numbers.values.reduce(0) { $0 + $1.units.count * MemoryLayout<Int64>.size }
        let users = log.users.count * (MemoryLayout<String>.size + MemoryLayout<Int>.size)
        return columns + numbers + users
    }

    func run() async throws -> String {
        let set = FeatureSet(decimals: [Event.valueProperty: 2], features: Self.features)
        let plan = try FeaturePlan(set)
        let memory = RaceMemory()
        let clock = ContinuousClock()
        var seconds = 0.0
        var spent: SnapshotTable?
        var (rows, sums) = (0, [Double](repeating: 0, count: Self.features.count))
        for first in stride(from: 0, to: log.users.count, by: Self.usersPerChunk) {
            let users = first..<min(first + Self.usersPerChunk, log.users.count)
            let start = clock.now
            let table = try await SnapshotTable.extract(
                from: log, plan: plan, at: snapshotTimes, dataUntil: snapshotTimes[snapshotTimes.count - 1],
                users: users,
                reusing: spent.take(), threads: threads)
            seconds += start.duration(to: clock.now).seconds
            rows += table.count
            for (place, column) in table.numbers.enumerated() {
                sums[place] += column.reduce(0) { $1.isNaN ? $0 : $0 + $1 }
            }
            spent = table
        }
        var result = RaceResult(seconds: seconds, peakBytes: memory.peakBytes, memory: memory)
        result.add("rows", Double(rows))
        result.add("events", Double(log.count))
        result.add("logBytes", Double(bytesOfLog))
        result.add("sums", sums)
        return result.text
    }
}
