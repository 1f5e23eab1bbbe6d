import LimpetNumerics
import LimpetScoring

extension CalibrationRegression {
    /// See ``Calibration/intercept(logOdds:labels:weights:)``.
    ///
    /// - Parameter coarse: the same values in groups, whose intercept is a start; nil for none.
    func intercept(_ coarse: Coarse) -> Double? {
        intercept(near: coarse.groups?.intercept().map { ($0, nil) }, extent: coarse.extent)
    }

    /// See ``Calibration/intercept(logOdds:labels:weights:)``.
    ///
    /// Newton's method; a step that would leave the interval known to hold the root goes to its middle
    /// instead. `start` is an intercept nearby with the probabilities fitted there.
    func intercept(
        near start: (intercept: Double, fitted: [Double]?)? = nil, extent: Extent? = nil
    ) -> Double? {
        let extent = extent ?? Extent(self)
        guard let share = extent.share else { return nil }
        let (least, most) = (extent.least, extent.most)
        // The mean probability lies between those of the least and the largest log-odds, moved by the
        // intercept.
        let target = ElementaryFunctions.logit(share)
        var (low, high) = (target - most, target - least)
        var intercept = min(max(start?.intercept ?? 0, low), high)
        var fitted = start?.intercept == intercept ? start?.fitted : nil
        for _ in 0..<200 {
            let sums = slope(intercept, fitted: fitted)
            fitted = nil
            if sums.gradient > 0 { low = intercept } else { high = intercept }
            var next = intercept + sums.gradient / sums.curvature
            // Written so that a NaN step is refused too.
            if !(next >= low && next <= high) { next = low + (high - low) / 2 }
            let change = abs(next - intercept)
            intercept = next
            // Newton's steps square the error: after one of 1e-6 only rounding is left.
            if change < 1e-6 * max(1, abs(intercept)) { break }
        }
        return intercept
    }

    /// Returns the derivative of the log likelihood in the intercept, and its negative second derivative.
    private func slope(_ intercept: Double, fitted: [Double]?) -> (gradient: Double, curvature: Double) {
        var sums = (gradient: 0.0, curvature: 0.0)
        let (positives, negatives) = (positives.span, negatives.span)
        func add(_ place: Int, _ p: Double) {
            sums.gradient += positives[place] * (1 - p) - negatives[place] * p
            sums.curvature += (positives[place] + negatives[place]) * p * (1 - p)
        }
        if let fitted {
            for place in fitted.indices { add(place, fitted[place]) }
        } else {
            forEachFitted(Calibration.Line(slope: 1, intercept: intercept)) { place, _, p in add(place, p) }
        }
        return sums
    }
}
