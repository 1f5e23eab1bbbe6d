public import LimpetEvents
public import LimpetFeatures
import LimpetScoring

/// What training learns of the inputs before it looks at labels: bin edges of numbers, and levels of categories.
public struct LearntBins: Sendable {
    private let definitions: [BinDefinition]
    /// The inputs' names.
    public let inputs: [String]

    /// Learns them from a log's snapshots at some moments, the last of which nothing may look behind.
    ///
    /// - Throws: `MissingColumnError` when the log lacks a property.
    public init(
        _ log: EventLog, plan: FeaturePlan, at moments: [Timestamp], threads: Int = 1
    ) async throws {
        let instant = TimeSpan(milliseconds: 1)
        // Any label will do: the shortest is known for each snapshot.
        let label = Label(kind: .event, events: .any, horizon: instant)
        let labelled = try FeaturePlan(
            plan.featureSet, population: plan.population, label: label, zone: plan.zone)
        let last = moments.max() ?? Timestamp(milliseconds: 0)
        let table = try await SnapshotTable.extract(
            from: log, plan: labelled, at: moments, dataUntil: last + instant, threads: threads)
        let data = TrainingData(table, log: log, label: label)
        definitions = BinnedData(data, maximumBins: BinDefinition.limit, threads: threads).definitions
        inputs = data.inputs.map(\.name)
    }

    /// The inputs whose bins are not the same, by name.
    public func differences(from other: LearntBins) -> [String] {
        inputs.indices.filter { place in
            place >= other.definitions.count || definitions[place] != other.definitions[place]
        }.map { inputs[$0] }
    }
}
