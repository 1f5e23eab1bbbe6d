/// The weights of rows: the same in every lane, or also by how often each lane's bag has drawn their user.
package struct LaneWeights: Sendable {
    /// The rows' own weights, as multiples of ``unit``; nil for ones.
    let ofRow: [Float]?
    /// The power of two at or below the largest weight: so weights of any size fit into single precision, and
    /// their digits stay what they were.
    let unit: Double
    /// How often each lane has drawn each row's user, `[lanes][rows]`; empty where lanes draw none.
    let draws: [[UInt8]]

    /// Makes weights.
    package init(ofRow weights: [Double]?, draws: [[UInt8]] = []) {
        let most = weights?.max() ?? 1
        let unit = most > 0 && most.isFinite ? most.binade : 1
        ofRow = weights?.map { Float($0 / unit) }
        (self.unit, self.draws) = (unit, draws)
    }

    /// True where each lane has weights of its own.
    var isByLane: Bool { !draws.isEmpty }

    /// The largest weight of a row, as a multiple of ``unit``.
    var most: Float { (ofRow?.max() ?? 1) * Float(draws.compactMap { $0.max() }.max() ?? 1) }

    /// Returns the weights of all rows in a lane, as multiples of ``unit``; nil for ones.
    func weights(of lane: Int) -> [Float]? {
        guard isByLane else { return ofRow }
        guard let ofRow else { return draws[lane].map { Float($0) } }
        return zip(draws[lane], ofRow).map { Float($0) * $1 }
    }

    /// Returns the weights of some rows, as multiples of ``unit``: one for each, or where lanes differ
    /// `[rows][lanes]`; nil for ones.
    ///
    /// - Parameter lanes: of a vector, which may be more than there are bags.
    func weights(of rows: [Int32], lanes: Int) -> [Float]? {
        guard isByLane else { return ofRow.map { weights in rows.map { weights[Int($0)] } } }
        var weights = [Float](repeating: 0, count: rows.count * lanes)
        for (lane, draws) in draws.enumerated() {
            for (place, row) in rows.enumerated() {
                weights[place * lanes + lane] = Float(draws[Int(row)]) * (ofRow?[Int(row)] ?? 1)
            }
        }
        return weights
    }
}
