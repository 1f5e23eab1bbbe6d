public import LimpetDocuments
public import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
package import LimpetParallel
public import LimpetScoring

/// The differences of a population from the one of training.
///
///     let rows = try await ModelPopulation.read(model, table: TableSource("today.csv"))
///     let report = try await DriftReport(model, rows)
///     print(report.worst?.name ?? "nothing moved", report.estimate?.auc ?? .nan)
public struct DriftReport: Sendable {
    /// The drift of one input or of the score.
    public struct Line: Sendable {
        /// The input's name, or `score`.
        public var name: String
        /// The population stability index, and what it says.
        public var stability: PopulationStability
        /// The bin that moved most, in words.
        public var movedMost: String
        /// The share of that bin in training and now.
        public var shares: (training: Double, now: Double)
        /// True when a term reads it; an input that no term reads moves no score.
        public var isUsed = true
        /// The effect of the length of the log: an input that grows with it calls for no attention, and of
        /// one that is missing less and less the values alone are compared.
        public var history = InputHistory.independent
        /// Texts that training did not have, the most frequent first, with their rows.
        public var unseen: [(name: String, rows: Int)] = []

        /// The bin that moved most, with its share in training and now.
        public var movement: String {
            "\(movedMost) \(Format.percent(shares.training)) → \(Format.percent(shares.now))"
        }
    }

    /// The hash of the model file.
    public let hash: String
    /// The number of rows of the population.
    public let rows: Int
    /// The rows that the model was trained on.
    public let training: TrainingSummary
    /// The drift of the score; nil without rows on either side.
    public let score: Line?
    /// The inputs, the one that moved most first.
    public let inputs: [Line]
    /// The metrics that the probabilities promise; nil without rows.
    public let estimate: EstimatedPerformance?
    /// The metrics on rows with labels; nil without any.
    public let realised: EvaluationReport?
    /// The values of a table's target; nil without labels, and for a log.
    public let target: TargetValues?
    /// The reason why the rows with labels do not serve to recalibrate; nil where they do, or there are none.
    public let recalibrationProblem: Recalibration.Problem?

    /// Measures how far a population has moved from that of training.
    ///
    /// - Parameters:
    ///   - verified: the model.
    ///   - population: the rows, read for the model.
    ///   - bootstrap: the resampling of users for intervals of realised metrics; nil for none.
    ///   - threads: the number of parts worked on at the same time; no result depends on it.
    ///   - observer: is told how far the drawing of users is.
    /// - Throws: `InputError` when a score is no finite number.
    public init(
        _ verified: ModelFile.Verified, _ population: ModelPopulation, bootstrap: Bootstrap? = nil,
        threads: Int = Processors.count, observer: any PipelineObserver = SilentObserver()
    ) async throws {
        try await self.init(
            verified, population, bootstrap: bootstrap, threads: threads, observer: observer,
            clock: StageClock())
    }

    /// Measures how far a population has moved from that of training.
    ///
    /// - Parameter clock: is told the stages.
    package init(
        _ verified: ModelFile.Verified, _ population: ModelPopulation, bootstrap: Bootstrap?, threads: Int,
        observer: any PipelineObserver, clock: StageClock
    ) async throws {
        clock.begin(.score)
        let scores = try population.scores(verified.scorer)
        clock.begin(.metrics)
        var counts = DriftCounts(verified.scorer.model)
        counts.add(
            numbers: population.numbers, keys: population.keys, scores: scores, weights: population.weights)
        var realised: EvaluationReport?
        var problem: Recalibration.Problem?
        if let outcomes = population.outcomes(scores) {
            let stage = observer.begin("drawing users")
            defer { stage.finish() }
            do throws(Recalibration.Problem) { _ = try Recalibration(outcomes) } catch { problem = error }
            realised = try await EvaluationReport.detailed(
                outcomes, bootstrap: bootstrap, threads: threads
            ) {
                clock.begin(.intervals)
                stage.update($0)
            }
            clock.begin(.metrics)
        }
        let model = verified.scorer.model
        hash = verified.hash
        rows = counts.rows
        training = model.training
        score = Self.line("score", model.training.logOdds, counts.logOdds)
        inputs = Self.inputs(model, counts, population)
        estimate = EstimatedPerformance(
            probabilities: scores.map(\.probability), weights: population.weights)
        (self.realised, recalibrationProblem, target) = (realised, problem, population.target)
    }

