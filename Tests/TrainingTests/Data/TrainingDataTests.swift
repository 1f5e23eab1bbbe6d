import LimpetScoring
import LimpetTraining
import Testing

@Suite struct TrainingDataTests {
    private func levels(_ data: TrainingData) throws -> (names: [String], codes: [Int32]) {
        guard case .levels(let names, let codes) = try #require(data.columns.first) else {
            Issue.record("levels stay levels")
            return ([], [])
        }
        return (names, codes)
    }

    @Test("levels of few users lose their names")
    func levelsOfFewUsersLoseTheirNames() throws {
        // "b" has three rows of three users, "a" three of two, "c" three of one.
        let data = Samples.data(
            [("x", .levels(names: ["c", "b", "a"], codes: [0, 0, 0, 1, 1, 1, 2, 2, 2, -1]))],
            labels: (0..<10).map { $0 % 2 == 0 }, users: [0, 0, 0, 1, 2, 3, 4, 5, 5, 6])
        let two = try levels(data.keepingLevels(ofAtLeast: 2))
        #expect(two.names == ["a", "b"])
        #expect(two.codes == [2, 2, 2, 1, 1, 1, 0, 0, 0, -1])
        let three = try levels(data.keepingLevels(ofAtLeast: 3))
        #expect(three.names == ["b"])
        #expect(three.codes == [1, 1, 1, 0, 0, 0, 1, 1, 1, -1])
        #expect(try levels(data.keepingLevels(ofAtLeast: 4)).names.isEmpty)
        #expect(try levels(data.keepingLevels(ofAtLeast: 1)).names == ["a", "b", "c"])
        #expect(try levels(data.keepingLevels(ofAtLeast: 3, ofMany: 1)).names == three.names)
    }

    @Test("a category of many levels keeps rarer ones, as long as many remain")
    func manyLevels() throws {
        func data(_ count: Int) -> TrainingData {
            let codes = (0..<(5 * count)).map { Int32($0 % count) }
            return Samples.data(
                [("x", .levels(names: (0..<count).map { "l\($0)" }, codes: codes))],
                labels: codes.map { $0 % 2 == 0 }, users: codes.indices.map { Int32($0) })
        }
        #expect(try levels(data(40).keepingLevels(ofAtLeast: 20, ofMany: 5)).names.count == 40)
        #expect(try levels(data(40).keepingLevels(ofAtLeast: 20, ofMany: 6)).names.isEmpty)
        #expect(try levels(data(30).keepingLevels(ofAtLeast: 20, ofMany: 5)).names.isEmpty)
    }

    @Test("selecting takes rows in the requested order")
    func selectingTakesRowsInTheRequestedOrder() throws {
        let data = Samples.data(
            [("x", .levels(names: ["a", "b"], codes: [0, 1, -1])), ("y", .numbers([1, 2, 3]))],
            labels: [true, false, false], users: [7, 8, 9])
        let some = data.selecting([2, 0, 0])
        #expect(try levels(some).codes == [-1, 0, 0])
        #expect(some.labels == [false, true, true])
        #expect(some.users == [9, 7, 7])
        guard case .numbers(let numbers) = some.columns[1] else {
            Issue.record("numbers stay numbers")
            return
        }
        #expect(numbers == [3, 1, 1])
        #expect(data.selecting([]).count == 0)
    }

    @Test("shares of rows add up to users")
    func sharesOfRowsAddUpToUsers() {
        let data = Samples.data(
            [("x", .numbers([1, 2, 3, 4]))], labels: [true, false, true, false], users: [1, 2, 1, 1])
        let shares = data.userShares
        #expect(shares[1] == 1)
        #expect(abs(shares.reduce(0, +) - 2) < 1e-15)
    }
}
