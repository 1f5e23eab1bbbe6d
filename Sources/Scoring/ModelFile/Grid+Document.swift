import LimpetDocuments
import LimpetEvents

extension Term.Grid {
    func members(inputs: [Model.Input]) -> [JSONMember] {
        let width = columns.binCount
        return [
            JSONMember(name: "second", value: .string(inputs[second].name)),
            JSONMember(name: "type", value: .string("grid")),
            JSONMember(name: "rows", value: rows.document),
            JSONMember(name: "columns", value: columns.document),
            JSONMember(
                name: "values",
                value: .array(
                    (0..<rows.binCount).map { .numbers(Array(values[($0 * width)..<(($0 + 1) * width)])) })),
        ]
    }

    init(
        _ node: DocumentNode, first: Int, indices: VerbatimDictionary<Int>, inputs: [Model.Input]
    ) throws(DocumentError) {
        try node.allowOnly(["input", "second", "type", "rows", "columns", "values", "importance"])
        let second = try node.required("second").input(in: indices)
        guard second != first else {
            throw try node.required("second").error("a grid needs two different inputs")
        }
        let rows = try Term.Axis(node.required("rows"), input: inputs[first])
        let columns = try Term.Axis(node.required("columns"), input: inputs[second])
        guard rows.binCount * columns.binCount <= ModelLimits.cellsPerGrid else {
            throw node.error(
                "has \(rows.binCount) × \(columns.binCount) cells, "
                    + "at most \(ModelLimits.cellsPerGrid) are read"
            )
        }
        let values = try Self.values(node.required("values"), rows: rows.binCount, columns: columns.binCount)
        self.init(second: second, rows: rows, columns: columns, values: values)
    }

    private static func values(
        _ node: DocumentNode, rows: Int, columns: Int
    ) throws(DocumentError) -> [Double] {
        let lists = try node.elements()
        guard lists.count == rows else {
            throw node.error("\(rows) states of the rows need as many lists, found \(lists.count)")
        }
        var values: [Double] = []
        for list in lists {
            let row = try list.doubles()
            guard row.count == columns else {
                throw list.error("\(columns) states of the columns need as many values, found \(row.count)")
            }
            values += row
        }
        return values
    }
}

extension Term.Axis {
    fileprivate var document: JSON {
        switch self {
        case .numbers(let edges): .object(["edges": .numbers(edges)])
        case .levels(let names): .object(["levels": .array(names.map { .string($0) })])
        }
    }

    fileprivate init(_ node: DocumentNode, input: Model.Input) throws(DocumentError) {
        if input.isCategorical {
            try node.allowOnly(["levels"])
            let names = try node.required("levels").strings()
            guard names.areDistinctLevels else { throw node.error("levels must differ and may not be empty") }
            self = .levels(names: names)
        } else {
            try node.allowOnly(["edges"])
            let edges = try node.required("edges").doubles()
            guard edges.isStrictlyAscending else { throw node.error("edges must be strictly ascending") }
            self = .numbers(edges: edges)
        }
        guard binCount <= ModelLimits.statesPerAxis else {
            throw node.error("has \(binCount) states, at most \(ModelLimits.statesPerAxis) are read")
        }
    }
}

extension [String] {
    /// True if these can be the levels of a category: all different, and none empty, since the empty text is
    /// missing.
    var areDistinctLevels: Bool {
        Set(map(VerbatimText.init)).count == count && !contains("")
    }
}
