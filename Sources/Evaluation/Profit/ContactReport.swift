/// The profit of contacting a given selection of rows; contacting nobody gives 0.
///
/// The selection is made by the caller: by one threshold for all rows, or by one for each fold of an
/// estimate.
public struct ContactReport: Hashable, Sendable {
    /// A value with its interval.
    public struct Value: Hashable, Sendable {
        /// The value on the rows as they are.
        public var value: Double
        /// The interval over users; nil where none was requested.
        public var interval: Interval?
    }

    /// The profit per row, contacted or not.
    public var mean: Value
    /// The profit per contacted row; nil when there is none.
    public var perContact: Value?
    /// The share of rows that are contacted.
    public var fraction: Value
    /// The profit per row if everybody were contacted.
    public var everybody: Value

    /// Computes the profits; nil without rows, or when a weight or a profit is not finite.
    ///
    /// - Parameters:
    ///   - isContacted: true for each row that is contacted.
    ///   - bootstrap: the resampling of users for intervals; nil for none.
    public init?(_ outcomes: Outcomes, isContacted: [Bool], profit: Profit, bootstrap: Bootstrap?) {
        precondition(isContacted.count == outcomes.count, "each row is contacted or not")
        guard RowWeights.areValid(outcomes.weights, rows: outcomes.count) else { return nil }
        let units = ResamplingUnits(
            UserIndex(outcomes.users, weights: outcomes.weights), seed: bootstrap?.seed ?? 0)
        var sums = [Sums](repeating: Sums(), count: units.count)
        for row in outcomes.labels.indices where units.ofRow[row] >= 0 {
            let brings = profit.contacting(row, of: outcomes)
            let weight = outcomes.weights?[row] ?? 1
            sums[Int(units.ofRow[row])].add(
                Sums(brings: brings, weight: weight, isContacted: isContacted[row]))
        }
        let whole = Sums(sums) { _ in 1 }
        guard whole.rows > 0, whole.profit.isFinite, whole.everybody.isFinite else { return nil }
        let draws = Self.draws(of: sums, bootstrap)
        func value(_ quantity: (Sums) -> Double?) -> Value? {
            quantity(whole).map {
                Value(value: $0, interval: Self.interval(draws.compactMap(quantity), bootstrap))
            }
        }
        let none = Value(value: 0)
        mean = value { $0.profit / $0.rows } ?? none
        perContact = value { $0.contacted > 0 ? $0.profit / $0.contacted : nil }
        fraction = value { $0.contacted / $0.rows } ?? none
        everybody = value { $0.everybody / $0.rows } ?? none
    }

    /// The sums over rows from which all values follow.
    private struct Sums {
        var (rows, contacted, profit, everybody) = (0.0, 0.0, 0.0, 0.0)

        init() {}

        init(brings: Double, weight: Double, isContacted: Bool) {
            rows = weight
            contacted = isContacted ? weight : 0
            profit = isContacted ? weight * brings : 0
            everybody = weight * brings
        }

        /// Creates the sum over users or clusters of them, each counted the given number of times.
        init(_ units: [Sums], times: (Int) -> Double) {
            for (place, unit) in units.enumerated() { add(unit, times: times(place)) }
        }

        mutating func add(_ other: Sums, times: Double = 1) {
            rows += times * other.rows
            contacted += times * other.contacted
            profit += times * other.profit
            everybody += times * other.everybody
        }
    }

    private static func draws(of units: [Sums], _ bootstrap: Bootstrap?) -> [Sums] {
        guard let bootstrap, units.count >= 2 else { return [] }
        return bootstrap.draws(users: units.count)
            .map { counts in Sums(units) { Double(counts[$0]) } }
            .filter { $0.rows > 0 }
    }

    private static func interval(_ values: [Double], _ bootstrap: Bootstrap?) -> Interval? {
        guard let bootstrap,
            Double(values.count) >= (1 - Bootstrap.undefinedShare) * Double(bootstrap.replicates)
        else { return nil }
        return Interval(percentilesOf: values, level: bootstrap.level)
    }
}
