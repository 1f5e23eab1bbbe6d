import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Weight 0 is absence, and weight 2 is two rows of one user.
@Suite struct WeightsAreRowsTests {
    private static let kinds: [(name: String, TrainingSettings)] = {
        func settings(_ kind: Model.Kind, _ change: (inout TrainingSettings) -> Void) -> TrainingSettings {
            var settings = TrainingSettings(kind: kind)
            settings.folds = 0
            settings.stumps.form = .plain
            settings.stumps.maximumRounds = 60
            settings.stumps.stopsEarly = false
            settings.minimumLevelUsers = 5
            change(&settings)
            return settings
        }
        return [
            ("stumps", settings(.stumps) { _ in }),
            ("few bins", settings(.stumps) { $0.stumps.maximumBins = 7 }),
            ("isotonic", settings(.stumps) { $0.calibration = .isotonic }),
            ("one pair", settings(.stumps) { $0.stumps.pairs.count = .exactly(1) }),
            ("pairs", settings(.stumps) { $0.stumps.pairs.count = .exactly(3) }),
            ("ridge", settings(.logistic) { $0.logistic.penalty = 3 }),
            ("no penalty", settings(.logistic) { $0.logistic.penalty = 0 }),
            (
                "splines",
                settings(.logistic) {
                    $0.logistic.penalty = 1
                    $0.logistic.splines.knots = 4
                }
            ),
            ("blend", settings(.blend) { $0.logistic.penalty = 3 }),
        ]
    }()

    /// Rows of numbers with many and with few values, and of levels, of which two rows share a user.
    private func weighted(rows: Int, factor: Double = 1) -> TrainingData {
        let sample = Samples.additive(rows: rows, seed: 17).data
        var uniforms = Uniforms(seed: 4)
        var columns = Array(zip(sample.inputs.map(\.name), sample.columns))
        columns.append(("few", .numbers(sample.labels.map { _ in (uniforms.next() * 9).rounded() })))
        let data = Samples.data(
            columns.map { (name: $0.0, column: $0.1) }, labels: sample.labels,
            users: sample.labels.indices.map { Int32($0 / 2) })
        let weights = sample.labels.map { _ in (uniforms.next() * 4).rounded(.down) * factor }
        return TrainingData(
            inputs: data.inputs, columns: data.columns, isSkewed: data.isSkewed, labels: data.labels,
            users: data.users, weights: weights)
    }

    /// Each row as often as its weight says, without weights.
    private func repeated(_ data: TrainingData) -> TrainingData {
        let rows = (data.weights ?? []).enumerated().flatMap { [Int](repeating: $0, count: Int($1)) }
        let copies = data.selecting(rows)
        return TrainingData(
            inputs: copies.inputs, columns: copies.columns, isSkewed: copies.isSkewed, labels: copies.labels,
            users: copies.users)
    }

    private func train(_ data: TrainingData, _ settings: TrainingSettings) async throws -> Model {
        try await ModelTrainer(settings).train(data, source: .table(target: "left", positive: "yes")).model
    }

    @Test("models are those of the rows themselves", arguments: kinds.indices)
    func modelsAreThoseOfTheRowsThemselves(kind: Int) async throws {
        let (name, settings) = Self.kinds[kind]
        let data = weighted(rows: 1_500)
        let (one, other) = (try await train(data, settings), try await train(repeated(data), settings))
        let (left, right) = (logOdds(one, data), logOdds(other, data))
        #expect(Set(left).count > 50)
        let difference = zip(left, right).map { abs($0 - $1) }.max() ?? .infinity
        // Pairs sum derivatives of 18 bits.
        let tolerance = settings.stumps.pairs.count == .exactly(0) ? 1e-9 : 5e-6
        #expect(difference < tolerance, "\(name): \(difference)")
        for (row, score) in one.golden.rows.enumerated() {
            #expect(abs(score.probability - other.golden.rows[row].probability) < tolerance)
        }
    }

    @Test("three rows of a user are one of weight three, also where users are just enough for a split")
    func justEnoughUsers() async throws {
        let numbers = (0..<200).map { $0 < 20 ? 1.0 : 0 }
        let data = TrainingData(
            inputs: [.init(name: "x", isCategorical: false)], columns: [.numbers(numbers)], isSkewed: [nil],
            labels: (0..<200).map { $0 < 15 || $0 % 4 == 0 }, users: (0..<200).map(Int32.init),
            weights: numbers.map { _ in 3 })
        let (one, other) = (
            try await train(data, Self.kinds[0].1), try await train(repeated(data), Self.kinds[0].1)
        )
        let (left, right) = (logOdds(one, data), logOdds(other, data))
        #expect(left[0] > left[199] + 0.1)
        #expect(zip(left, right).allSatisfy { abs($0 - $1) < 1e-9 })
    }

