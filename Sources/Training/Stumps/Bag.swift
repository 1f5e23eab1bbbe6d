import LimpetNumerics
import LimpetEvents
import LimpetEvaluation

/// A bootstrap sample of users drawn with replacement, each with all of their rows.
enum Bag {
    /// Returns the rows of the drawn users, and their weights: the number of draws times their own weight.
    static func draw(_ data: TrainingData, seed: UInt64) -> (rows: [Int], weights: [Double]) {
        let places = UserPlaces(data.users)
        var generator = RandomGenerator(seed: seed)
        var times = [Int32](repeating: 0, count: places.count)
        for _ in 0..<places.count { times[Int(generator.next() % UInt64(places.count))] += 1 }
        let timesOfRow = data.users.map { times[places[$0]] }
        let rows = timesOfRow.indices.filter { timesOfRow[$0] > 0 }
        return (rows, rows.map { Double(timesOfRow[$0]) * (data.weights?[$0] ?? 1) })
    }
}
