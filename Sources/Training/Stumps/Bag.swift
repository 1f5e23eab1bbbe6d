import LimpetNumerics
import LimpetEvents
import LimpetEvaluation

/// A bootstrap sample of users drawn with replacement, each with all of their rows.
enum Bag {
    /// Returns how often each row's user is drawn.
    static func draws(_ data: TrainingData, seed: UInt64) -> [UInt8] {
        let places = UserPlaces(data.users)
        var generator = RandomGenerator(seed: seed)
        var times = [UInt8](repeating: 0, count: places.count)
        // More than 255 draws of one user do not happen among users drawn evenly.
        for _ in 0..<places.count {
            let user = Int(generator.next() % UInt64(places.count))
            times[user] = min(254, times[user]) + 1
        }
        return data.users.map { times[places[$0]] }
    }

    /// Returns the rows of the drawn users, and their weights: the number of draws times their own weight.
    static func draw(_ data: TrainingData, seed: UInt64) -> (rows: [Int], weights: [Double]) {
        let timesOfRow = draws(data, seed: seed)
        let rows = timesOfRow.indices.filter { timesOfRow[$0] > 0 }
        return (rows, rows.map { Double(timesOfRow[$0]) * (data.weights?[$0] ?? 1) })
    }
}
