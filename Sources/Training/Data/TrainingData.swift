public import LimpetEvents
public import LimpetScoring

/// Rows to train on: inputs by column, with the label, the user and the snapshot time of each row.
///
///     let data = TrainingData(
///         inputs: [.init(name: "visits", isCategorical: false)], columns: [.numbers([3, 0, .nan])],
///         isSkewed: [true], labels: [false, true, true], users: [0, 1, 2])
public struct TrainingData: Sendable {
    /// The inputs, in the order of ``columns``.
    public private(set) var inputs: [Model.Input]
    /// The values, `[inputs][rows]`.
    public private(set) var columns: [Column]
    /// True for inputs that are counts or sums, of which a line takes the signed log; nil to decide by the
    /// values.
    public private(set) var isSkewed: [Bool?]
    /// The label of each row.
    public private(set) var labels: [Bool]
    /// The user of each row, from 0; all rows of a user are on one side of a fold.
    public private(set) var users: [Int32]
    /// The snapshot time of each row; nil for tables without times.
    public private(set) var times: [Timestamp]?
    /// The horizon of the labels; nil for tables.
    public let horizon: TimeSpan?
    /// The time from which on rows judge, where the estimate is to be of a model of earlier ones; nil where
    /// the snapshots decide.
    public var splitTime: Timestamp?
    /// The weight of each row, 0 or more; nil for ones.
    public private(set) var weights: [Double]?
    /// The constants added to the rows' log-odds, as from an initial model; nil for zeros.
    public private(set) var offsets: [Double]?
    /// The fold of each row where rows were dealt to folds as they were read; nil where folds are drawn.
    package private(set) var dealt: DealtFolds?

    /// The values of one input.
    public enum Column: Sendable {
        /// Numbers; NaN for missing ones.
        case numbers([Double])
        /// Levels as indices into names; −1 for missing ones.
        case levels(names: [String], codes: [Int32])
        /// Numbers or levels of which only the bins are known.
        case bytes(ByteColumn)

        var count: Int {
            switch self {
            case .numbers(let numbers): numbers.count
            case .levels(_, let codes): codes.count
            case .bytes(let column): column.table.count
            }
        }
    }

    /// Makes training data; all columns are as long as the labels.
    public init(
        inputs: [Model.Input], columns: [Column], isSkewed: [Bool?], labels: [Bool], users: [Int32],
        times: [Timestamp]? = nil, horizon: TimeSpan? = nil, weights: [Double]? = nil,
        offsets: [Double]? = nil
    ) {
        self.init(
            inputs: inputs, columns: columns, isSkewed: isSkewed, labels: labels, users: users, times: times,
            horizon: horizon, weights: weights, offsets: offsets, dealt: nil)
    }

    /// Makes training data of rows that may have been dealt to folds.
    package init(
        inputs: [Model.Input], columns: [Column], isSkewed: [Bool?], labels: [Bool], users: [Int32],
        times: [Timestamp]? = nil, horizon: TimeSpan? = nil, weights: [Double]? = nil,
        offsets: [Double]? = nil, dealt: DealtFolds?
    ) {
        precondition(inputs.count == columns.count && isSkewed.count == columns.count)
        precondition(columns.allSatisfy { $0.count == labels.count }, "columns are as long as the labels")
        precondition(users.count == labels.count && (times?.count ?? labels.count) == labels.count)
        precondition((weights?.count ?? labels.count) == labels.count)
        precondition((offsets?.count ?? labels.count) == labels.count)
        precondition((dealt?.ofRow.count ?? labels.count) == labels.count)
        (self.inputs, self.columns, self.isSkewed) = (inputs, columns, isSkewed)
        (self.labels, self.users, self.times, self.horizon) = (labels, users, times, horizon)
        (self.weights, self.offsets, self.dealt) = (weights, offsets, dealt)
    }

    /// The number of rows.
    public var count: Int { labels.count }

    /// Returns the given rows, in this order.
    public func selecting(_ rows: [Int]) -> TrainingData {
        var data = self
        let bytes = byteTable.map { $0.selecting(rows, folds: dealt?.ofRow) }
        data.columns = columns.map { column in
            switch column {
            case .numbers(let numbers): .numbers(rows.map { numbers[$0] })
            case .levels(let names, let codes): .levels(names: names, codes: rows.map { codes[$0] })
            case .bytes(let column): bytes.map { .bytes(ByteColumn($0, column.place)) } ?? .bytes(column)
            }
        }
        data.labels = rows.map { labels[$0] }
        data.users = rows.map { users[$0] }
        data.times = times.map { times in rows.map { times[$0] } }
        data.weights = weights.map { weights in rows.map { weights[$0] } }
        data.offsets = offsets.map { offsets in rows.map { offsets[$0] } }
        data.dealt = dealt?.selecting(rows)
        return data
    }

    /// The table of the inputs that are known by their bins alone; nil where there are none. They are all of
    /// one table.
    package var byteTable: ByteTable? {
        for case .bytes(let column) in columns { return column.table }
        return nil
    }

