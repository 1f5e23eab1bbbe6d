import LimpetDocuments
import Foundation
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Synchronization
import Testing

@Suite struct ModelTrainerTests {
    let table = Model.Source.table(target: "left", positive: "yes")

    func settings(
        _ kind: Model.Kind, folds: Int = 3, repeats: Int = 1, rounds: Int = 400, threads: Int = 1
    ) -> TrainingSettings {
        var settings = TrainingSettings(kind: kind)
        settings.folds = folds
        settings.repeats = repeats
        settings.stumps.maximumRounds = rounds
        settings.threads = threads
        return settings
    }

    func train(_ data: TrainingData, _ settings: TrainingSettings) async throws -> ModelTrainer.Result {
        try await ModelTrainer(settings).train(data, source: table)
    }

    /// The log-odds of a model's rows, by the scorer that everybody uses.
    func scores(_ model: Model, _ data: TrainingData) -> [Scorer.Score] {
        let numbers = data.columns.map { column -> [Double] in
            if case .numbers(let numbers) = column { numbers } else { [] }
        }
        let keys = data.columns.map { column -> [UInt64] in
            guard case .levels(let names, let codes) = column else { return [] }
            return codes.map { code in
                if code < 0 { return TextKey.missing.rawValue }
                return TextKey(Int(code) < names.count ? names[Int(code)] : "no name").rawValue
            }
        }
        return Scorer(model).scores(numbers: numbers, keys: keys, rowCount: data.count)
    }

    // MARK: - A known truth

    @Test(
        "held-out rows are ranked almost as well as by the truth",
        arguments: [(Model.Kind.stumps, false), (.stumps, true), (.logistic, true), (.blend, true)])
    func heldOutRowsAreRankedAlmostAsWellAsByTheTruth(kind: Model.Kind, isLinear: Bool) async throws {
        let sample = Samples.additive(rows: 6_000, seed: 11, isLinear: isLinear)
        let result = try await train(sample.data, settings(kind))
        let best = try #require(Ranking.auc(scores: sample.truth, labels: sample.data.labels))
        let estimate = try #require(result.estimate)
        let auc = try #require(estimate.pooled.auc)
        #expect(best > 0.75)
        #expect(auc > best - 0.015, "\(auc) against \(best)")
        #expect(auc < best + 0.01)
        let slope = try #require(estimate.pooled.calibrationSlope)
        let ratio = try #require(estimate.pooled.observedToExpected)
        #expect(abs(slope - 1) < 0.1)
        #expect(abs(ratio - 1) < 0.02)
        // New rows, which nothing has seen.
        let fresh = Samples.additive(rows: 6_000, seed: 12, isLinear: isLinear)
        let logOdds = scores(result.model, fresh.data).map(\.logOdds)
        let freshBest = try #require(Ranking.auc(scores: fresh.truth, labels: fresh.data.labels))
        let freshAUC = try #require(Ranking.auc(scores: logOdds, labels: fresh.data.labels))
        #expect(freshAUC > freshBest - 0.015)
        let error = zip(logOdds, fresh.truth).reduce(0.0) { $0 + pow($1.0 - $1.1, 2) } / 6_000
        #expect(error.squareRoot() < 0.35)
    }

