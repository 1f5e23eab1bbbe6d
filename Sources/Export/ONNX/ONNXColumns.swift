import LimpetScoring

/// The distinct columns that the terms of a model read: transformed numbers, bins of numbers, and codes of
/// texts.
struct ONNXColumns {
    /// A number as terms read it.
    struct Number: Hashable {
        var input: Int
        var transform: Term.Transform
    }

    /// A column of bins, whole numbers from 0.
    enum State: Hashable {
        /// The bin of a number; a missing number has one more bin after the others.
        case bins(Number, edges: [Double])
        /// The code of a text.
        case codes(input: Int)
        /// The bin of a text on a grid's axis, by its code.
        case levels(input: Int, states: [Int])

        /// The rank in the order of the columns, which groups them by case.
        var rank: Int {
            switch self {
            case .bins: 0
            case .codes: 1
            case .levels: 2
            }
        }
    }

    let inputs: InputPlaces
    private(set) var numbers: [Number] = []
    private(set) var states: [State] = []
    private var placeOfNumber: [Number: Int] = [:]
    private var placeOfState: [State: Int] = [:]

    init(_ model: Model) {
        inputs = InputPlaces(model)
        let states = model.terms.flatMap { $0.states(inputs) }
        for rank in 0...2 {
            for state in states where state.rank == rank { add(state) }
        }
        for term in model.terms {
            if let number = term.number { add(number) }
        }
        sortNumbers()
    }

    private mutating func add(_ state: State) {
        guard placeOfState[state] == nil else { return }
        placeOfState[state] = states.count
        states.append(state)
        switch state {
        case .bins(let number, _): add(number)
        // The bins of texts on a grid's axis are looked up by their codes.
        case .levels, .codes: break
        }
    }

    private mutating func add(_ number: Number) {
        guard placeOfNumber[number] == nil else { return }
        placeOfNumber[number] = numbers.count
        numbers.append(number)
    }

    /// Sorts the untransformed numbers before the logarithms.
    private mutating func sortNumbers() {
        numbers = numbers.filter { $0.transform == .identity } + numbers.filter { $0.transform != .identity }
        for (place, number) in numbers.enumerated() { placeOfNumber[number] = place }
    }

    /// Returns the index of a number's column.
    func place(of number: Number) -> Int { placeOfNumber[number] ?? 0 }

    /// Returns the index of a column of bins.
    func place(of state: State) -> Int { placeOfState[state] ?? 0 }
}

extension Term {
    /// The number that a line or a curve reads.
    var number: ONNXColumns.Number? {
        switch shape {
        case .line(let line): ONNXColumns.Number(input: input, transform: line.transform)
        case .curve(let curve): ONNXColumns.Number(input: input, transform: curve.transform)
        case .steps, .levels, .grid: nil
        }
    }

    /// Returns the columns of bins that the term reads; for a grid those of its rows, then those of its
    /// columns, and the codes of those that are of texts.
    func states(_ inputs: InputPlaces) -> [ONNXColumns.State] {
        switch shape {
        case .line: return []
        case .curve(let curve):
            return [.bins(ONNXColumns.Number(input: input, transform: curve.transform), edges: curve.knots)]
        case .steps(let steps):
            return [.bins(ONNXColumns.Number(input: input, transform: .identity), edges: steps.edges)]
        case .levels: return [.codes(input: input)]
        case .grid(let grid):
            let axes = [grid.rows.state(of: input, inputs), grid.columns.state(of: grid.second, inputs)]
            let codes = axes.compactMap { axis in
                if case .levels(let input, _) = axis { ONNXColumns.State.codes(input: input) } else { nil }
            }
            return axes + codes
        }
    }
}

extension Term.Axis {
    fileprivate func state(of input: Int, _ inputs: InputPlaces) -> ONNXColumns.State {
        switch self {
        case .numbers(let edges): .bins(ONNXColumns.Number(input: input, transform: .identity), edges: edges)
        case .levels(let names):
            .levels(input: input, states: inputs.codes[inputs.places[input]].bins(of: names))
        }
    }
}
