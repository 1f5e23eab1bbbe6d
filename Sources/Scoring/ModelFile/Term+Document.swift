import LimpetDocuments
import LimpetEvents

extension Term {
    func document(inputs: [Model.Input]) -> JSON {
        var members: [JSONMember] = [JSONMember(name: "input", value: .string(inputs[input].name))]
        switch shape {
        case .line(let line): members += line.members
        case .curve(let curve): members += curve.members
        case .steps(let steps): members += steps.members
        case .levels(let levels): members += levels.members
        case .grid(let grid): members += grid.members(inputs: inputs)
        }
        if !isGrid { members.append(JSONMember(name: "missing", value: .number(missing))) }
        members.append(JSONMember(name: "importance", value: .number(importance)))
        return .object(members)
    }

    private var isGrid: Bool {
        if case .grid = shape { true } else { false }
    }

    init(_ node: DocumentNode, indices: VerbatimDictionary<Int>, inputs: [Model.Input]) throws(DocumentError)
    {
        let input = try node.required("input").input(in: indices)
        let type = try node.required("type").string()
        let importance = try node.required("importance").double()
        guard type != "grid" else {
            let grid = try Grid(node, first: input, indices: indices, inputs: inputs)
            self.init(input: input, grid: grid, importance: importance)
            return
        }
        guard (type == "levels") == inputs[input].isCategorical else {
            throw node.error("a term of type \(type) does not fit the input \(inputs[input].name)")
        }
        let shape: Shape
        switch type {
        case "line": shape = .line(try Line(node))
        case "curve": shape = .curve(try Curve(node))
        case "steps": shape = .steps(try Steps(node))
        case "levels": shape = .levels(try Levels(node))
        default: throw node.error("expected a type of line, curve, steps, levels or grid")
        }
        self.init(
            input: input, shape: shape, missing: try node.required("missing").double(),
            importance: importance)
    }

    static let commonKeys = ["input", "type", "missing", "importance"]
}

extension Term.Line {
    fileprivate var members: [JSONMember] {
        var members = [
            JSONMember(name: "type", value: .string("line")),
            JSONMember(name: "transform", value: .string(transform.rawValue)),
            JSONMember(name: "coefficient", value: .number(coefficient)),
            JSONMember(name: "offset", value: .number(offset)),
        ]
        if let standardError {
            members.append(JSONMember(name: "standardError", value: .number(standardError)))
        }
        return members
    }

    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(Term.commonKeys + ["transform", "coefficient", "offset", "standardError"])
        self.init(
            transform: try node.required("transform").choice(Term.Transform.self),
            coefficient: try node.required("coefficient").double(),
            offset: try node.required("offset").double(),
            standardError: try node.optional("standardError")?.double())
    }
}

extension Term.Steps {
    fileprivate var members: [JSONMember] {
        var members = [
            JSONMember(name: "type", value: .string("steps")),
            JSONMember(name: "edges", value: .numbers(edges)),
            JSONMember(name: "values", value: .numbers(values)),
        ]
        if let standardErrors {
            members.append(JSONMember(name: "standardErrors", value: .numbers(standardErrors)))
        }
        return members
    }

    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(Term.commonKeys + ["edges", "values", "standardErrors"])
        let edges = try node.required("edges").doubles()
        let values = try node.required("values").doubles()
        let errors = try node.optional("standardErrors")?.standardErrors()
        guard edges.count < ModelLimits.binsPerInput, edges.isStrictlyAscending else {
            throw node.error("edges must be strictly ascending, fewer than \(ModelLimits.binsPerInput)")
        }
        guard values.count == edges.count + 1 else {
            throw node.error("\(edges.count) edges need \(edges.count + 1) values, found \(values.count)")
        }
        guard errors.map({ $0.count == values.count }) ?? true else {
            throw node.error("values and standardErrors must be as many")
        }
        self.init(edges: edges, values: values, standardErrors: errors)
    }
}

extension Term.Levels {
    fileprivate var members: [JSONMember] {
        var members = [
            JSONMember(name: "type", value: .string("levels")),
            JSONMember(name: "levels", value: .array(names.map { .string($0) })),
            JSONMember(name: "values", value: .numbers(values)),
            JSONMember(name: "other", value: .number(other)),
        ]
        if let standardErrors {
            members.append(JSONMember(name: "standardErrors", value: .numbers(standardErrors)))
        }
        return members
    }

    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(Term.commonKeys + ["levels", "values", "other", "standardErrors"])
        let names = try node.required("levels").strings()
        let values = try node.required("values").doubles()
        let errors = try node.optional("standardErrors")?.doubles()
        guard names.count == values.count, errors.map({ $0.count == names.count }) ?? true else {
            throw node.error("levels, values and standardErrors must be as many")
        }
        guard names.areDistinctLevels else { throw node.error("levels must differ and may not be empty") }
        self.init(
            names: names, values: values, other: try node.required("other").double(), standardErrors: errors)
    }
}

extension DocumentNode {
    /// Returns the index of the input with this name.
    func input(in indices: VerbatimDictionary<Int>) throws(DocumentError) -> Int {
        let name = try string()
        guard let input = indices[name] else { throw error("there is no input \(name.quoted)") }
        return input
    }

    /// Returns a list of standard errors, each finite and not negative.
    func standardErrors() throws(DocumentError) -> [Double] {
        let errors = try doubles()
        guard errors.allSatisfy({ $0 >= 0 }) else { throw error("a standard error cannot be below 0") }
        return errors
    }
}
