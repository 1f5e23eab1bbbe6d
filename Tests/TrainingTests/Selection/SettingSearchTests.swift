import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct SettingSearchTests {
    private func settings(threads: Int = 1) -> TrainingSettings {
        var settings = TrainingSettings(kind: .stumps)
        settings.folds = 3
        settings.stumps.maximumRounds = 150
        settings.threads = threads
        return settings
    }

    private func small(_ kinds: [Model.Kind]) -> SearchSpace {
        var space = SearchSpace(kinds: kinds)
        space.learningRates = [0.1, 0.3]
        space.maximumBins = [255, 15]
        space.minimumUsers = [20]
        space.pairs = [.exactly(0)]
        space.stepL2 = [1]
        space.l1Ratios = [nil, 1]
        return space
    }

    // MARK: - The list

    @Test("kinds without and with pairs come first, then few changes, and kinds take turns")
    func fewChangesComeFirstAndKindsTakeTurns() {
        let points = SearchSpace(kinds: [.stumps, .logistic]).points()
        #expect(points.count == 3 * 2 * 2 * 2 * 2 + 4)
        #expect(Set(points).count == points.count)
        let kinds: [Model.Kind] = [.stumps, .logistic, .stumps]
        #expect(
            points.prefix(9).map(\.kind) == kinds + (0..<3).flatMap { _ in [Model.Kind.stumps, .logistic] })
        #expect(points[2].pairs == .chosen(atMost: 100) && points[0].pairs == .exactly(0))
        func changes(_ point: SearchPoint) -> Int {
            [
                point.learningRate != 0.1, point.maximumBins != 255, point.minimumUsers != 20,
                point.pairs != .exactly(0), point.stepL2 != 10,
            ].count { $0 }
        }
        let counts = points.filter { $0.kind == .stumps }.map(changes)
        #expect(counts == counts.sorted() && counts[0] == 0 && counts[counts.count - 1] == 5)
    }

    @Test("a point changes what it names")
    func aPointChangesWhatItNames() {
        var point = SearchPoint(kind: .logistic)
        point.learningRate = 0.3
        point.minimumUsers = 100
        point.l1Ratio = 0.5
        let applied = point.applied(to: settings())
        #expect(applied.kind == .logistic && applied.stumps.learningRate == 0.3)
        #expect(applied.stumps.minimumUsers == 100 && applied.logistic.elasticNet?.l1Ratio == 0.5)
        #expect(applied.stumps.maximumBins == settings().stumps.maximumBins)
        #expect(applied.folds == 3)
    }

    @Test("simpler models have less freedom")
    func simplerModelsHaveLessFreedom() {
        let plain = SearchPoint(kind: .stumps)
        var paired = plain
        paired.pairs = .chosen(atMost: 30)
        var coarse = plain
        (coarse.maximumBins, paired.maximumBins) = (63, 63)
        var fine = plain
        fine.maximumBins = 255
        let order = [SearchPoint(kind: .logistic), coarse, fine, paired, SearchPoint(kind: .blend)]
        for (first, second) in zip(order, order.dropFirst()) {
            #expect(first.complexity.lexicographicallyPrecedes(second.complexity))
        }
        var fast = fine
        fast.learningRate = 0.3
        #expect(fast.complexity == fine.complexity)
    }

    // MARK: - Trials

    @Test("a trial's value is the loss of a training's own held-out predictions")
    func trialValue() async throws {
        let data = Samples.additive(rows: 1_500, seed: 31).data
        var fixed = settings()
        fixed.stumps.stopsEarly = false
        fixed.calibration = .none
        let search = SettingSearch(small([.stumps]))
        let result = try await search.run(data, settings: fixed)
        #expect(result.trials.count == 4 && result.planned == 4)
        for trial in result.trials {
            let training = try await ModelTrainer(trial.point.applied(to: fixed)).train(
                data, source: .table(target: "y", positive: "1"))
            let pooled = try #require(training.estimate?.pooled.logLoss)
            let value = try #require(trial.value)
            #expect(abs(value - pooled) < 1e-3, "\(value) against \(pooled)")
            let folds = trial.foldValues.compactMap { $0 }
            #expect(folds.count == 3)
            #expect(abs(folds.reduce(0, +) / 3 - value) < 1e-3)
        }
    }

    @Test("a trial of bags has the loss of bags of the rows outside each fold")
    func bags() async throws {
        let data = Samples.additive(rows: 500, seed: 33).data
        var fixed = settings(threads: 2)
        fixed.calibration = .none
        var space = small([.stumps, .blend])
        (space.learningRates, space.maximumBins, space.bags) = ([0.1], [255], [1, 4])
        let result = try await SettingSearch(space).run(data, settings: fixed)
        #expect(result.trials.map(\.point.bags) == [1, 1, 4, 4])
        for trial in result.trials {
            let training = try await ModelTrainer(trial.point.applied(to: fixed)).train(
                data, source: .table(target: "y", positive: "1"))
            let pooled = try #require(training.estimate?.pooled.logLoss)
            // The training's own folds choose their rounds on fewer rows.
            #expect(abs(try #require(trial.value) - pooled) < 0.01, "\(trial.point): \(pooled)")
        }
        // Of few rows, the mean of several fits has the lower loss.
        let (one, several) = (try #require(result.trials[0].value), try #require(result.trials[2].value))
        #expect(several != one)
    }

    @Test("a curved truth is given to stumps and a line to logistic regression")
    func aCurvedTruthIsGivenToStumpsAndALineToLogisticRegression() async throws {
        for (isLinear, kind) in [(false, Model.Kind.stumps), (true, .logistic)] {
            let data = Samples.additive(rows: 3_000, seed: 32, isLinear: isLinear).data
            let result = try await SettingSearch(small([.stumps, .logistic])).run(data, settings: settings())
            #expect(result.point.kind == kind)
            let best = result.trials[result.best]
            for trial in result.trials {
                let (value, least) = (try #require(trial.value), try #require(best.value))
                #expect(value >= least)
            }
        }
    }

    @Test("a higher metric is better where it is")
    func aHigherMetricIsBetterWhereItIs() async throws {
        let data = Samples.additive(rows: 1_500, seed: 33).data
        let result = try await SettingSearch(small([.stumps, .logistic]), metric: .auc).run(
            data, settings: settings())
        let values = result.trials.compactMap(\.value)
        #expect(result.trials[result.best].value == values.max())
        let optimism = try #require(result.optimism)
        #expect(optimism >= 0 && optimism < 0.05)
    }

    @Test("the trial taken is within one standard error of the best, and none as near is simpler")
    func oneStandardError() async throws {
        let data = Samples.additive(rows: 900, seed: 34, isLinear: true).data
        let result = try await SettingSearch(small([.stumps, .blend, .logistic])).run(
            data, settings: settings())
        let best = try #require(result.trials[result.best].value)
        func isNear(_ place: Int) -> Bool {
            guard place != result.best else { return true }
            let trial = result.trials[place]
            guard let value = trial.value, let error = trial.standardError else { return false }
            return abs(value - best) <= min(error, 0.001)
        }
        #expect(isNear(result.chosen))
        let chosen = result.trials[result.chosen].point
        for place in result.trials.indices where isNear(place) {
            #expect(!result.trials[place].point.complexity.lexicographicallyPrecedes(chosen.complexity))
        }
        #expect(
            result.trials.indices.allSatisfy {
                (result.trials[$0].standardError == nil) == ($0 == result.best)
            })
    }

    // MARK: - The same trials

    @Test("threads change nothing and trials only cut the list")
    func threadsChangeNothingAndTrialsOnlyCutTheList() async throws {
        let data = Samples.additive(rows: 900, seed: 35).data
        func run(_ trials: Int?, threads: Int) async throws -> SearchResult {
            try await SettingSearch(small([.stumps, .logistic]), maximumTrials: trials).run(
                data, settings: settings(threads: threads))
        }
        let (one, two, cut) = try await (run(nil, threads: 1), run(nil, threads: 2), run(3, threads: 1))
        #expect(one.document(seconds: false) == two.document(seconds: false))
        #expect(cut.trials.count == 3 && cut.planned == one.trials.count)
        for (first, second) in zip(cut.trials, one.trials) {
            #expect(first.point == second.point && first.value == second.value)
        }
    }

    @Test("a budget that is spent leaves the first trial")
    func aBudgetThatIsSpentLeavesTheFirstTrial() async throws {
        let data = Samples.additive(rows: 600, seed: 36).data
        let result = try await SettingSearch(small([.stumps]), budget: .nanoseconds(1)).run(
            data, settings: settings())
        #expect(result.trials.count == 1 && result.planned == 4)
        #expect(result.point.learningRate == 0.1)
    }

    @Test("one class is refused")
    func oneClassIsRefused() async {
        let data = Samples.data([("x", .numbers([1, 2, 3]))], labels: [true, true, true])
        await #expect(throws: TrainingError.oneClass(label: true, rows: 3)) {
            try await SettingSearch(small([.stumps])).run(data, settings: settings())
        }
    }

    @Test("where rows are many, pairs are chosen on some of the folds, and trials compared on their rows")
    func manyRows() async throws {
        var uniforms = Uniforms(seed: 5)
        let columns = (0..<3).map { _ in (0..<30_000).map { _ in uniforms.normal() } }
        let labels = columns[0].indices.map { row in
            uniforms.next() < ((columns[0][row] > 0) != (columns[1][row] > 0) ? 0.7 : 0.3)
        }
        let data = Samples.data(columns.enumerated().map { ("x\($0)", .numbers($1)) }, labels: labels)
        var settings = settings(threads: 2)
        (settings.folds, settings.stumps.maximumRounds) = (5, 20)
        settings.stumps.pairs.roundsPerPair = 20
        var space = small([.stumps])
        (space.learningRates, space.maximumBins) = ([0.1], [31])
        space.pairs = [.exactly(0), .exactly(1)]
        let result = try await SettingSearch(space).run(data, settings: settings)
        #expect(result.trials.count == 2 && result.point.pairs == .exactly(1))
        #expect(result.trials[0].standardError != nil)
        // Two of five folds hold out 12,000 rows.
        #expect(result.trials[0].foldValues.count { $0 != nil } == 2)
    }
}
