import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// A search that the estimate contains.
@Suite struct NestedSearchTests {
    private func settings(threads: Int = 1) -> TrainingSettings {
        var settings = TrainingSettings(kind: .stumps)
        settings.folds = 3
        settings.stumps.maximumRounds = 40
        settings.threads = threads
        return settings
    }

    private func space(_ kinds: [Model.Kind]) -> SearchSpace {
        var space = SearchSpace(kinds: kinds)
        space.learningRates = [0.1, 0.3]
        space.maximumBins = [255]
        space.minimumUsers = [20, 1]
        space.pairs = [.exactly(0)]
        space.stepL2 = [1]
        space.l1Ratios = [nil]
        return space
    }

    /// Searches and trains as the command does.
    private func searched(
        _ data: TrainingData, _ space: SearchSpace, trials: Int? = nil, settings: TrainingSettings
    ) async throws -> (search: SearchResult, training: ModelTrainer.Result) {
        let search = SettingSearch(space, maximumTrials: trials, budget: .seconds(86_400))
        let training = try await ModelTrainer(settings, search: search).train(
            data, source: .table(target: "y", positive: "1"))
        return (try #require(training.search), training)
    }

    @Test("what gives away each user's label teaches nothing of users that were held out")
    func leakByUser() async throws {
        var uniforms = Uniforms(seed: 61)
        let codes = (0..<300).map { _ in uniforms.next() }
        let labels = (0..<300).map { _ in uniforms.next() < 0.5 }
        let users = (0..<1_200).map { Int32($0 / 4) }
        let data = Samples.data(
            [("code", .numbers(users.map { codes[Int($0)] }))], labels: users.map { labels[Int($0)] },
            users: users)
        var settings = settings()
        settings.stumps.stopsEarly = false
        settings.stumps.maximumRounds = 300
        settings.stumps.learningRate = 0.5
        var space = space([.stumps])
        space.minimumUsers = [1, 2]
        let result = try await searched(data, space, settings: settings)
        let inSample = try #require(result.training.inSample.auc)
        let auc = try #require(result.training.estimate?.pooled.auc)
        #expect(auc < 0.58, "\(auc)")
        #expect(inSample > auc + 0.1, "the code does give the label away: \(inSample), \(auc)")
        #expect(result.training.estimate?.pipelines.count == 3)
        #expect(result.training.estimate?.pipelines.allSatisfy { $0.point != nil } == true)
    }

    @Test("labels of held-out rows change no prediction for them")
    func heldOutLabels() async throws {
        let rows = 2_400
        let sample = Samples.additive(rows: rows, seed: 62).data
        let times = (0..<rows).map { Timestamp(milliseconds: $0 < rows / 2 ? 0 : 86_400_000) }
        func predictions(flippingLate: Bool) async throws -> [Double] {
            let data = TrainingData(
                inputs: sample.inputs, columns: sample.columns, isSkewed: sample.isSkewed,
                labels: (0..<rows).map { (flippingLate && $0 >= rows / 2) != sample.labels[$0] },
                users: sample.users, times: times, horizon: .days(1))
            let estimate = try #require(
                try await searched(data, space([.stumps, .logistic]), settings: settings()).training.estimate)
            #expect(estimate.method == .forwardInTime && estimate.pipelines.count == 1)
            return estimate.predictions.map(\.probability)
        }
        #expect(try await predictions(flippingLate: false) == predictions(flippingLate: true))
    }

    @Test("a search of one trial is the training with its settings, to the bit")
    func oneTrial() async throws {
        let data = Samples.additive(rows: 600, seed: 63).data
        let (search, training) = try await searched(data, space([.stumps]), trials: 1, settings: settings())
        let plain = try await ModelTrainer(search.point.applied(to: settings())).train(
            data, source: .table(target: "y", positive: "1"))
        #expect(training.model.terms == plain.model.terms && !plain.model.terms.isEmpty)
        #expect(training.model.calibrator == plain.model.calibrator)
        #expect(training.chosen == plain.chosen)
    }

    @Test("threads change nothing")
    func threadsChangeNothing() async throws {
        let data = Samples.additive(rows: 600, seed: 64).data
        func run(threads: Int) async throws -> (JSON, JSON?) {
            let (search, training) = try await searched(
                data, space([.stumps, .logistic]), trials: 4, settings: settings(threads: threads))
            let pipelines = try #require(training.estimate?.pipelines)
            let document = search.document(seconds: false, pipelines: pipelines)
            #expect(document["estimateContainsSearch"] == .boolean(true))
            #expect(document["pipelines"]?.array?.count == 3)
            return (document, training.estimate?.document)
        }
        let (one, two) = try await (run(threads: 1), run(threads: 2))
        #expect(one.0 == two.0 && one.1 == two.1)
    }

    @Test("all searches of a training share its time, and the estimate's make the trials of the first")
    func budget() async throws {
        let rows = 1_200
        let sample = Samples.additive(rows: rows, seed: 65).data
        let times = (0..<rows).map { Timestamp(milliseconds: $0 < rows / 2 ? 0 : 86_400_000) }
        let data = TrainingData(
            inputs: sample.inputs, columns: sample.columns, isSkewed: sample.isSkewed, labels: sample.labels,
            users: sample.users, times: times, horizon: .days(1))
        let search = SettingSearch(space([.stumps]), budget: .nanoseconds(1))
        let training = try await ModelTrainer(settings(), search: search).train(
            data, source: .table(target: "y", positive: "1"))
        let result = try #require(training.search)
        #expect(result.trials.count == 1 && result.end == .time)
        #expect(training.estimate?.method == .forwardInTime)
        #expect(training.estimate?.pipelines.first?.point == result.point)
        #expect(ModelTrainer(settings()).estimatePipelines(sample) == 3)
        var none = settings()
        none.folds = 0
        #expect(ModelTrainer(none).estimatePipelines(data) == 0)
    }
}
