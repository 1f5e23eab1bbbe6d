public import LimpetEvents
public import LimpetFeatures
import LimpetScoring

/// The definitions that training learns from inputs without labels: bin edges of numbers, and levels of
/// categories.
public struct LearntBins: Sendable {
    private let definitions: [BinDefinition]
    /// The names of the inputs.
    public let inputs: [String]

    /// Learns bins from a log's snapshots at the given times; no event after the last one is read.
    ///
    /// - Throws: `MissingColumnError` when the log lacks a property.
    public init(
        _ log: EventLog, plan: FeaturePlan, at snapshotTimes: [Timestamp], threads: Int = 1
    ) async throws {
        let instant = TimeSpan(milliseconds: 1)
        // The label is not used: one with the shortest horizon is known for each snapshot.
        let label = Label(kind: .event, events: .any, horizon: instant)
        let labelled = try FeaturePlan(
            plan.featureSet, population: plan.population, label: label, zone: plan.zone)
        let last = snapshotTimes.max() ?? Timestamp(milliseconds: 0)
        let table = try await SnapshotTable.extract(
            from: log, plan: labelled, at: snapshotTimes, dataUntil: last + instant, threads: threads)
        let data = TrainingData(table, log: log, label: label)
        definitions = BinnedData(data, maximumBins: BinDefinition.limit, threads: threads).definitions
        inputs = data.inputs.map(\.name)
    }

    /// Returns the names of the inputs whose bins differ.
    public func differences(from other: LearntBins) -> [String] {
        inputs.indices.filter { place in
            place >= other.definitions.count || definitions[place] != other.definitions[place]
        }.map { inputs[$0] }
    }
}
