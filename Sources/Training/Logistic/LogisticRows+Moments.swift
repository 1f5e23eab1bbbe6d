import LimpetLinearAlgebra

extension LogisticRows {
    /// Returns the weighted standard deviation of each column among the rows that each model does not hold
    /// out, as `[models][columns]`.
    func deviations(heldOut: [Int?], threads: Int) async throws -> [[Double]] {
        let sums = try await segmentSums(threads: threads)
        return heldOut.map { segment in
            var (weight, first, second) = (0.0, zeros, zeros)
            for (place, sum) in sums.enumerated() where place != segment {
                weight += sum.weight
                for column in 0..<columns {
                    first[column] += sum.first[column]
                    second[column] += sum.second[column]
                }
            }
            guard weight > 0 else { return zeros }
            return (0..<columns).map { column in
                let mean = first[column] / weight
                let variance = second[column] / weight - mean * mean
                return variance > 1e-12 * max(1e-300, second[column] / weight) ? variance.squareRoot() : 0
            }
        }
    }

    private var zeros: [Double] { [Double](repeating: 0, count: columns) }

    private struct Sums: Sendable {
        var weight = 0.0
        var first: [Double]
        var second: [Double]
    }

    private func segmentSums(threads: Int) async throws -> [Sums] {
        let parts = try await forGroups(threads: threads) { _, blocks in
            var sums = Sums(first: zeros, second: zeros)
            for block in blocks {
                sums.weight += block.totalWeight
                for column in 0..<columns {
                    let (first, second) = block.moments(ofColumn: column)
                    sums.first[column] += first
                    sums.second[column] += second
                }
            }
            return sums
        }
        var result = [Sums](repeating: Sums(first: zeros, second: zeros), count: segmentCount)
        for (segment, part) in parts {
            result[segment].weight += part.weight
            for column in 0..<columns {
                result[segment].first[column] += part.first[column]
                result[segment].second[column] += part.second[column]
            }
        }
        return result
    }
}
