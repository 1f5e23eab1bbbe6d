import LimpetLinearAlgebra
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct ElasticNetTests {
    private let sample = NetSample()
    private let peers: PeerConstants

    init() throws {
        peers = try PeerConstants("elastic_net_constants")
    }

    private func far(_ left: [Double], _ right: [Double]) -> Double {
        guard left.count == right.count else { return .infinity }
        return zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test("the sample is the peer's")
    func theSampleIsThePeers() {
        #expect(Double(sample.labels.count { $0 }) == peers.number("ones"))
    }

    @Test("paths are those of glmnet", arguments: [(1.0, "alpha1"), (0.5, "alpha05"), (0, "alpha0")])
    func pathsAreThoseOfGlmnet(l1Ratio: Double, name: String) async throws {
        let path = LogisticPath(sample.design(), shape: sample.shape(l1Ratio), models: [nil], threads: 2)
        let penalties = try await path.penalties(ElasticNet(l1Ratio: l1Ratio))
        #expect(abs(penalties[0] / peers.number(name, "first") - 1) < 1e-9)
        #expect(penalties.count == 100 && abs(penalties[99] / penalties[0] - 1e-4) < 1e-12)
        let result = try await path.run(penalties, stopsEarly: false)
        for (place, expected) in zip(NetSample.places, peers.rows(name, "coefficients")) {
            let found = result.points[0][place].coefficients
            #expect(far(found, expected) < 1e-5, "at \(place)")
            // What glmnet leaves at 0 is 0 here, but at the very border.
            if place > 0 { #expect(zip(found, expected).allSatisfy { ($0 == 0) == ($1 == 0) }) }
        }
    }

    @Test("weights, offsets and signs are those of glmnet")
    func weightsOffsetsAndSignsAreThoseOfGlmnet() async throws {
        var shape = sample.shape(0.7)
        (shape.lower[1], shape.lower[2]) = (0, 0)
        let rows = LogisticRows(
            LogisticSample.design(sample.rows), labels: sample.labels, weights: sample.weights,
            offsets: sample.offsets)
        let path = LogisticPath(rows, shape: shape, models: [nil], threads: 2)
        let first = peers.number("constrained", "first")
        let penalties = try await path.penalties(ElasticNet(l1Ratio: 0.7))
        #expect(abs(penalties[0] / first - 1) < 1e-8)
        let result = try await path.run(penalties, stopsEarly: false)
        for (place, expected) in zip(NetSample.places, peers.rows("constrained", "coefficients")) {
            #expect(far(result.points[0][place].coefficients, expected) < 1e-5, "at \(place)")
            #expect(result.points[0][place].coefficients[1...2].allSatisfy { $0 >= 0 })
        }
    }

    @Test("cross-validation is that of glmnet")
    func crossValidationIsThatOfGlmnet() async throws {
        var path = LogisticPath(
            sample.design(segments: sample.folds), shape: sample.shape(1), models: [0, 1, 2, 3, 4, nil],
            threads: 2)
        path.foldTolerance = 1e-10
        let penalties = try await path.penalties(ElasticNet(l1Ratio: 1))
        let validation = try await path.validation(try await path.run(penalties, stopsEarly: false))
        let means = NetSample.places.map { validation.means[$0] }
        let errors = NetSample.places.map { validation.standardErrors[$0] }
        #expect(far(means, peers.numbers("crossValidation", "means")) < 1e-6)
        #expect(far(errors, peers.numbers("crossValidation", "standardErrors")) < 1e-6)
        let least = try #require(validation.place(.minimum))
        let simple = try #require(validation.place(.oneStandardError))
        #expect(abs(penalties[least] / peers.number("crossValidation", "minimum") - 1) < 1e-9)
        #expect(abs(penalties[simple] / peers.number("crossValidation", "oneStandardError") - 1) < 1e-9)
    }

    @Test("many rows choose the penalty that all digits choose")
    func manyRowsChooseThePenaltyThatAllDigitsChoose() async throws {
        let times = LogisticPath.singlePrecisionRows / 300 + 1
        let rows = LogisticRows(
            LogisticSample.design((0..<times).flatMap { _ in sample.rows }),
            labels: (0..<times).flatMap { _ in sample.labels },
            segments: (0..<(times * 300)).map { ($0 / 7) % 5 })
        var path = LogisticPath(
            rows, shape: sample.shape(0.5), models: [0, 1, 2, 3, 4, nil], threads: 2)
        #expect(path.precision == .single)
        let penalties = try await path.penalties(ElasticNet(l1Ratio: 0.5))
        let rounded = try await path.run(penalties, stopsEarly: false)
        let found = try await path.validation(rounded)
        path.precision = .double
        let exact = try await path.run(penalties, stopsEarly: false)
        let expected = try await path.validation(exact)
        #expect(far(found.means, expected.means) < 1e-6)
        #expect(found.place(.oneStandardError) == expected.place(.oneStandardError))
        for (left, right) in zip(rounded.points, exact.points) {
            for (one, other) in zip(left, right) {
                #expect(far(one.coefficients, other.coefficients) < 2e-3)
            }
        }
    }

    @Test("every point meets its conditions", arguments: [1, 0.3])
    func everyPointMeetsItsConditions(l1Ratio: Double) async throws {
        // The subgradient of the mean loss plus penalty holds 0, for each model on its own rows.
        let rows = sample.design(segments: sample.folds)
        let models: [Int?] = [0, 1, 2, 3, 4, nil]
        var shape = sample.shape(l1Ratio)
        shape.isStandardised = shape.isStandardised.map { _ in false }
        var path = LogisticPath(rows, shape: shape, models: models, threads: 1)
        path.foldTolerance = 1e-9
        try await expectConditions(
            path,
            weights: models.map { heldOut in
                Double(sample.folds.count { $0 != heldOut })
            })
    }

    /// Checks every point of a path on columns that are not standardised.
    private func expectConditions(
        _ path: LogisticPath, weights: [Double], within margin: Double = 1e-5
    ) async throws {
        let l1Ratio = path.shape.l1Ratio
        let penalties = try await path.penalties(ElasticNet(l1Ratio: l1Ratio))
        let result = try await path.run(penalties, stopsEarly: false)
        for (model, heldOut) in path.models.enumerated() {
            for (place, penalty) in penalties.enumerated() {
                let b = result.points[model][place].coefficients
                let slope = path.rows.values([LogisticRows.Point(b, heldOut: heldOut)])[0].gradient.map {
                    $0 / weights[model]
                }
                #expect(abs(slope[0]) < margin)
                for column in 1..<b.count {
                    let smooth = slope[column] + penalty * (1 - l1Ratio) * b[column]
                    if b[column] == 0 {
                        #expect(
                            (abs(smooth) < penalty * l1Ratio + margin)
                                || (path.shape.lower[column] == 0 && smooth > 0))
                    } else {
                        #expect(abs(smooth + penalty * l1Ratio * (b[column] > 0 ? 1 : -1)) < margin)
                    }
                }
            }
        }
    }

    @Test("every point of a wide path meets its conditions", arguments: [1, 0.4])
    func everyPointOfAWidePathMeetsItsConditions(l1Ratio: Double) async throws {
        var uniforms = Uniforms(seed: 11)
        let (count, columns) = (60, 150)
        let rows = (0..<count).map { _ in (0..<columns).map { _ in 2 * uniforms.next() - 1 } }
        let labels = rows.map { 2 * $0[0] - 2 * $0[1] + 1.5 * $0[2] + uniforms.normal() > 0 }
        var shape = PenaltyShape(columns: columns + 1, l1Ratio: l1Ratio, unit: .mean, isStandardised: false)
        for column in stride(from: 4, to: columns, by: 7) { shape.lower[column] = 0 }
        let folds = (0..<count).map { $0 % 3 }
        var path = LogisticPath(
            LogisticRows(LogisticSample.design(rows), labels: labels, segments: folds), shape: shape,
            models: [0, 1, 2, nil], threads: 2)
        path.foldTolerance = 1e-10
        try await expectConditions(path, weights: [40, 40, 40, 60])
    }

    @Test("folds are fits of their own rows")
    func foldsAreFitsOfTheirOwnRows() async throws {
        var path = LogisticPath(
            sample.design(segments: sample.folds), shape: sample.shape(0.5), models: [2, nil], threads: 1)
        path.foldTolerance = path.tolerance
        let penalties = try await path.penalties(ElasticNet(l1Ratio: 0.5))
        let shared = try await path.run(penalties, stopsEarly: false)
        let own = sample.folds.indices.filter { sample.folds[$0] != 2 }
        let rows = LogisticRows(
            LogisticSample.design(own.map { sample.rows[$0] }), labels: own.map { sample.labels[$0] })
        let alone = LogisticPath(rows, shape: sample.shape(0.5), models: [nil], threads: 1)
        let result = try await alone.run(penalties, stopsEarly: false)
        for (left, right) in zip(shared.points[0], result.points[0]) {
            #expect(far(left.coefficients, right.coefficients) < 1e-4)
        }
    }

    @Test("threads change no bit")
    func threadsChangeNoBit() async throws {
        let rows = sample.design(segments: sample.folds)
        var results: [[[Double]]] = []
        for threads in [1, 2, 8] {
            let path = LogisticPath(rows, shape: sample.shape(1), models: [0, 1, nil], threads: threads)
            let penalties = try await path.penalties(ElasticNet(l1Ratio: 1))
            let result = try await path.run(penalties)
            results.append(result.points.flatMap { $0.map(\.coefficients) })
        }
        #expect(results[0] == results[1] && results[0] == results[2])
    }

    @Test("a path ends where all is explained")
    func aPathEndsWhereAllIsExplained() async throws {
        let rows = LogisticRows(
            LogisticSample.design((0..<100).map { [Double($0), Double($0 % 7)] }),
            labels: (0..<100).map { $0 >= 50 })
        let path = LogisticPath(
            rows, shape: PenaltyShape(columns: 3, l1Ratio: 1, unit: .mean), models: [nil], threads: 1)
        var net = ElasticNet(l1Ratio: 1)
        net.leastShare = 1e-9
        let result = try await path.run(try await path.penalties(net))
        #expect(result.penalties.count < 100 && result.penalties.count > 10)
        #expect(result.points[0].allSatisfy { $0.coefficients.allSatisfy { $0.isFinite } })
    }

    @Test("more columns than rows have a path")
    func moreColumnsThanRowsHaveAPath() async throws {
        var uniforms = Uniforms(seed: 3)
        let rows = (0..<10).map { _ in (0..<2_000).map { _ in uniforms.next() } }
        let design = LogisticRows(LogisticSample.design(rows), labels: (0..<10).map { $0 % 3 == 0 })
        let path = LogisticPath(
            design, shape: PenaltyShape(columns: 2_001, l1Ratio: 1, unit: .mean), models: [nil], threads: 2)
        let penalties = try await path.penalties(ElasticNet(l1Ratio: 1))
        #expect(abs(penalties[99] / penalties[0] - 1e-2) < 1e-12)
        let result = try await path.run(penalties)
        #expect(result.points[0].allSatisfy { $0.coefficients.count { $0 != 0 } <= 11 })
    }
}
