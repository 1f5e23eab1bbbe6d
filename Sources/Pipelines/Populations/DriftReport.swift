package import LimpetDocuments
package import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
package import LimpetScoring

/// The differences of a population from the one of training.
package struct DriftReport {
    /// The drift of one input or of the score.
    package struct Line {
        /// The input's name, or `score`.
        package var name: String
        /// The population stability index, and what it says.
        package var stability: PopulationStability
        /// The bin that moved most, in words.
        package var movedMost: String
        /// The share of that bin in training and now.
        package var shares: (training: Double, now: Double)
        /// True when a term reads it; an input that no term reads moves no score.
        package var isUsed = true
        /// Texts that training did not have, the most frequent first, with their rows.
        package var unseen: [(name: String, rows: Int)] = []

        /// The bin that moved most, with its share in training and now.
        package var movement: String {
            "\(movedMost) \(Format.percent(shares.training)) → \(Format.percent(shares.now))"
        }
    }

    /// The hash of the model file.
    package let hash: String
    /// The number of rows of the population.
    package let rows: Int
    /// The rows that the model was trained on.
    package let training: TrainingSummary
    /// The drift of the score; nil without rows on either side.
    package let score: Line?
    /// The inputs, the one that moved most first.
    package let inputs: [Line]
    /// The metrics that the probabilities promise; nil without rows.
    package let estimate: EstimatedPerformance?
    /// The metrics on rows with labels; nil without any.
    package let realised: EvaluationReport?

    /// Measures how far a population has moved from that of training.
    ///
    /// - Parameters:
    ///   - population: the rows, read for the model.
    ///   - bootstrap: the resampling of users for intervals of realised metrics; nil for none.
    ///   - observer: is told how far the drawing of users is.
    /// - Throws: `InputError` when a score is no finite number.
    package init(
        _ verified: ModelFile.Verified, _ population: ModelPopulation, bootstrap: Bootstrap?, threads: Int,
        observer: any PipelineObserver
    ) async throws {
        let scores = try population.scores(verified.scorer)
        var counts = DriftCounts(verified.scorer.model)
        counts.add(numbers: population.numbers, keys: population.keys, scores: scores)
        var realised: EvaluationReport?
        if let outcomes = population.outcomes(scores) {
            let stage = observer.begin("drawing users")
            defer { stage.finish() }
            realised = try await EvaluationReport.detailed(
                outcomes, bootstrap: bootstrap, threads: threads
            ) { stage.update($0) }
        }
        self.init(verified, counts: counts, scores: scores, realised: realised, names: population.names)
    }

    private init(
        _ verified: ModelFile.Verified, counts: DriftCounts, scores: [Scorer.Score],
        realised: EvaluationReport?, names: CategoryNames
    ) {
        let model = verified.scorer.model
        hash = verified.hash
        rows = counts.rows
        training = model.training
        score = Self.line("score", model.training.logOdds, counts.logOdds)
        let used = Set(model.terms.flatMap(\.inputs))
        inputs = model.inputs.indices.compactMap { input in
            var line = Self.line(
                model.inputs[input].name, model.training.inputs[input], counts.inputs[input])
            line?.isUsed = used.contains(input)
            line?.unseen = counts.unseen[input].map { key, rows in
                (names.name(TextKey(stored: key)) ?? "?", rows)
            }.sorted { ($1.rows, $0.name) < ($0.rows, $1.name) }
            return line
        }.sorted { $0.stability.index > $1.stability.index }
        estimate = EstimatedPerformance(probabilities: scores.map(\.probability))
        self.realised = realised
    }

    private static func line(
        _ name: String, _ old: TrainingSummary.Distribution, _ new: TrainingSummary.Distribution
    ) -> Line? {
        guard let stability = PopulationStability(training: old, today: new) else { return nil }
        let place = stability.movedMost
        let shares = [old, new].map { counts in
            let rows = Double(counts.counts.reduce(0, +) + counts.missing)
            return Double(place < counts.counts.count ? counts.counts[place] : counts.missing) / rows
        }
        return Line(
            name: name, stability: stability, movedMost: bin(place, of: old),
            shares: (shares[0], shares[1]))
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
    package var usedInputs: [Line] { inputs.filter(\.isUsed) }

    /// The line that moved most beyond chance: the score, or an input that a term reads.
    package var worst: Line? {
        (usedInputs + [score].compactMap { $0 }).filter { $0.stability.verdict != .chance }
            .max { $0.stability.index < $1.stability.index }
    }

    /// The report as JSON.
    package var document: JSON {
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
            "movedMost": .string(movement),
            "unseen": .array(
                unseen.map { .object(["value": .string($0.name), "rows": .number($0.rows)]) }),
        ])
    }
}