    /// The rows with a weight: those of weight 0 count as absent.
    var presentRows: TrainingData {
        guard let weights, weights.contains(0) else { return self }
        return selecting(weights.indices.filter { weights[$0] > 0 })
    }

    /// The same rows without inputs.
    var withoutColumns: TrainingData {
        var data = self
        (data.inputs, data.columns, data.isSkewed) = ([], [], [])
        return data
    }

    /// Returns the data without levels that fewer than `minimum` users have: their rows get a level without a
    /// name, so that the model contains nothing that could identify a person. Of inputs that are known by
    /// their bins alone, rare levels were left out when these were chosen.
    ///
    /// - Parameter many: the same minimum for a category of which more than 30 levels remain; nil for no
    /// other one.
    public func keepingLevels(ofAtLeast minimum: Int, ofMany many: Int? = nil) -> TrainingData {
        var data = self
        data.columns = columns.map { column in
            guard case .levels(let names, let codes) = column else { return column }
            if let many, many < minimum, names.count > LevelCoding.fewLevels {
                let kept = Self.keepingLevels(names, codes, users: users, minimum: many)
                if case .levels(let names, _) = kept, names.count > LevelCoding.fewLevels { return kept }
            }
            return Self.keepingLevels(names, codes, users: users, minimum: minimum)
        }
        return data
    }

    /// Returns the same rows with other offsets.
    func with(offsets: [Double]?) -> TrainingData {
        var data = self
        data.offsets = offsets
        return data
    }

    /// Returns the same rows with other weights.
    package func with(weights: [Double]?) -> TrainingData {
        precondition(weights.map { $0.count == count } ?? true, "there is a weight for each row")
        var data = self
        data.weights = weights
        return data
    }

    /// Returns the same rows with other labels.
    package func with(labels: [Bool]) -> TrainingData {
        precondition(labels.count == count, "there is a label for each row")
        var data = self
        data.labels = labels
        return data
    }

    /// Returns the data with one more input, the last.
    func adding(_ input: Model.Input, _ column: Column, isSkewed: Bool?) -> TrainingData {
        precondition(column.count == count, "the column is as long as the others")
        var data = self
        data.inputs.append(input)
        data.columns.append(column)
        data.isSkewed.append(isSkewed)
        return data
    }

    /// Returns the same inputs with another column for one of them.
    ///
    /// - Parameter isSkewed: nil to keep what is known of the input.
    func replacing(_ input: Int, by column: Column, isSkewed: Bool? = nil) -> TrainingData {
        precondition(column.count == count, "the column is as long as the others")
        var data = self
        data.columns[input] = column
        data.isSkewed[input] = isSkewed ?? data.isSkewed[input]
        return data
    }

    /// Returns the data without the last input.
    var droppingLast: TrainingData {
        var data = self
        data.inputs.removeLast()
        data.columns.removeLast()
        data.isSkewed.removeLast()
        return data
    }

    private static func keepingLevels(
        _ names: [String], _ codes: [Int32], users: [Int32], minimum: Int
    ) -> Column {
        var seen = [Set<Int32>](repeating: [], count: names.count)
        for (row, code) in codes.enumerated() where code >= 0 && Int(code) < names.count {
            // Users are counted only up to the minimum.
            if seen[Int(code)].count < minimum { seen[Int(code)].insert(users[row]) }
        }
        let kept = names.indices.filter { seen[$0].count >= minimum }.sorted { names[$0] < names[$1] }
        // The last element is for levels without a name, which remain so.
        var position = [Int32](repeating: Int32(kept.count), count: names.count + 1)
        for (index, level) in kept.enumerated() { position[level] = Int32(index) }
        return .levels(
            names: kept.map { names[$0] },
            codes: codes.map { $0 < 0 ? -1 : position[min(Int($0), names.count)] })
    }

    /// The number of users.
    var userCount: Int {
        guard hasDenseUsers, let most = users.max() else { return Set(users).count }
        var isThere = [Bool](repeating: false, count: Int(most) + 1)
        for user in users { isThere[Int(user)] = true }
        return isThere.count { $0 }
    }

    /// True where users are indices of a list, so that an array of them is no larger than the rows.
    private var hasDenseUsers: Bool {
        guard let most = users.max(), let least = users.min() else { return false }
        return least >= 0 && Int(most) <= 4 * users.count + 1_024
    }

    /// The weight of each row divided by that of all rows of its user, so that sums of it count users.
    package var userShares: [Double] {
        guard let most = users.max() else { return [] }
        if let weights {
            var sums: [Int32: Double] = [:]
            for (user, weight) in zip(users, weights) { sums[user, default: 0] += weight }
            return zip(users, weights).map { user, weight in weight > 0 ? weight / (sums[user] ?? weight) : 0
            }
        }
        // Users are indices of a list, so that an array suffices unless they come from elsewhere.
        guard hasDenseUsers else {
            var counts: [Int32: Int] = [:]
            for user in users { counts[user, default: 0] += 1 }
            return users.map { 1 / Double(counts[$0] ?? 1) }
        }
        var counts = [Int32](repeating: 0, count: Int(most) + 1)
        for user in users { counts[Int(user)] += 1 }
        return users.map { 1 / Double(counts[Int($0)]) }
    }
}