    /// Returns the lines of the inputs, the one that moved most first.
    private static func inputs(
        _ model: Model, _ counts: DriftCounts, _ population: ModelPopulation
    ) -> [Line] {
        let used = Set(model.terms.flatMap(\.inputs))
        return model.inputs.indices.compactMap { input in
            var line = line(
                model.inputs[input].name, model.training.inputs[input], counts.inputs[input],
                population.histories[input])
            line?.isUsed = used.contains(input)
            line?.unseen = counts.unseen[input].map { key, rows in
                (population.names.name(TextKey(stored: key)) ?? "?", rows)
            }.sorted { ($1.rows, $0.name) < ($0.rows, $1.name) }
            return line
        }.sorted { $0.stability.index > $1.stability.index }
    }

    private static func line(
        _ name: String, _ old: TrainingSummary.Distribution, _ new: TrainingSummary.Distribution,
        _ history: InputHistory = .independent
    ) -> Line? {
        var history = history
        var found =
            history == .values ? PopulationStability(training: old, today: new, countsMissing: false) : nil
        // Without a value on one side there is nothing but missing values to compare.
        if found == nil, history == .values { history = .grows }
        found = found ?? PopulationStability(training: old, today: new)
        guard let stability = found else { return nil }
        let place = stability.movedMost
        let shares = [old, new].map { counts in
            let rows = counts.counts.reduce(history == .values ? 0 : counts.missing, +)
            return (place < counts.counts.count ? counts.counts[place] : counts.missing) / rows
        }
        return Line(
            name: name, stability: stability, movedMost: bin(place, of: old),
            shares: (shares[0], shares[1]), history: history)
    }

    private static func bin(_ place: Int, of counts: TrainingSummary.Distribution) -> String {
        guard place < counts.counts.count else { return "missing" }
        guard counts.levels.isEmpty else {
            return place < counts.levels.count ? counts.levels[place] : "others"
        }
        guard let first = counts.edges.first, let last = counts.edges.last else { return "any number" }
        if place == 0 { return "under \(Format.short(first))" }
        if place == counts.edges.count { return "from \(Format.short(last))" }
        return "\(Format.short(counts.edges[place - 1])) to \(Format.short(counts.edges[place]))"
    }

    /// The inputs that terms read.
    public var usedInputs: [Line] { inputs.filter(\.isUsed) }

    /// The line that moved most beyond chance: the score, or an input that a term reads and that does not
    /// grow with the log by itself.
    public var worst: Line? {
        (usedInputs.filter { $0.history != .grows } + [score].compactMap { $0 })
            .filter { $0.stability.verdict != .chance }
            .max { $0.stability.index < $1.stability.index }
    }

    /// The report as JSON.
    public var document: JSON {
        .object([
            "model": .string(hash), "rows": .number(rows), "trainingRows": .number(training.rows),
            "score": score?.document ?? .null, "inputs": .array(inputs.map(\.document)),
            "estimated": estimate.map { estimate in
                .object([
                    "baseRate": .number(estimate.baseRate), "auc": estimate.auc.map { .number($0) } ?? .null,
                    "logLoss": .number(estimate.logLoss), "brier": .number(estimate.brier),
                ])
            },
            "realised": realised?.document ?? .null,
            "target": target?.document ?? .null,
            "recalibration": recalibrationProblem.map { .string("\($0)") } ?? .null,
        ])
    }
}

extension DriftReport.Line {
    fileprivate var document: JSON {
        .object([
            "name": .string(name), "used": .boolean(isUsed), "psi": .number(stability.index),
            "expected": .number(stability.expected),
            "chanceBound": .number(stability.bound), "verdict": .string(stability.verdict.rawValue),
            "missing": .number(stability.missing), "missingInTraining": .number(stability.trainingMissing),
            "movedMost": .string(movement), "history": .string(history.rawValue),
            "unseen": .array(
                unseen.map { .object(["value": .string($0.name), "rows": .number($0.rows)]) }),
        ])
    }
}
