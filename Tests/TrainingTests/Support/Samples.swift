import Foundation
import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import LimpetTraining

/// Training data for tests.
enum Samples {
    /// Data of named columns; each row is a user of its own unless users are given.
    static func data(
        _ columns: [(name: String, column: TrainingData.Column)], labels: [Bool], users: [Int32]? = nil,
        times: [Timestamp]? = nil, horizon: TimeSpan? = nil
    ) -> TrainingData {
        TrainingData(
            inputs: columns.map { name, column in
                if case .levels = column { return .init(name: name, isCategorical: true) }
                return .init(name: name, isCategorical: false)
            },
            columns: columns.map(\.column), isSkewed: columns.map { _ in nil }, labels: labels,
            users: users ?? labels.indices.map(Int32.init), times: times, horizon: horizon)
    }

    static func numbers(_ numbers: [Double]) -> TrainingData {
        data([("x", .numbers(numbers))], labels: numbers.indices.map { $0 % 2 == 0 })
    }

    /// Rows of a known additive truth over three numbers, one of them missing at times, and a category.
    struct Additive {
        var data: TrainingData
        /// The true log-odds of each row.
        var truth: [Double]
    }

    /// - Parameter isLinear: whether the truth is one that a logistic regression can learn.
    static func additive(rows: Int, seed: UInt64, isLinear: Bool = false) -> Additive {
        var uniforms = Uniforms(seed: seed)
        var (a, b, c, truth): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        var codes: [Int32] = []
        var labels: [Bool] = []
        for _ in 0..<rows {
            let x = [uniforms.normal(), uniforms.normal(), uniforms.next()]
            let isMissing = uniforms.next() < 0.15
            let level = Int32(uniforms.next() * 4)
            var eta = -0.6 + 0.5 * x[1] + [0, 0.8, -0.8, 0.3][Int(level)]
            eta += isMissing ? 0.7 : isLinear ? 0.9 * x[0] : 1.4 * sin(2 * x[0])
            a.append(isMissing ? .nan : x[0])
            b.append(x[1])
            c.append(x[2])
            codes.append(level)
            truth.append(eta)
            labels.append(uniforms.next() < 1 / (1 + exp(-eta)))
        }
        let data = data(
            [
                ("a", .numbers(a)), ("b", .numbers(b)), ("noise", .numbers(c)),
                ("level", .levels(names: ["east", "north", "south", "west"], codes: codes)),
            ], labels: labels)
        return Additive(data: data, truth: truth)
    }
}