    @Test("a blend is the mean of both in log-odds")
    func aBlendIsTheMeanOfBothInLogOdds() async throws {
        let data = Samples.additive(rows: 1_200, seed: 26).data
        func trained(_ kind: Model.Kind) async throws -> ModelTrainer.Result {
            var settings = settings(kind, rounds: 40)
            settings.stumps.stopsEarly = false
            settings.logistic.penalty = 1
            settings.calibration = .none
            return try await train(data, settings)
        }
        let (logistic, stumps, blend) = try await (
            trained(.logistic), trained(.stumps), trained(.blend)
        )
        #expect(blend.chosen == .object(["l2": .number(1.0), "rounds": .number(40)]))
        let parts = [logistic, stumps].map { scores($0.model, data).map(\.logOdds) }
        for (row, score) in scores(blend.model, data).enumerated() {
            #expect(abs(score.logOdds - (parts[0][row] + parts[1][row]) / 2) < 1e-9)
        }
        let heldOut = try [logistic, stumps, blend].map { try #require($0.estimate?.predictions) }
        for (row, prediction) in heldOut[2].enumerated() {
            #expect(abs(prediction.logOdds - (heldOut[0][row].logOdds + heldOut[1][row].logOdds) / 2) < 1e-9)
        }
        #expect(blend.model.format == 2 && stumps.model.format == 1)
    }

    @Test("a logistic regression finds the coefficients")
    func aLogisticRegressionFindsTheCoefficients() async throws {
        let sample = Samples.additive(rows: 20_000, seed: 13, isLinear: true)
        var settings = settings(.logistic)
        settings.logistic.penalty = 0
        let result = try await train(sample.data, settings)
        #expect(result.chosen == .object(["l2": .number(0.0)]))
        let lines = result.model.terms.compactMap { term -> Term.Line? in
            if case .line(let line) = term.shape { line } else { nil }
        }
        #expect(lines.map(\.transform) == [.identity, .identity, .identity])
        for (line, truth) in zip(lines, [0.9, 0.5, 0]) {
            let error = try #require(line.standardError)
            #expect(error > 0 && error < 0.1)
            #expect(abs(line.coefficient - truth) < 4 * error)
        }
        guard case .levels(let levels)? = result.model.terms.last?.shape else {
            Issue.record("the last term is of levels")
            return
        }
        #expect(levels.names == ["east", "north", "south", "west"])
        for (value, truth) in zip(levels.values, [0, 0.8, -0.8, 0.3]) {
            #expect(abs(value - levels.values[0] - truth) < 0.2)
        }
    }

    @Test("the model is centred and says what it was trained on", arguments: Model.Kind.allCases)
    func theModelIsCentredAndSaysWhatItWasTrainedOn(kind: Model.Kind) async throws {
        let data = Samples.additive(rows: 2_000, seed: 14).data
        let result = try await train(data, settings(kind))
        let model = result.model
        let logOdds = scores(model, data).map(\.logOdds)
        #expect(abs(logOdds.reduce(0.0, +) / 2_000 - model.intercept) < 1e-9)
        #expect(model.training.rows == 2_000)
        #expect(model.training.users == 2_000)
        #expect(model.training.positives == data.labels.count { $0 })
        #expect(model.training.inputs.count == 4)
        for distribution in model.training.inputs + [model.training.logOdds] {
            #expect(distribution.counts.reduce(0, +) + distribution.missing == 2_000)
        }
        #expect(result.inSample.auc == Ranking.auc(scores: logOdds, labels: data.labels))
        #expect(model.evaluation == result.estimate?.document)
    }

    // MARK: - The same bytes

    @Test("threads and repetitions change no byte", arguments: Model.Kind.allCases)
    func threadsAndRepetitionsChangeNoByte(kind: Model.Kind) async throws {
        let data = Samples.additive(rows: 1_500, seed: 15).data
        var files: [[UInt8]] = []
        var estimates: [[Estimate.Prediction]] = []
        for threads in [1, 2, 1, 3] {
            let result = try await train(data, settings(kind, repeats: 2, rounds: 60, threads: threads))
            files.append(ModelFile.encode(result.model).bytes)
            estimates.append(result.estimate?.predictions ?? [])
        }
        #expect(files.dropFirst().allSatisfy { $0 == files[0] })
        #expect(estimates.dropFirst().allSatisfy { $0 == estimates[0] })
    }

    @Test("the seed changes the folds only")
    func theSeedChangesTheFoldsOnly() async throws {
        let data = Samples.additive(rows: 1_500, seed: 16).data
        var settings = settings(.logistic)
        settings.logistic.penalty = 1
        settings.calibration = .none
        let first = try await train(data, settings)
        settings.seed = 2
        let second = try await train(data, settings)
        #expect(first.model.terms == second.model.terms)
        #expect(first.estimate?.predictions != second.estimate?.predictions)
    }

    // MARK: - Golden inputs

    @Test("golden rows are repeated by a loader", arguments: Model.Kind.allCases)
    func goldenRowsAreRepeatedByALoader(kind: Model.Kind) async throws {
        let data = Samples.additive(rows: 1_500, seed: 17).data
        let result = try await train(data, settings(kind, rounds: 60))
        let model = try result.model.withGoldenInputs(zone: .utc)
        #expect(model.golden.rows.count >= 10)
        #expect(Set(model.golden.rows.map(\.logOdds)).count > 5)
        let (bytes, hash) = ModelFile.encode(model)
        let verified = try ModelFile.decode(bytes)
        #expect(verified.hash == hash)
        #expect(verified.scorer.model.terms == model.terms)
        #expect(scores(verified.scorer.model, data) == scores(model, data))
        var changed = model
        changed.golden.rows[3].logOdds = changed.golden.rows[3].logOdds.nextUp
        #expect(throws: ModelFileError.self) { try ModelFile.decode(ModelFile.encode(changed).bytes) }
    }

    @Test(
        "a model of a log is estimated forward and repeats golden histories", arguments: Model.Kind.allCases)
    func aModelOfALogIsEstimatedForwardAndRepeatsGoldenHistories(kind: Model.Kind) async throws {
        let log = Visits(users: 2_000, seed: 18)
        let data = try await log.trainingData()
        let trainer = ModelTrainer(settings(kind, rounds: 150))
        let result = try await trainer.train(data, source: log.source)
        let estimate = try #require(result.estimate)
        #expect(estimate.method == .forwardInTime)
        #expect(estimate.folds.count == 1)
        let times = try #require(data.times)
        let late = Set(times).sorted().suffix(2)
        #expect(Set(estimate.predictions.map { times[$0.row] }) == Set(late))
        #expect(try #require(estimate.pooled.auc) > 0.7)
        #expect(result.model.training.snapshots?.upperBound == times.max())
        let model = try result.model.withGoldenInputs(zone: .utc)
        #expect(!model.golden.histories.isEmpty)
        #expect(Set(model.golden.histories.map(\.logOdds)).count > 1)
        #expect(try ModelFile.decode(ModelFile.encode(model).bytes).scorer.model == model)
        // Nothing of any person stands in the file.
        let text = String(decoding: ModelFile.encode(model).bytes, as: UTF8.self)
        #expect(!text.contains("person-"))
        #expect(!text.contains("voucher-"))
    }

    @Test("levels of few users are not in the file")
    func levelsOfFewUsersAreNotInTheFile() async throws {
        let rows = 400
        let names = ["often", "secret-nineteen", "just-twenty", "secret-one-with-many-rows"]
        let codes = (0..<rows).map { $0 < 19 ? Int32(1) : $0 < 39 ? 2 : $0 < 99 ? 3 : $0 < 120 ? -1 : 0 }
        let users = (0..<rows).map { codes[$0] == 3 ? Int32(39) : Int32($0) }
        let labels = (0..<rows).map { ($0 * 7) % 5 < 2 || codes[$0] == 2 }
        let data = Samples.data(
            [("plan", .levels(names: names, codes: codes))], labels: labels, users: users)
        for kind in Model.Kind.allCases {
            let model = try await train(data, settings(kind, rounds: 30)).model.withGoldenInputs(zone: .utc)
            let text = String(decoding: ModelFile.encode(model).bytes, as: UTF8.self)
            #expect(text.contains("just-twenty"))
            #expect(!text.contains("secret"))
            #expect(model.training.inputs[0].levels == ["just-twenty", "often"])
        }
    }

    // MARK: - On the way

    @Test("progress runs through its stages")
    func progressRunsThroughItsStages() async throws {
        let seen = Mutex<[(stage: ModelTrainer.Stage, share: Double)]>([])
        let data = Samples.additive(rows: 600, seed: 24).data
        _ = try await ModelTrainer(settings(.stumps, rounds: 60)).train(data, source: table) { stage, share in
            seen.withLock { $0.append((stage, share)) }
        }
        let steps = seen.withLock { $0 }
        for stage in [ModelTrainer.Stage.estimate, .choose, .fit] {
            let shares = steps.filter { $0.stage == stage }.map(\.share)
            #expect(shares == shares.sorted())
            #expect(shares.last == 1)
        }
    }

    @Test("a cancelled training ends")
    func aCancelledTrainingEnds() async throws {
        let data = Samples.additive(rows: 3_000, seed: 25).data
        var settings = settings(.stumps, rounds: 2_000)
        settings.stumps.stopsEarly = false
        let trainer = ModelTrainer(settings)
        let source = table
        let task = Task { try await trainer.train(data, source: source) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
