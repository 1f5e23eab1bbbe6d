extension CalibrationRegression {
    /// The sums and the ranges that say whether there is a line.
    struct Extent {
        /// The weights of either label.
        private var (positive, negative) = (0.0, 0.0)
        private var positives = (least: Double.infinity, most: -Double.infinity)
        private var negatives = (least: Double.infinity, most: -Double.infinity)
        /// The least of all values.
        private(set) var least = Double.infinity
        /// The largest of all values.
        private(set) var most = -Double.infinity

        init(_ regression: CalibrationRegression) {
            let (values, ones) = (regression.logOdds.span, regression.positives.span)
            let zeros = regression.negatives.span
            for place in 0..<values.count {
                let (x, one, zero) = (values[place], ones[place], zeros[place])
                positive += one
                negative += zero
                least = x < least ? x : least
                most = x > most ? x : most
                // Without branches, which random labels would mislead.
                let (isZero, isOne) = (zero > 0, one > 0)
                negatives.least = isZero && x < negatives.least ? x : negatives.least
                negatives.most = isZero && x > negatives.most ? x : negatives.most
                positives.least = isOne && x < positives.least ? x : positives.least
                positives.most = isOne && x > positives.most ? x : positives.most
            }
        }

        /// The share of label 1; nil when one class is empty.
        var share: Double? {
            positive > 0 && negative > 0 ? positive / (positive + negative) : nil
        }

        /// True if the log-odds differ and the ranges of the classes overlap by more than one point, so that
        /// they are not separated.
        var isSolvable: Bool { negatives.most > positives.least && positives.most > negatives.least }
    }

    /// The number of values from which on a fit starts at the line of groups.
    private static let manyValues = 16_384
    /// Returns the number of intervals of equal width that the groups fill.
    private static func intervals(_ values: Int) -> Int { values < 262_144 ? 4_096 : 16_384 }

    /// The extent of the values, and a start for fits.
    struct Coarse {
        let extent: Extent
        /// The values in groups of neighbours, each at the mean of its values: its line is that of the values
        /// but for the spread within groups, so that few passes over the values remain. Nil where there are
        /// not many.
        let groups: CalibrationRegression?
    }

    func coarse() -> Coarse {
        let extent = Extent(self)
        return Coarse(extent: extent, groups: groups(extent))
    }

    private func groups(_ extent: Extent) -> CalibrationRegression? {
        guard logOdds.count >= Self.manyValues else { return nil }
        let intervals = Self.intervals(logOdds.count)
        let scale = Double(intervals) / (extent.most - extent.least)
        guard scale > 0, scale < .infinity else { return nil }
        var groups = [SIMD4<Double>](repeating: .zero, count: intervals + 1)
        let (values, ones, zeros) = (logOdds.span, positives.span, negatives.span)
        for place in 0..<values.count {
            let (one, zero) = (ones[place], zeros[place])
            let interval = Int((values[place] - extent.least) * scale)
            groups[interval] += SIMD4(one, zero, (one + zero) * values[place], 0)
        }
        groups.removeAll { !($0.x + $0.y > 0) }
        return CalibrationRegression(
            logOdds: groups.map { $0.z / ($0.x + $0.y) }, positives: groups.map(\.x),
            negatives: groups.map(\.y))
    }
}
