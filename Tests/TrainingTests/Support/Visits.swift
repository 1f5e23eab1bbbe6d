import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import LimpetTraining

/// A log of users who visit daily with a probability of their own until they leave, with the settings to
/// learn from it whether a user will be back within four weeks.
struct Visits {
    let log: EventLog
    let features = FeatureSet(features: [
        Feature(kind: .count, events: EventPattern(names: ["visit"]), window: .days(14)),
        Feature(kind: .recency), Feature(kind: .sum, window: .days(28), property: "value"),
        Feature(kind: .lastCategory, property: "channel"),
        Feature(kind: .lastCategory, property: "code"),
    ])
    let label = Label(kind: .inactivity, events: .any, horizon: .days(28))
    let population = Population(activeWithin: .days(60))

    private static let start = Timestamp(milliseconds: 1_704_067_200_000)
    private static let days: Int64 = 240

    init(users: Int, seed: UInt64) {
        var uniforms = Uniforms(seed: seed)
        var builder = EventLogBuilder(numberColumns: ["value": 0], textColumns: ["channel", "code"])
        for user in 0..<users {
            let rate = 0.03 + 0.3 * uniforms.next()
            let hazard = 0.001 + 0.02 * uniforms.next()
            for day in 0..<Self.days {
                if uniforms.next() < hazard { break }
                guard uniforms.next() < rate else { continue }
                let event = Event(
                    user: "person-\(user)", name: "visit",
                    time: Self.start + .days(day) + TimeSpan(milliseconds: Int64(uniforms.next() * 8e7)),
                    properties: [
                        "value": "\(Int(uniforms.next() * 50))",
                        "channel": uniforms.next() < 0.5 ? "mail" : "search", "code": "voucher-\(user)",
                    ])
                try? builder.append(event)
            }
        }
        log = builder.finish()
    }

    var source: Model.Source { .log(features, population, label) }

    /// Snapshots every two weeks.
    func trainingData() async throws -> TrainingData {
        let plan = try FeaturePlan(features, population: population, label: label, zone: .utc)
        let times = stride(from: 28, to: Self.days - 28, by: 28).map { Self.start + .days(Int64($0)) }
        let table = try await SnapshotTable.extract(
            from: log, plan: plan, at: times, dataUntil: Self.start + .days(Self.days))
        return TrainingData(table, log: log, label: label)
    }
}
