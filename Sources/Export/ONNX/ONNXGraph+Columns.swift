extension ONNXGraph {
    /// Applies a binary operation to two tensors of doubles or whole numbers.
    mutating func binary(_ operation: String, _ left: Value, _ right: Value) -> Value {
        node(operation, [left, right])
    }

    /// Selects elements of `yes` where the condition is true, else of `no`.
    mutating func choice(_ condition: Value, _ yes: Value, _ no: Value) -> Value {
        node("Where", [condition, yes, no])
    }

    /// Reshapes a list `[rows]` to a matrix `[rows][1]`.
    mutating func column(_ list: Value) -> Value { node("Reshape", [list, constant([-1, 1])]) }

    /// Joins matrices along their columns.
    mutating func beside(_ matrices: [Value]) -> Value {
        return node("Concat", matrices, ["axis": .integer(1)])
    }

    /// Selects columns of a matrix by index.
    mutating func columns(_ matrix: Value, _ numbers: [Int]) -> Value {
        node("Gather", [matrix, constant(numbers)], ["axis": .integer(1)])
    }

    /// Selects elements of a list by a matrix of indices.
    mutating func elements(of list: Value, at places: Value) -> Value { node("Gather", [list, places]) }

    /// Returns which elements are NaN, that is missing.
    mutating func isMissing(_ matrix: Value) -> Value { node("IsNaN", [matrix]) }

    /// Returns `sign(x)·log(1 + |x|)`, corrected for the rounding error of `1 + |x|`.
    mutating func signedLog(_ x: Value) -> Value {
        let one = constant([1.0])
        let size = node("Abs", [x])
        let sum = binary("Add", one, size)
        let lost = binary("Sub", size, binary("Sub", sum, one))
        let logarithm = binary("Add", node("Log", [sum]), binary("Div", lost, sum))
        let isTiny = binary("Equal", sum, one)
        return binary("Mul", node("Sign", [x]), choice(isTiny, size, logarithm))
    }

    /// Returns the number of edges at or below each element of each column: a binary search in all columns at
    /// once.
    ///
    /// - Parameters:
    ///   - columns: numbers, `[rows][columns]`.
    ///   - edges: ascending edges, `[columns][edges]`.
    /// - Returns: whole numbers, `[rows][columns]`, or `[1][columns]` where there are no edges; 0 for a
    ///   missing number.
    mutating func bins(of columns: Value, edges: [[Double]]) -> Value {
        // Each list ends with NaN, which no number reaches, so that the search may read one element after the
        // edges.
        let sorted = constant(edges.flatMap { $0 + [.nan] })
        let starts = Self.starts(of: edges.map { $0.count + 1 })
        let (start, count) = (constant(starts), constant(edges.map(\.count)))
        var place = constant([Int](repeating: 0, count: edges.count), [1, edges.count])
        let most = edges.map(\.count).max() ?? 0
        var half = 1
        while 2 * half - 1 < most { half *= 2 }
        while half > 0, most > 0 {
            let probe = binary("Min", binary("Add", place, constant([half - 1])), count)
            let edge = elements(of: sorted, at: binary("Add", start, probe))
            let isReached = binary("GreaterOrEqual", columns, edge)
            place = binary("Add", place, choice(isReached, constant([half]), constant([0])))
            half /= 2
        }
        return place
    }

    /// Returns the start of each list when lists of these lengths are concatenated.
    static func starts(of counts: [Int]) -> [Int] {
        var (starts, next): ([Int], Int) = ([], 0)
        for count in counts {
            starts.append(next)
            next += count
        }
        return starts
    }
}
