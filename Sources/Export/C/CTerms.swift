import LimpetScoring

/// The terms of a model in C: arrays, and functions that add the contributions of consecutive terms to a sum,
/// in the model's order.
struct CTerms {
    let model: Model
    let inputs: InputPlaces
    /// The definitions of arrays, in the order of their first use.
    private(set) var arrays: [String] = []
    /// The runtime functions that the terms call.
    private(set) var routines: Set<CRuntime.Routine> = []

    /// The number of terms in one function: the time of compilers grows faster than linearly with its length.
    private static let termsPerFunction = 250

    /// The number of functions for the terms.
    var functionCount: Int { (model.terms.count + Self.termsPerFunction - 1) / Self.termsPerFunction }

    init(model: Model, inputs: InputPlaces) {
        (self.model, self.inputs) = (model, inputs)
    }

    /// Returns the functions `§_terms_0`, `§_terms_1`, ….
    mutating func functions() -> String {
        var text = ""
        for number in 0..<functionCount {
            let first = number * Self.termsPerFunction
            let last = min(first + Self.termsPerFunction, model.terms.count)
            text += """
                static double §_terms_\(number)(double sum, const double *x, const int *code)
                {
                    (void)x;
                    (void)code;

                """
            for index in first..<last {
                let names = model.terms[index].inputs.map { CLiteral.comment(model.inputs[$0].name) }
                text += "    /* \(names.joined(separator: " and ")) */\n"
                text += "    sum += \(expression(model.terms[index]));\n"
            }
            text += "    return sum;\n}\n\n"
        }
        return text
    }

    private mutating func expression(_ term: Term) -> String {
        switch term.shape {
        case .line(let line):
            let numbers = [line.offset, line.coefficient, term.missing].map(CLiteral.number)
            return call(.line, [value(term.input, line.transform)] + numbers)
        case .curve(let curve):
            let pieces = curve.pieces.flatMap { [$0.origin, $0.constant, $0.linear, $0.square, $0.cube] }
            return call(
                .curve,
                [value(term.input, curve.transform)] + edges(curve.knots) + [
                    array("pieces", pieces), CLiteral.number(term.missing),
                ])
        case .steps(let steps):
            let values = array("values", steps.values + [term.missing])
            return call(.steps, [value(term.input)] + edges(steps.edges) + [values])
        case .levels(let levels):
            let place = inputs.places[term.input]
            let values = inputs.codes[place].table(
                levels.names, levels.values, other: levels.other, missing: term.missing)
            return "\(array("values", values))[code[\(place)]]"
        case .grid(let grid):
            let values = array("values", grid.values)
            let (row, column) = (state(term.input, grid.rows), state(grid.second, grid.columns))
            return "\(values)[\(row) * \(grid.columns.binCount) + \(column)]"
        }
    }

    private mutating func value(_ input: Int, _ transform: Term.Transform = .identity) -> String {
        let number = "x[\(inputs.places[input])]"
        return transform == .identity ? number : call(.signedLog, [number])
    }

    private mutating func state(_ input: Int, _ axis: Term.Axis) -> String {
        switch axis {
        case .numbers(let bounds): return call(.state, [value(input)] + edges(bounds))
        case .levels(let names):
            let place = inputs.places[input]
            let states = inputs.codes[place].bins(of: names).map(String.init)
            return "\(array("states", type: "int", states))[code[\(place)]]"
        }
    }

    private mutating func call(_ routine: CRuntime.Routine, _ arguments: [String]) -> String {
        routines.insert(routine)
        return "\(routine.name)(\(arguments.joined(separator: ", ")))"
    }

    /// Returns the arguments of an array and its length; C has no empty arrays.
    private mutating func edges(_ edges: [Double]) -> [String] {
        edges.isEmpty ? ["NULL", "0"] : [array("edges", edges), String(edges.count)]
    }

    private mutating func array(_ name: String, _ numbers: [Double]) -> String {
        array(name, type: "double", numbers.map(CLiteral.number))
    }

    private mutating func array(_ name: String, type: String, _ elements: [String]) -> String {
        let name = "§_\(name)_\(arrays.count)"
        arrays.append("static const \(type) \(name)[\(elements.count)] = \(CLiteral.list(elements));\n")
        return name
    }
}

extension CRuntime.Routine {
    /// The name of the function.
    var name: String {
        switch self {
        case .bin: "§_bin"
        case .state: "§_state"
        case .steps: "§_steps"
        case .log: "§_log"
        case .signedLog: "§_signed_log"
        case .line: "§_line"
        case .curve: "§_curve"
        case .exp: "§_exp"
        case .logistic: "§_logistic"
        }
    }
}