    @Test(
        "just enough users are enough, also where their rows are in many bins",
        arguments: [StumpSettings.Form.plain, .gram])
    func justEnoughUsersInManyBins(form: StumpSettings.Form) async throws {
        // Twenty users with a row in each of six bins, and 180 others with a row in a seventh.
        let few = (0..<120).map { (user: Int32($0 / 6), x: Double($0 % 6)) }
        let many = (20..<200).map { (user: Int32($0), x: 6.0) }
        let rows = few + many
        let data = Samples.data(
            [("x", .numbers(rows.map { $0.x }))], labels: rows.map { $0.user < 20 || $0.user % 4 == 0 },
            users: rows.map { $0.user })
        var settings = Self.kinds[0].1
        settings.stumps.form = form
        let some = logOdds(try await train(data, settings), data)
        #expect(some[0] > some[199] + 0.1)
        settings.stumps.minimumUsers = 21
        let none = logOdds(try await train(data, settings), data)
        #expect(none[0] == none[199])
    }

    @Test("summaries count rows by their weights", arguments: kinds.indices)
    func summariesCountRowsByTheirWeights(kind: Int) async throws {
        let data = weighted(rows: 1_500)
        let one = try await train(data, Self.kinds[kind].1).training
        let other = try await train(repeated(data), Self.kinds[kind].1).training
        #expect(one.inputs == other.inputs)
        #expect(one.users == other.users)
        #expect(one.weight == Double(other.rows) && one.positiveWeight == Double(other.positives))
        #expect(one.rows == (data.weights ?? []).count { $0 > 0 } && one.rows < other.rows)
        #expect(one.baseRate == other.baseRate)
        #expect(one.logOdds.counts.reduce(0, +) == one.weight)
    }

    @Test("a summary with fractions of rows is read as it was written")
    func fractionsAreReadAsWritten() async throws {
        let model = try await train(weighted(rows: 600, factor: 0.1), Self.kinds[0].1)
        #expect(model.training.weight != model.training.weight.rounded())
        let encoded = try ModelFile.encode(model)
        #expect(try ModelFile.decode(encoded.bytes).scorer.model.training == model.training)
    }

    @Test("one weight for all rows leaves the bins as they are", arguments: [0.25, 1, 8])
    func oneWeightForAll(weight: Double) {
        var uniforms = Uniforms(seed: 31)
        for values in [12, 700] {
            let numbers = (0..<3_000).map { _ in
                uniforms.next() < 0.1 ? Double.nan : (uniforms.next() * Double(values)).rounded() / 7
            }
            for maximumBins in [5, 40, 254] {
                let edges = BinEdges.edges(of: numbers, maximumBins: maximumBins)
                let weights = [Double](repeating: weight, count: numbers.count)
                #expect(edges.count > 3)
                #expect(BinEdges.edges(of: numbers, weights: weights, maximumBins: maximumBins) == edges)
            }
        }
    }

    @Test("bins are those of the rows themselves", arguments: 0..<20)
    func binsAreThoseOfTheRowsThemselves(seed: UInt64) {
        var uniforms = Uniforms(seed: seed)
        let values = 5 + uniforms.next() * 2_000
        let numbers = (0..<2_500).map { _ in
            uniforms.next() < 0.05 ? Double.nan : (uniforms.next() * uniforms.next() * values).rounded()
        }
        let weights = numbers.map { _ in (uniforms.next() * 5).rounded(.down) }
        let copies = zip(numbers, weights).flatMap { [Double](repeating: $0, count: Int($1)) }
        for maximumBins in [3, 10, 254] {
            #expect(
                BinEdges.edges(of: numbers, weights: weights, maximumBins: maximumBins)
                    == BinEdges.edges(of: copies, maximumBins: maximumBins))
        }
    }

    private func logOdds(_ model: Model, _ data: TrainingData) -> [Double] {
        AdditiveFit(intercept: model.intercept, terms: model.terms).logOdds(of: data)
    }
}
