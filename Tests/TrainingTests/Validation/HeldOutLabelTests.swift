import Foundation
import LimpetEvaluation
import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Pipelines whose rows of one fold get the other labels: the models that are judged on these rows, and all
/// that was chosen for them, have to stay the same to the bit. Where the models of folds serve all choices,
/// the rows have a part in models by which others choose; then the choice may change, and what it is
/// calibrated on, but no model of the same choice.
@Suite struct HeldOutLabelTests {
    /// A kind of training with its options, and the search for its settings if there is one.
    struct Pipeline: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var settings: TrainingSettings
        var space: SearchSpace?

        /// True where models that the rows have a part in choose for them, as ARCHITECTURE explains.
        var isCrossFitted: Bool {
            space != nil || (settings.kind != .logistic && settings.stumps.pairs.count != .exactly(0))
        }

        init(_ name: String, _ kind: Model.Kind, _ set: (inout TrainingSettings) -> Void = { _ in }) {
            testDescription = name
            settings = TrainingSettings(kind: kind)
            settings.threads = 2
            settings.stumps.maximumRounds = 60
            settings.stumps.minimumUsers = 5
            settings.minimumLevelUsers = 2
            settings.stumps.pairs.roundsPerPair = 20
            settings.logistic.penalties = [100, 10, 1]
            set(&settings)
        }
    }

    private static let pipelines: [Pipeline] =
        StumpSettings.Form.allCases.flatMap { stumps($0) } + logistic + blends + searches

    private static func stumps(_ form: StumpSettings.Form) -> [Pipeline] {
        func stumps(_ name: String, _ set: (inout TrainingSettings) -> Void = { _ in }) -> Pipeline {
            Pipeline("stumps, \(form), \(name)", .stumps) {
                $0.stumps.form = form
                set(&$0)
            }
        }
        return [
            stumps("rounds"),
            stumps("all rounds") { $0.stumps.stopsEarly = false },
            stumps("by AUC") { $0.chooseBy = .auc },
            stumps("isotonic, threshold, fewer negatives") {
                $0.calibration = .isotonic
                $0.choosesThreshold = true
                $0.zerosKept = 0.5
            },
            stumps("shares of inputs") { $0.stumps.inputShare = 0.5 },
            stumps("two repeats") { $0.repeats = 2 },
            // So many folds have more models than a vector has lanes.
            stumps("nine folds") { $0.folds = 9 },
            stumps("pairs") { $0.stumps.pairs.count = .exactly(2) },
            stumps("chosen pairs") { $0.stumps.pairs.count = .chosen(atMost: 2) },
            stumps("chosen pairs by AUC") {
                $0.stumps.pairs.count = .chosen(atMost: 2)
                $0.chooseBy = .auc
            },
            stumps("bags") { $0.stumps.bags = 3 },
            stumps("bags of pairs") {
                $0.stumps.bags = 3
                $0.stumps.pairs.count = .exactly(1)
            },
        ]
    }

    private static let logistic = [
        Pipeline("logistic, penalties", .logistic),
        Pipeline("logistic, penalties and none", .logistic) {
            $0.logistic.penalties = [10, 0]
            // Without a penalty, levels of few users separate the classes.
            $0.minimumLevelUsers = 20
        },
        Pipeline("logistic, penalties by AUC", .logistic) { $0.chooseBy = .auc },
        Pipeline("logistic, net", .logistic) { $0.logistic.elasticNet = ElasticNet(l1Ratio: 0.5) },
        Pipeline("logistic, splines, class weights", .logistic) {
            $0.logistic.splines = .init(.allNumbers, knots: 3)
            $0.logistic.classWeights = .init(zero: 1, one: 3)
        },
    ]

    private static let blends = [
        Pipeline("blend", .blend),
        Pipeline("blend of lanes", .blend) { $0.stumps.form = .gram },
        Pipeline("blend of lanes with pairs", .blend) {
            $0.stumps.form = .gram
            $0.stumps.pairs.count = .chosen(atMost: 2)
        },
        Pipeline("blend with bags", .blend) { $0.stumps.bags = 3 },
    ]

    private static let searches = [StumpSettings.Form.plain, .gram].map { form in
        var pipeline = Pipeline("search, \(form)", .stumps) { $0.stumps.form = form }
        var space = SearchSpace(kinds: Model.Kind.allCases)
        (space.learningRates, space.maximumBins, space.stepL2) = ([0.1, 0.3], [255], [1])
        (space.minimumUsers, space.l1Ratios) = ([5], [nil, 0.5])
        space.pairs = [.exactly(0), .exactly(1)]
        pipeline.space = space
        return pipeline
    }

    /// Users of two rows, one of each label, so that other labels make no other folds; the product of two
    /// inputs tells the labels too.
    private static func data(users: Int, isLate: (Int) -> Bool = { _ in false }) -> TrainingData {
        var uniforms = Uniforms(seed: 93)
        var columns = [[Double]](repeating: [], count: 6)
        var (codes, labels): ([Int32], [Bool]) = ([], [])
        var many: [Int32] = []
        for _ in 0..<users {
            let first = uniforms.next() < 0.5
            for label in [first, !first] {
                let shift = label ? 0.4 : -0.4
                let size = uniforms.normal()
                columns[0].append(size)
                columns[1].append(shift * (size < 0 ? -2 : 2) + uniforms.normal())
                columns[2].append(uniforms.next() < 0.1 ? .nan : uniforms.normal() + shift)
                columns[3].append((2 * uniforms.normal() - shift).rounded())
                columns[4].append(uniforms.normal())
                columns[5].append(uniforms.next() < 0.5 ? 1 : 0)
                codes.append(Int32(uniforms.next() * (label ? 4 : 3.5)))
                many.append(Int32(uniforms.next() * (label ? 40 : 36)))
                labels.append(label)
            }
        }
        let inputs = columns.enumerated().map { ("x\($0)", TrainingData.Column.numbers($1)) }
        let level = ("level", TrainingData.Column.levels(names: ["a", "b", "c", "d"], codes: codes))
        let names = (0..<40).map { "level\($0)" }
        return Samples.data(
            inputs + [level, ("many", .levels(names: names, codes: many))], labels: labels,
            users: labels.indices.map { Int32($0 / 2) },
            times: labels.indices.map { Timestamp(milliseconds: isLate($0 / 2) ? 86_400_000 : 0) },
            horizon: .days(1))
    }

    private func flipped(_ data: TrainingData, _ rows: Set<Int>) -> TrainingData {
        TrainingData(
            inputs: data.inputs, columns: data.columns, isSkewed: data.isSkewed,
            labels: data.labels.indices.map { rows.contains($0) != data.labels[$0] }, users: data.users,
            times: data.times, horizon: data.horizon)
    }

    private func estimate(_ pipeline: Pipeline, _ data: TrainingData) async throws -> Estimate {
        let result = try await ModelTrainer(
            pipeline.settings, search: pipeline.space.map { SettingSearch($0) }
        )
        .train(data, source: .table(target: "y", positive: "1"))
        return try #require(result.estimate)
    }

    /// Compares the predictions of the estimate's first model, and of all others, before and after its rows
    /// have got the other labels.
    private func check(_ pipeline: Pipeline, _ data: TrainingData, method: Estimate.Method) async throws {
        let before = try await estimate(pipeline, data)
        #expect(before.method == method)
        let judged = before.predictions.filter { $0.repetition == 0 && $0.fold == 0 }
        let others = before.predictions.filter { $0.repetition > 0 || $0.fold > 0 }
        let after = try await estimate(pipeline, flipped(data, Set(judged.map(\.row))))
        let again = after.predictions.filter { $0.repetition == 0 && $0.fold == 0 }
        let isSameChoice = after.pipelines.first?.chosen == before.pipelines.first?.chosen
        #expect(Set(judged.map(\.logOdds)).count > 20)
        if method == .outOfFold, pipeline.isCrossFitted {
            if isSameChoice { #expect(again.map(\.logOdds) == judged.map(\.logOdds)) }
        } else {
            #expect(again == judged)
            #expect(isSameChoice)
            #expect(after.pipelines.first?.threshold == before.pipelines.first?.threshold)
        }
        guard method == .outOfFold else { return }
        // The others have seen these labels.
        #expect(after.predictions.filter { $0.repetition > 0 || $0.fold > 0 } != others)
    }

    @Test("labels of a fold's rows have no part in the predictions for them", arguments: pipelines)
    func folds(_ pipeline: Pipeline) async throws {
        try await check(pipeline, Self.data(users: 240), method: .outOfFold)
    }

    @Test("nor with three folds, of which each runs by itself", arguments: pipelines)
    func threeFolds(_ pipeline: Pipeline) async throws {
        var pipeline = pipeline
        pipeline.settings.folds = 3
        try await check(pipeline, Self.data(users: 240), method: .outOfFold)
    }

    @Test("nor have labels of late rows in the predictions for them", arguments: pipelines)
    func forward(_ pipeline: Pipeline) async throws {
        try await check(pipeline, Self.data(users: 440) { $0 >= 220 }, method: .forwardInTime)
    }
}
