import LimpetNumerics
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct BinningTests {
    private func data(_ column: TrainingData.Column, count: Int) -> TrainingData {
        Samples.data([("x", column)], labels: (0..<count).map { $0 % 2 == 0 })
    }

    private func edges(_ definition: BinDefinition) -> [Double] {
        if case .numbers(let edges) = definition.kind { edges } else { [] }
    }

    @Test(
        "an edge is the shortest number near the middle",
        arguments: [
            (0.0, 1.0, 0.5), (1, 2, 1.5), (3, 7, 5), (-1, 1, 0), (-7, 0, -4), (99, 101, 100),
            (0.1, 0.2, 0.15),
            (0, 1e-9, 5e-10), (123.4561, 123.4579, 123.457), (-2.5, -2.4, -2.45),
            (1_000_000, 2_000_000, 1.5e6),
            (1, 1.0.nextUp, 1.0.nextUp), (0, .leastNonzeroMagnitude, .leastNonzeroMagnitude),
        ])
    func anEdgeIsTheShortestNumberNearTheMiddle(low: Double, high: Double, edge: Double) {
        let found = ShortDecimal.between(low, high)
        #expect(abs(found - edge) <= 1e-12 * abs(edge), "\(found)")
    }

    @Test("edges lie strictly between values")
    func edgesLieStrictlyBetweenValues() {
        var uniforms = Uniforms(seed: 5)
        for scale in [1e-6, 0.03, 1, 250, 1e9] {
            for _ in 0..<500 {
                let values = [uniforms.normal() * scale, uniforms.normal() * scale].sorted()
                guard values[0] < values[1] else { continue }
                let edge = ShortDecimal.between(values[0], values[1])
                #expect(values[0] < edge && edge < values[1])
                // Near the middle too: no further than half of the distance from it.
                #expect(abs(edge - (values[0] + values[1]) / 2) <= (values[1] - values[0]) / 2)
            }
        }
    }

    @Test("few values have a bin each")
    func fewValuesHaveABinEach() {
        let numbers = [3, 1, .nan, 2, 2, 1, 7, 3.0]
        let binned = BinnedData(data(.numbers(numbers), count: 8), maximumBins: 255)
        #expect(edges(binned.definitions[0]) == [1.5, 2.5, 5])
        #expect(binned.definitions[0].binCount == 5)
        #expect(binned.column(0) == [2, 0, 4, 1, 1, 0, 3, 2])
    }

    @Test("many values have bins of equal size", arguments: [3, 10, 64, 255])
    func manyValuesHaveBinsOfEqualSize(maximumBins: Int) throws {
        var uniforms = Uniforms(seed: 6)
        let numbers = (0..<20_000).map { _ in uniforms.normal() }
        let binned = BinnedData(data(.numbers(numbers), count: numbers.count), maximumBins: maximumBins)
        let edges = edges(binned.definitions[0])
        #expect(edges.count == maximumBins - 2)
        #expect(binned.definitions[0].binCount == maximumBins)
        #expect(edges == Array(Set(edges)).sorted())
        var counts = [Int](repeating: 0, count: maximumBins - 1)
        for bin in binned.column(0) { counts[Int(bin)] += 1 }
        let share = Double(numbers.count) / Double(maximumBins - 1)
        #expect(counts.allSatisfy { abs(Double($0) - share) <= max(1, 0.02 * share) })
        // The values have up to 17 digits, their edges far fewer.
        #expect(edges.allSatisfy { $0.description.count <= 9 })
        let values = Set(numbers)
        #expect(edges.allSatisfy { !values.contains($0) })
    }

    @Test("a heavy value has its own bin")
    func aHeavyValueHasItsOwnBin() {
        let numbers = [Double](repeating: 0, count: 9_000) + (1...1_000).map(Double.init)
        let edges = BinEdges.edges(of: numbers, maximumBins: 11)
        #expect(edges.first == 0.5)
        #expect(edges.count == 10)
        let counts = zip(edges.dropLast(), edges.dropFirst()).map { low, high in
            numbers.count { $0 > low && $0 < high }
        }
        #expect(counts.allSatisfy { abs($0 - 100) <= 2 })
    }

    @Test("a heavy value among light ones has its own bin too")
    func aHeavyValueAmongLightOnesHasItsOwnBinToo() {
        let light = (0..<50).flatMap { [Double](repeating: Double($0), count: 10) }
        let numbers = light + [Double](repeating: 50, count: 9_000) + light.map { $0 + 51 }
        let edges = BinEdges.edges(of: numbers, maximumBins: 10)
        #expect(edges.contains { $0 > 49 && $0 < 50 })
        #expect(edges.contains { $0 > 50 && $0 < 51 })
    }

    @Test("one value needs no edge", arguments: [[], [Double.nan, .nan], [4], [4, 4, 4], [.nan, 4]])
    func oneValueNeedsNoEdge(numbers: [Double]) {
        #expect(BinEdges.edges(of: numbers, maximumBins: 10).isEmpty)
    }

    @Test("bins are those of the step function")
    func binsAreThoseOfTheStepFunction() throws {
        var uniforms = Uniforms(seed: 7)
        let numbers = (0..<3_000).map { _ in (uniforms.normal() * 40).rounded() / 8 }
        let binned = BinnedData(data(.numbers(numbers), count: numbers.count), maximumBins: 40)
        let steps = Term.Steps(edges: edges(binned.definitions[0]), values: [])
        #expect(zip(numbers, binned.column(0)).allSatisfy { steps.bin($0) == Int($1) })
    }

    @Test("levels have a bin each and one for others")
    func levelsHaveABinEachAndOneForOthers() {
        let column = TrainingData.Column.levels(names: ["a", "b"], codes: [0, 1, 2, -1, 1])
        let binned = BinnedData(data(column, count: 5), maximumBins: 255)
        #expect(binned.definitions[0].kind == .levels(names: ["a", "b"]))
        #expect(binned.definitions[0].binCount == 4)
        #expect(binned.column(0) == [0, 1, 2, 3, 1])
    }

    @Test("levels beyond the limit share the bin of others")
    func levelsBeyondTheLimitShareTheBinOfOthers() {
        let names = (0..<400).map { "level \(1_000 + $0)" }
        let column = TrainingData.Column.levels(names: names, codes: (0..<400).map(Int32.init))
        let binned = BinnedData(data(column, count: 400), maximumBins: 255)
        #expect(binned.definitions[0].binCount <= 256)
        #expect(binned.column(0)[400 - 1] == binned.column(0)[300])
        #expect(Set(binned.column(0)).count == binned.definitions[0].valueBins)
    }
}
