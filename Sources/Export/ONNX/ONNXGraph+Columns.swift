extension ONNXGraph {
    /// Two tensors of doubles or whole numbers under one operation.
    mutating func binary(_ operation: String, _ left: Value, _ right: Value) -> Value {
        node(operation, [left, right])
    }

    /// One or the other, where a condition holds or not.
    mutating func choice(_ condition: Value, _ yes: Value, _ no: Value) -> Value {
        node("Where", [condition, yes, no])
    }

    /// A list of N elements as a matrix of N × 1.
    mutating func column(_ list: Value) -> Value { node("Reshape", [list, constant([-1, 1])]) }

    /// Matrices side by side.
    mutating func beside(_ matrices: [Value]) -> Value {
        return node("Concat", matrices, ["axis": .integer(1)])
    }

    /// Some columns of a matrix, by number.
    mutating func columns(_ matrix: Value, _ numbers: [Int]) -> Value {
        node("Gather", [matrix, constant(numbers)], ["axis": .integer(1)])
    }

    /// Elements of a list, by a matrix of places.
    mutating func elements(of list: Value, at places: Value) -> Value { node("Gather", [list, places]) }

    /// Whether elements are missing.
    mutating func isMissing(_ matrix: Value) -> Value { node("IsNaN", [matrix]) }

    /// `sign(x)·log(1 + |x|)`, with the rounding error of `1 + |x|` put back.
    mutating func signedLog(_ x: Value) -> Value {
        let one = constant([1.0])
        let size = node("Abs", [x])
        let sum = binary("Add", one, size)
        let lost = binary("Sub", size, binary("Sub", sum, one))
        let logarithm = binary("Add", node("Log", [sum]), binary("Div", lost, sum))
        let isTiny = binary("Equal", sum, one)
        return binary("Mul", node("Sign", [x]), choice(isTiny, size, logarithm))
    }

    /// How many edges of its own each column's elements reach: a binary search in all columns at once.
    ///
    /// - Parameters:
    ///   - columns: numbers, N × A.
    ///   - edges: ascending edges, one list for each of the A columns.
    /// - Returns: whole numbers, N × A, or 1 × A where there are no edges; a missing number reaches none.
    mutating func bins(of columns: Value, edges: [[Double]]) -> Value {
        // Each list ends with NaN, which nothing reaches, so that a search may look one place behind its edges.
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

    /// Where each of some lists begins when they lie one behind the other.
    static func starts(of counts: [Int]) -> [Int] {
        var (starts, next): ([Int], Int) = ([], 0)
        for count in counts {
            starts.append(next)
            next += count
        }
        return starts
    }
}
