import LimpetScoring

/// A calibrator, written as the C function `§_probability`.
struct CCalibrator {
    let calibrator: Calibrator

    init(_ calibrator: Calibrator) { self.calibrator = calibrator }

    /// The runtime functions that it calls.
    var routines: Set<CRuntime.Routine> {
        if case .isotonic = calibrator { [.bin] } else { [.logistic] }
    }

    /// The source of the function.
    var text: String {
        switch calibrator {
        case .none: function("    return §_logistic(log_odds);")
        case .platt(let slope, let intercept):
            function(
                "    return §_logistic(\(CLiteral.number(intercept)) + \(CLiteral.number(slope)) * log_odds);"
            )
        case .isotonic(let knots, let values): isotonic(knots, values)
        }
    }

    private func function(_ body: String) -> String {
        "static double §_probability(double log_odds)\n{\n\(body)\n}\n"
    }

    private func isotonic(_ knots: [Double], _ values: [Double]) -> String {
        let lists = [knots, values].map { CLiteral.list($0.map(CLiteral.number)) }
        let arrays = """
            static const double §_calibration_knots[\(knots.count)] = \(lists[0]);
            static const double §_calibration_values[\(knots.count)] = \(lists[1]);


            """
        return arrays
            + function(
                """
                    const double *k = §_calibration_knots, *v = §_calibration_values;
                    int upper = §_bin(log_odds, k, \(knots.count));
                    double share, value;
                    if (upper == 0) return v[0];
                    if (upper == \(knots.count)) return v[\(knots.count - 1)];
                    share = (log_odds - k[upper - 1]) / (k[upper] - k[upper - 1]);
                    value = v[upper - 1] + share * (v[upper] - v[upper - 1]);
                    return value < v[upper] ? value : v[upper];
                """)
    }
}
