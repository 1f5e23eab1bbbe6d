extension TrainingData.Column {
    /// True when all rows have the same value, or all lack one, so that the column carries no information.
    package var isConstant: Bool {
        switch self {
        case .numbers(let numbers):
            guard let first = numbers.first else { return true }
            return numbers.allSatisfy { $0 == first || ($0.isNaN && first.isNaN) }
        case .levels(_, let codes):
            return codes.allSatisfy { $0 == codes.first }
        case .bytes(let column):
            return column.isConstant
        }
    }
}
