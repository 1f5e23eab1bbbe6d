import Foundation
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct LogisticFitErrorTests {
    private func infer(_ columns: [(String, TrainingData.Column)], _ labels: [Bool]) async throws
        -> LogisticInference
    {
        var settings = LogisticSettings()
        settings.penalty = 0
        let data = Samples.data(columns.map { (name: $0.0, column: $0.1) }, labels: labels)
        return try await LogisticInference.of(data, settings: settings, robust: .none)
    }

    private let labels = (0..<120).map { ($0 * 7) % 5 < 2 }
    private func noise(_ seed: UInt64) -> [Double] {
        var uniforms = Uniforms(seed: seed)
        return (0..<120).map { _ in uniforms.normal() }
    }

    @Test("a column equal to the label is named")
    func aColumnEqualToTheLabelIsNamed() async {
        let error = await #expect(throws: LogisticFitError.self) {
            try await infer(
                [("noise", .numbers(noise(1))), ("leak", .numbers(labels.map { $0 ? 1 : 0 }))], labels)
        }
        #expect(error == .separated(columns: ["leak"], isComplete: true))
        #expect(error?.description.contains("leak separates the classes") == true)
    }

    @Test("a column that separates but for the border is named")
    func aColumnThatSeparatesButForTheBorderIsNamed() async {
        // 1 only where the label is, but not for all of them.
        let border = labels.enumerated().map { $0.element && $0.offset % 3 > 0 ? 1.0 : 0 }
        let error = await #expect(throws: LogisticFitError.self) {
            try await infer([("noise", .numbers(noise(2))), ("refund", .numbers(border))], labels)
        }
        #expect(error == .separated(columns: ["refund"], isComplete: false))
    }

    @Test("a sum of columns that separates is named")
    func aSumOfColumnsThatSeparatesIsNamed() async {
        let (a, b) = (noise(3), noise(4))
        let error = await #expect(throws: LogisticFitError.self) {
            try await infer(
                [("a", .numbers(a)), ("b", .numbers(b)), ("c", .numbers(noise(5)))],
                zip(a, b).map { $0 - 2 * $1 > 0.1 })
        }
        guard case .separated(let columns, true) = error else {
            Issue.record("found \(String(describing: error))")
            return
        }
        #expect(Set(columns).isSuperset(of: ["a", "b"]))
    }

    @Test("a level with one class only is named")
    func aLevelWithOneClassOnlyIsNamed() async {
        let codes = labels.enumerated().map {
            Int32($0.element && $0.offset % 4 == 0 ? 1 : $0.offset % 2 * 2)
        }
        let error = await #expect(throws: LogisticFitError.self) {
            try await infer([("plan", .levels(names: ["a", "b", "c"], codes: codes))], labels)
        }
        #expect(error == .separated(columns: ["plan is b"], isComplete: false))
    }

    @Test("columns that depend on each other are named")
    func columnsThatDependOnEachOtherAreNamed() async {
        let (a, b, c) = (noise(6), noise(7), noise(8))
        let sum = zip(a, b).map { 3 * $0 - $1 + 2 }
        let error = await #expect(throws: LogisticFitError.self) {
            try await infer(
                [("a", .numbers(a)), ("b", .numbers(b)), ("c", .numbers(c)), ("sum", .numbers(sum))], labels)
        }
        guard case .collinear(let found) = error, let first = found.first, found.count == 1 else {
            Issue.record("found \(String(describing: error))")
            return
        }
        #expect(Set([first.column] + first.others) == ["a", "b", "sum"])
    }

    @Test("two pairs of equal columns are both named")
    func twoPairsOfEqualColumnsAreBothNamed() async {
        let (a, b) = (noise(6), noise(7))
        let error = await #expect(throws: LogisticFitError.self) {
            try await infer(
                [
                    ("a", .numbers(a)), ("b", .numbers(b)), ("a again", .numbers(a)),
                    ("b again", .numbers(b.map { -$0 })),
                ],
                labels)
        }
        guard case .collinear(let found) = error else {
            Issue.record("found \(String(describing: error))")
            return
        }
        #expect(Set(found.map { Set([$0.column] + $0.others) }) == [["a", "a again"], ["b", "b again"]])
    }

    @Test("almost dependent columns have a fit")
    func almostDependentColumnsHaveAFit() async throws {
        let a = noise(6)
        let near = zip(a, noise(9)).map { $0 + 1e-3 * $1 }
        let found = try await infer([("a", .numbers(a)), ("near", .numbers(near))], labels)
        #expect(found.coefficients.allSatisfy { $0.standardError.isFinite && $0.standardError > 0 })
    }
}
