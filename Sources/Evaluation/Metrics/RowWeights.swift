/// What weights of rows may be.
enum RowWeights {
    /// Whether there is one finite weight of 0 or more for each row, or none are given.
    static func areValid(_ weights: [Double]?, rows: Int) -> Bool {
        guard let weights else { return true }
        return weights.count == rows && weights.allSatisfy { $0 >= 0 && $0 < .infinity }
    }
}
