import LimpetScoring

/// What the terms of a model look at, each thing once: transformed numbers, states of numbers between edges, and codes
/// of texts.
struct ONNXColumns {
    /// A number as terms read it.
    struct Number: Hashable {
        var input: Int
        var transform: Term.Transform
    }

    /// A column of states, whole numbers from 0.
    enum State: Hashable {
        /// The bin of a number; behind the bins the state of a missing one.
        case bins(Number, edges: [Double])
        /// The code of a text.
        case codes(input: Int)
        /// The state of a text on a grid's axis, by its code.
        case levels(input: Int, states: [Int])

        /// Columns stand in this order, those of one kind together.
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
        // A grid's states of texts are found by their codes.
        case .levels, .codes: break
        }
    }

    private mutating func add(_ number: Number) {
        guard placeOfNumber[number] == nil else { return }
        placeOfNumber[number] = numbers.count
        numbers.append(number)
    }

    /// Numbers as they are come before their logarithms.
    private mutating func sortNumbers() {
        numbers = numbers.filter { $0.transform == .identity } + numbers.filter { $0.transform != .identity }
        for (place, number) in numbers.enumerated() { placeOfNumber[number] = place }
    }

    /// The column of a number.
    func place(of number: Number) -> Int { placeOfNumber[number] ?? 0 }

    /// The column of a state.
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

    /// The states that the term looks at; of a grid those of its rows, then those of its columns, and where these are
    /// of texts their codes as well.
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
