import LimpetLinearAlgebra
import LimpetScoring

extension LogisticDesign {
    /// A name for each column of the matrix, the intercept first.
    func names(_ data: TrainingData) -> [String] {
        ["(intercept)"]
            + columns.map { column in
                let input = data.inputs[column.input].name
                switch column.meaning {
                case .value(.identity, _, _): return input
                case .value(.signedLog, _, _): return "signed log of \(input)"
                case .spline(let spline): return Self.name(spline, of: input)
                case .missingNumber, .missingLevel: return "\(input) is missing"
                case .level(nil): return "\(input) is any other level"
                case .level(let level?):
                    guard case .levels(let names, _) = data.columns[column.input] else { return input }
                    return "\(input) is \(names[level])"
                }
            }
    }

    /// Returns the name of a spline's column; its first function is the value itself.
    private static func name(_ spline: SplineColumn, of input: String) -> String {
        let value = spline.curve.transform == .signedLog ? "signed log of \(input)" : input
        return spline.number == 0 ? value : "spline \(spline.number + 1) of \(value)"
    }

    /// The matrix that turns coefficients on standardised columns into those on the original columns: the
    /// (signed log of the) value, 0 where it is missing; the functions of ``RestrictedSpline`` likewise; 1
    /// where something is missing; 1 at a level.
    var outside: Matrix {
        var matrix = Matrix(rows: columns.count + 1, columns: columns.count + 1)
        matrix[0, 0] = 1
        for (place, column) in columns.enumerated() {
            switch column.meaning {
            case .value(_, let mean, let deviation):
                matrix[place + 1, place + 1] = 1 / deviation
                matrix[0, place + 1] = -mean / deviation
                // A missing value is the mean in the standardised column and 0 in the original one.
                if let missing = indicator(ofMissing: column.input) {
                    matrix[missing + 1, place + 1] = mean / deviation
                }
            case .spline(let spline):
                // The columns of a spline are adjacent.
                let first = place + 2 - spline.combination.count
                for (index, part) in spline.combination.enumerated() {
                    matrix[first + index, place + 1] = part
                }
                matrix[0, place + 1] = spline.constant
                if let missing = indicator(ofMissing: column.input) {
                    matrix[missing + 1, place + 1] = -spline.constant
                }
            case .missingNumber(let share, let deviation):
                matrix[place + 1, place + 1] = 1 / deviation
                matrix[0, place + 1] = -share / deviation
            case .level, .missingLevel: matrix[place + 1, place + 1] = 1
            }
        }
        return matrix
    }

    private func indicator(ofMissing input: Int) -> Int? {
        columns.firstIndex {
            guard case .missingNumber = $0.meaning else { return false }
            return $0.input == input
        }
    }
}
