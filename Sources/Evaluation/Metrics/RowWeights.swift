/// The validation of row weights.
enum RowWeights {
    /// Returns true if there is one finite weight of 0 or more for each row, or there are none at all.
    static func areValid(_ weights: [Double]?, rows: Int) -> Bool {
        guard let weights else { return true }
        return weights.count == rows && weights.allSatisfy { $0 >= 0 && $0 < .infinity }
    }
}
