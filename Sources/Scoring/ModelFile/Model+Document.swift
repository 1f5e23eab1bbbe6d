public import LimpetDocuments
import LimpetEvents
import LimpetFeatures

/// The limits on the contents of a model file.
enum ModelLimits {
    static let inputs = 100_000
    static let binsPerInput = 65_536
    static let statesPerAxis = Term.Grid.mostBins
    static let cellsPerGrid = Term.Grid.mostCells
    static let knotsPerCurve = 1_024
    static let goldenRows = 10_000
}

extension Model {
    /// The newest format version that this release reads and writes.
    public static let documentVersion = 4

    /// The format version of this model.
    ///
    /// It is 4 if a number is written in a notation of its own; otherwise 3 if its training rows have weights
    /// or a category has codes that are numbers; otherwise 2 if the model has anything that readers of
    /// version 1 do not know, which are grids, curves, standard errors of steps, blends and thresholds;
    /// otherwise 1. A model has exactly one version, so that it has one hash.
    public var format: Int {
        if inputs.contains(where: { $0.notation != nil }) { return 4 }
        if training.isWeighted || inputs.contains(where: { $0.codes != nil }) { return 3 }
        return kind == .blend || decision != nil || terms.contains(where: \.needsSecondFormat) ? 2 : 1
    }

    /// The model as a document: the value of `model` in a model file.
    public var document: JSON {
        .object([
            "format": .number(format),
            "kind": .string(kind.rawValue),
            "source": source.document,
            "inputs": .array(
                inputs.map {
                    .object([
                        "name": .string($0.name), "type": .string($0.isCategorical ? "category" : "number"),
                        "codes": $0.codes.map { .string($0.rawValue) },
                        "notation": $0.notation?.document,
                    ])
                }),
            "intercept": .number(intercept),
            "terms": .array(terms.map { $0.document(inputs: inputs) }),
            "calibrator": calibrator.document,
            "training": training.document,
            "evaluation": evaluation,
            "provenance": provenance,
            "golden": golden.document,
            "decision": decision?.document,
        ])
    }

    /// Reads a model from a document and checks everything that can be checked without scoring.
    ///
    /// - Throws: `DocumentError` with the path of the invalid value.
    public init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly([
            "format", "kind", "source", "inputs", "intercept", "terms", "calibrator", "training",
            "evaluation",
            "provenance", "golden", "decision",
        ])
        let format = try node.required("format").integer(in: 1...Self.documentVersion)
        let inputs = try Self.inputs(node.required("inputs"))
        var indices: VerbatimDictionary<Int> = [:]
        for (index, input) in inputs.enumerated() { indices[input.name] = index }
        var terms: [Term] = []
        for element in try node.required("terms").elements(limit: ModelLimits.inputs) {
            let term = try Term(element, indices: indices, inputs: inputs)
            for input in term.inputs {
                for level in term.levelNames(of: input) where inputs[input].level(of: level) != level {
                    throw element.error(
                        "the level \(level.quoted) is no code in its shortest form, which is "
                            + inputs[input].level(of: level).quoted)
                }
            }
            terms.append(term)
        }
        self.init(
            kind: try node.required("kind").choice(Kind.self),
            source: try Source(node.required("source"), inputs: inputs), inputs: inputs,
            intercept: try node.required("intercept").double(), terms: terms,
            calibrator: try Calibrator(node.required("calibrator")),
            training: try TrainingSummary(node.required("training"), inputs: inputs),
            evaluation: try node.optional("evaluation")?.value ?? .null,
            provenance: try node.optional("provenance")?.value ?? .null,
            golden: try Golden(node.required("golden"), inputs: inputs),
            decision: try Self.decision(node, inputs: inputs))
        guard format == self.format else {
            throw try node.required("format").error("is \(format), but this model needs \(self.format)")
        }
    }

    private static func decision(
        _ node: DocumentNode, inputs: [Input]
    ) throws(DocumentError) -> Decision? {
        guard let member = try node.optional("decision") else { return nil }
        return try Decision(member, inputs: inputs)
    }

    private static func inputs(_ node: DocumentNode) throws(DocumentError) -> [Input] {
        var inputs: [Input] = []
        var names: VerbatimSet = []
        for element in try node.elements(limit: ModelLimits.inputs) {
            try element.allowOnly(["name", "type", "codes", "notation"])
            let name = try element.required("name").string()
            guard names.insert(name).inserted else { throw element.error("the name \(name) occurs twice") }
            let type = try element.required("type").string()
            guard type == "number" || type == "category" else {
                throw element.error("type is \(type.quoted), expected number or category")
            }
            let codes = try element.optional("codes")
            if let codes, type == "number" { throw codes.error("stands at a number, expected a category") }
            let notation = try element.optional("notation")
            if let notation, type == "category" {
                throw notation.error("stands at a category, expected a number")
            }
            inputs.append(
                Input(
                    name: name, isCategorical: type == "category", codes: try codes?.choice(Codes.self),
                    notation: try notation.map { (node) throws(DocumentError) in try Notation(node) }))
        }
        return inputs
    }
}

