import LimpetDocuments
import LimpetEvents
import LimpetFeatures

/// A race that applies events to live states, in the order of time over all users, and reads the 64 features
/// after each.
struct LiveRace {
    private let log: EventLog
    private let userCount: Int

    init(_ arguments: RaceArguments) throws {
        try arguments.allowOnly(["data", "users"])
        log = try FeatureRace.log(folder: try arguments.text("data"))
        userCount = min(try arguments.count("users", default: 20_000), log.users.count)
    }

    func run() throws -> String {
        let features = LiveFeatures(
            try FeaturePlan(FeatureSet(decimals: [Event.valueProperty: 2], features: FeatureRace.features)))
        let reader = LiveReader(features)
        let memory = RaceMemory()
        var states = [LiveState](repeating: LiveState(features), count: userCount)
        var vector = FeatureVector(count: FeatureRace.features.count)
        var sums = [Double](repeating: 0, count: FeatureRace.features.count)
        var spent: [Double] = []
        let clock = ContinuousClock()
        for (user, event) in arrivals() {
            let start = clock.now
            states[user].append(event)
            reader.read(states[user], at: event.time + TimeSpan(milliseconds: 1), into: &vector)
            spent.append(start.duration(to: clock.now).seconds)
            for feature in sums.indices where !vector.numbers[feature].isNaN {
                sums[feature] += vector.numbers[feature]
            }
        }
        let sorted = spent.sorted()
        var result = RaceResult(
            seconds: spent.reduce(0, +), peakBytes: memory.peakBytes, memory: memory)
        result.add("events", Double(sorted.count))
        result.add("medianMicroseconds", 1e6 * sorted[sorted.count / 2])
        result.add("p99Microseconds", 1e6 * sorted[sorted.count * 99 / 100])
        result.add("bytesPerUser", Double(states.reduce(0) { $0 + $1.memory }) / Double(userCount))
        result.add("eventsPerUser", Double(sorted.count) / Double(userCount))
        result.add("sums", sums)
        return result.text
    }

    /// Returns the events of the first users, merged in the order of time.
    private func arrivals() -> [(user: Int, event: Event)] {
        let rows = (0..<userCount).flatMap { user in log.rows(ofUser: user).map { (user: user, row: $0) } }
        let amounts = log.numbers[Event.valueProperty]
        return rows.sorted { log.times[$0.row] < log.times[$1.row] }.map { user, row in
            let units = amounts?.units[row] ?? NumberColumn.missing
            return (
                user,
                Event(
                    user: log.users[user], name: log.eventNames[Int(log.events[row])],
                    time: Timestamp(milliseconds: log.times[row]),
                    properties: units == NumberColumn.missing ? [:] : [Event.valueProperty: Self.text(units)])
            )
        }
    }

    /// Returns cents as a decimal number.
    private static func text(_ cents: Int64) -> String {
        let rest = cents.magnitude % 100
        return (cents < 0 ? "-" : "") + "\(cents.magnitude / 100)." + (rest < 10 ? "0" : "") + "\(rest)"
    }
}
