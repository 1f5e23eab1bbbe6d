import LimpetPipelines
import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTraining

extension TrainingInput {
    /// Reads a log and extracts the snapshots that have a label.
    ///
    /// - Parameter clock: records how long reading and extracting take.
    static func log(
        events: EventOptions, labels: LabelOptions, snapshots: SnapshotOptions, features: FeatureOptions,
        treatment: TreatmentOptions? = nil, threads: Int, clock: inout Stopwatch
    ) async throws -> TrainingInput {
        let extracted = try await LogExtraction(
            events: events, labels: labels, snapshots: snapshots, features: features, threads: threads
        ).run(clock: &clock)
        let known = events.known(in: extracted.log)
        try labels.check(known)
        known.warn(features.systemEvents, flag: "--system-events")
        known.warn(extracted.plan.featureSet.features, in: try features.document())
        guard let label = extracted.plan.label else { throw ValidationError("there is no label") }
        var data = TrainingData(extracted.table, log: extracted.log, label: label)
        var summary: TreatmentSummary?
        if let treatment {
            known.warn(treatment.offerEvents, flag: "--offer-events")
            (data, summary) = try treatment.applied(to: data, log: extracted.log)
        }
        return TrainingInput(
            file: events.fileNames, data: data, ids: data.users.map { extracted.log.users[Int($0)] },
            source: .log(extracted.plan.featureSet, extracted.plan.population, label), log: extracted,
            treatment: summary)
    }
}