extension Model.Source {
    fileprivate var document: JSON {
        switch self {
        case .log(let featureSet, let population, let label):
            .object([
                "type": .string("log"), "featureSet": featureSet.document, "population": population.document,
                "label": label.document,
            ])
        case .table(let target, let positive):
            .object(["type": .string("table"), "target": .string(target), "positive": .string(positive)])
        }
    }

    fileprivate init(_ node: DocumentNode, inputs: [Model.Input]) throws(DocumentError) {
        switch try node.required("type").string() {
        case "log":
            try node.allowOnly(["type", "featureSet", "population", "label"])
            let featureSet = try FeatureSet(node.required("featureSet"))
            let expected = featureSet.features.map {
                Model.Input(name: $0.name, isCategorical: $0.kind.isCategorical)
            }
            guard expected == inputs else { throw node.error("the features are not the model's inputs") }
            self = .log(
                featureSet, try Population(node.required("population")), try Label(node.required("label")))
        case "table":
            try node.allowOnly(["type", "target", "positive"])
            self = .table(
                target: try node.required("target").string(), positive: try node.required("positive").string()
            )
        default:
            throw node.error("expected a type of log or table")
        }
    }
}

extension Calibrator {
    fileprivate var document: JSON {
        switch self {
        case .none: .object(["type": .string("none")])
        case .platt(let slope, let intercept):
            .object(["type": .string("platt"), "slope": .number(slope), "intercept": .number(intercept)])
        case .isotonic(let logOdds, let probabilities):
            .object([
                "type": .string("isotonic"), "logOdds": .numbers(logOdds),
                "probabilities": .numbers(probabilities),
            ])
        }
    }

    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        switch try node.required("type").string() {
        case "none":
            try node.allowOnly(["type"])
            self = .none
        case "platt":
            try node.allowOnly(["type", "slope", "intercept"])
            let slope = try node.required("slope").double()
            guard slope > 0 else { throw node.error("the slope must be above 0") }
            self = .platt(slope: slope, intercept: try node.required("intercept").double())
        case "isotonic":
            try node.allowOnly(["type", "logOdds", "probabilities"])
            let knots = try node.required("logOdds").doubles()
            let values = try node.required("probabilities").doubles()
            guard knots.count == values.count, !knots.isEmpty, knots.isStrictlyAscending,
                values.isStrictlyAscending, values.allSatisfy({ $0 > 0 && $0 < 1 })
            else {
                throw node.error("knots and probabilities must be as many, strictly ascending, in (0, 1)")
            }
            self = .isotonic(logOdds: knots, probabilities: values)
        default:
            throw node.error("expected a type of none, platt or isotonic")
        }
    }
}

extension Term {
    fileprivate var needsSecondFormat: Bool {
        switch shape {
        case .grid, .curve: true
        case .steps(let steps): steps.standardErrors != nil
        case .line, .levels: false
        }
    }
}

extension JSON {
    static func numbers(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
}

extension [Double] {
    var isStrictlyAscending: Bool { zip(self, dropFirst()).allSatisfy { $0 < $1 } }
}
