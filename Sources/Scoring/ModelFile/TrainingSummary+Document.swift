import LimpetDocuments
import LimpetEvents

extension TrainingSummary {
    var document: JSON {
        .object([
            "rows": .number(rows), "users": .number(users), "positives": .number(positives),
            "weight": isWeighted ? .rows(weight) : nil,
            "positiveWeight": isWeighted ? .rows(positiveWeight) : nil,
            "firstSnapshot": snapshots.map { .number(Int($0.lowerBound.milliseconds)) },
            "lastSnapshot": snapshots.map { .number(Int($0.upperBound.milliseconds)) },
            "dataUntil": dataUntil.map { .number(Int($0.milliseconds)) },
            "inputs": .array(inputs.map(\.document)),
            "logOdds": logOdds.document,
        ])
    }

    init(_ node: DocumentNode, inputs modelInputs: [Model.Input]) throws(DocumentError) {
        try node.allowOnly([
            "rows", "users", "positives", "weight", "positiveWeight", "firstSnapshot", "lastSnapshot",
            "dataUntil", "inputs", "logOdds",
        ])
        let rows = try node.required("rows").integer(in: 0...Int.max)
        let weight = try node.optional("weight")?.weight() ?? Double(rows)
        var inputs: [Distribution] = []
        for element in try node.required("inputs").elements(limit: ModelLimits.inputs) {
            let distribution = try Distribution(element, rows: weight)
            let isCategorical = inputs.count < modelInputs.count && modelInputs[inputs.count].isCategorical
            guard distribution.edges.isEmpty || !isCategorical else {
                throw element.error("has edges, but the input is a category")
            }
            inputs.append(distribution)
        }
        guard inputs.count == modelInputs.count else {
            throw node.error("inputs must be as many as the model's")
        }
        let first = try node.optional("firstSnapshot")?.timestamp()
        let last = try node.optional("lastSnapshot")?.timestamp()
        guard (first == nil) == (last == nil), first.map({ $0 <= last ?? $0 }) ?? true else {
            throw node.error("firstSnapshot and lastSnapshot must both be there, in this order")
        }
        self.init(
            rows: rows,
            users: try node.required("users").integer(in: 0...rows),
            positives: try node.required("positives").integer(in: 0...rows), weight: weight,
            positiveWeight: try node.optional("positiveWeight")?.weight(),
            snapshots: first.flatMap { first in last.map { first...$0 } },
            dataUntil: try node.optional("dataUntil")?.timestamp(),
            inputs: inputs, logOdds: try Distribution(node.required("logOdds"), rows: weight))
    }
}

extension TrainingSummary.Distribution {
    fileprivate var document: JSON {
        .object([
            "edges": levels.isEmpty ? .numbers(edges) : nil,
            "levels": levels.isEmpty ? nil : .array(levels.map { .string($0) }),
            "counts": .array(counts.map { .rows($0) }),
            "missing": .rows(missing),
        ])
    }

    fileprivate init(_ node: DocumentNode, rows: Double) throws(DocumentError) {
        try node.allowOnly(["edges", "levels", "counts", "missing"])
        let edges = try node.optional("edges")?.doubles() ?? []
        let levels = try node.optional("levels")?.strings() ?? []
        var counts: [Double] = []
        for element in try node.required("counts").elements(limit: ModelLimits.binsPerInput + 1) {
            counts.append(try element.weight())
        }
        guard edges.isEmpty || levels.isEmpty else { throw node.error("has edges or levels, not both") }
        guard edges.isStrictlyAscending, counts.count == max(edges.count, levels.count) + 1 else {
            throw node.error("counts must be one more than ascending edges or levels")
        }
        guard Set(levels.map(VerbatimText.init)).count == levels.count else {
            throw node.error("has a level twice")
        }
        let missing = try node.required("missing").weight()
        let sum = counts.reduce(missing, +)
        // Weights may be fractions, whose sums depend on their order in the last digits.
        guard (sum - rows).magnitude <= 1e-9 * rows else {
            throw node.error(
                "counts and missing are \(Format.short(sum)) rows in all, expected \(Format.short(rows))")
        }
        self.init(edges: edges, levels: levels, counts: counts, missing: missing)
    }
}

extension JSON {
    /// Returns a number of rows: a whole one unless rows have weights that are fractions.
    fileprivate static func rows(_ count: Double) -> JSON {
        Int(exactly: count).map { .number($0) } ?? .number(count)
    }
}

extension DocumentNode {
    /// Returns a number of rows, which are fractions where rows have weights.
    func weight() throws(DocumentError) -> Double {
        let number = try double()
        guard number >= 0, number.isFinite else { throw error("must be 0 or more") }
        return number
    }

    /// Returns a time from milliseconds since 1970, within the range that a civil date can show.
    func timestamp() throws(DocumentError) -> Timestamp {
        let limit = 1 << 52
        return Timestamp(milliseconds: Int64(try integer(in: -limit...limit)))
    }
}
