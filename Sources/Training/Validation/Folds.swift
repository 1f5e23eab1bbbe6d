import LimpetNumerics
import LimpetEvaluation
import LimpetEvents

/// A split of rows into those for training and those held out.
package struct Fold: Sendable {
    package var heldOut: [Int]
    private let rows: TrainingRows

    private enum TrainingRows {
        case list([Int])
        /// All rows but those of a list, which ascends: lists of the training rows of all folds would be
        /// large.
        case others([Int], count: Int)
    }

    package init(training: [Int], heldOut: [Int]) {
        (self.heldOut, rows) = (heldOut, .list(training))
    }

    /// Makes a split of `count` rows; those held out ascend.
    package init(heldOut: [Int], of count: Int) {
        (self.heldOut, rows) = (heldOut, .others(heldOut, count: count))
    }

    /// The rows for training, in ascending order where the split is of all rows.
    package var training: [Int] {
        switch rows {
        case .list(let rows): return rows
        case .others(let others, let count):
            var training: [Int] = []
            training.reserveCapacity(count - others.count)
            var next = 0
            for other in others {
                training.append(contentsOf: next..<other)
                next = other + 1
            }
            training.append(contentsOf: next..<count)
            return training
        }
    }

    /// The number of rows for training.
    var trainingCount: Int {
        switch rows {
        case .list(let rows): rows.count
        case .others(let others, let count): count - others.count
        }
    }
}

/// Splits of rows in which all rows of a user are on one side.
package enum Folds {
    /// Returns the fold of each row: users are distributed evenly, separately for those with and without a
    /// label of 1.
    package static func assignment(of data: TrainingData, count: Int, seed: UInt64) -> [Int] {
        if let dealt = data.dealt, dealt.count == count, dealt.seed == seed {
            return dealt.ofRow.map { Int($0) }
        }
        let places = UserPlaces(data.users)
        let placeOfRow = data.users.map { Int32(places[$0]) }
        var isPositive = [Bool](repeating: false, count: places.count)
        for (row, place) in placeOfRow.enumerated() where data.labels[row] {
            // A row without weight does not count.
            if data.weights?[row] ?? 1 > 0 { isPositive[Int(place)] = true }
        }
        var generator = RandomGenerator(seed: seed)
        var foldOfUser = [Int](repeating: 0, count: places.count)
        var next = 0
        for stratum in [true, false] {
            let users = isPositive.indices.filter { isPositive[$0] == stratum }.shuffled(using: &generator)
            for user in users {
                foldOfUser[user] = next % count
                next += 1
            }
        }
        return placeOfRow.map { foldOfUser[Int($0)] }
    }

    /// Returns folds that hold each row out once.
    package static func byUser(_ data: TrainingData, count: Int, seed: UInt64) -> [Fold] {
        let assignment = assignment(of: data, count: count, seed: seed)
        return (0..<count).map { fold in
            Fold(heldOut: data.labels.indices.filter { assignment[$0] == fold }, of: data.count)
        }
    }

    /// Returns true when the pipelines of a number of folds choose together, each by the other folds, which
    /// are held out in turn. With three folds or fewer, choices would be made by models of a third of the
    /// rows.
    package static func areNested(_ count: Int) -> Bool { count > 3 }

    /// Returns the number of models that are boosted side by side for the rows outside each fold, and for all
    /// rows; nil where they are too many, or where folds choose in sequence.
    package static func nestedModels(_ count: Int) -> Int? {
        let plan = LanePlan.nested(count)
        return areNested(count) && plan.isOneVector ? plan.count : nil
    }

    /// Returns the first of the late snapshot times; nil where all would be late.
    static func border(of snapshotTimes: Set<Timestamp>, lateShare: Double) -> Timestamp? {
        let lateCount = max(1, Int((Double(snapshotTimes.count) * lateShare).rounded()))
        guard snapshotTimes.count > lateCount else { return nil }
        return snapshotTimes.sorted()[snapshotTimes.count - lateCount]
    }

    /// Returns the split into early and late rows, in which each early label is known when the late rows
    /// begin. Rows that were dealt to folds as they were read have the border by which their bins were
    /// chosen.
    package static func forwardInTime(_ data: TrainingData, lateShare: Double) -> Fold? {
        guard let times = data.times, let horizon = data.horizon,
            let border = data.splitTime ?? data.dealt.map(\.border)
                ?? border(of: Set(times), lateShare: lateShare)
        else { return nil }
        let fold = Fold(
            training: times.indices.filter { times[$0] + horizon <= border && times[$0] < border },
            heldOut: times.indices.filter { times[$0] >= border })
        return fold.trainingCount == 0 ? nil : fold
    }
}

extension TrainingData {
    /// Returns the numbers of users with a label of 1, and with a label of 0, among the given rows.
    func classUsers(of rows: [Int]) -> (positive: Int, negative: Int) {
        let places = UserPlaces(users)
        var (positive, negative) = (
            [Bool](repeating: false, count: places.count), [Bool](repeating: false, count: places.count)
        )
        for row in rows {
            if labels[row] {
                positive[places[users[row]]] = true
            } else {
                negative[places[users[row]]] = true
            }
        }
        return (positive.count { $0 }, negative.count { $0 })
    }
}
