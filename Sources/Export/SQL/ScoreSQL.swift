import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures
public import LimpetScoring

/// A model as one query for the log-odds and probability of each row.
///
///     let verified = try ModelFile.decode(bytes)
///     let sql = ScoreSQL(verified.scorer.model, dialect: .postgres, zone: verified.zone)
///     print(try sql.query())
///
/// A model of event histories reads the tables of ``FeatureSQL`` and returns a row for each pair of user and
/// snapshot; a model of a flat table reads a table with a column for each input. Log-odds are summed in the
/// order of the model's terms; only the engine's own logarithm and exponential can make them differ from
/// Limpet's, by a few units in the last place.
public struct ScoreSQL: Sendable {
    /// The SQL engine.
    public let dialect: SQLDialect
    private let model: Model
    private let zone: TimeZoneRules
    /// The names of the tables in the query.
    public var (eventTable, snapshotTable, inputTable) = ("events", "snapshots", "inputs")

    /// Makes a query for a model.
    ///
    /// - Parameter zone: the rules of the feature set's time zone.
    public init(_ model: Model, dialect: SQLDialect, zone: TimeZoneRules) {
        self.model = model
        self.dialect = dialect
        self.zone = zone
    }

    /// Returns the text of the query.
    ///
    /// - Throws: `FeatureSetError` when the model's feature set is not valid; ``ExportError`` when the engine
    ///   cannot tell inputs apart, or cannot have a column of that name.
    public func query() throws -> String {
        guard case .log(let set, let population, _) = model.source else {
            try checkNames()
            return score(
                from: inputTable,
                header:
                    "-- Reads the table \(inputTable): a column for each input, null where it is missing.\n")
        }
        var features = try FeatureSQL(set, dialect: dialect, zone: zone)
        features.eventTable = eventTable
        features.snapshotTable = snapshotTable
        features.population = population
        let query = features.query
        let comments =
            query.split(separator: "\n").prefix { $0.begins(with: "--") }.joined(separator: "\n") + "\n"
        let rest = query.split(separator: "\n").drop { $0.begins(with: "--") }.joined(separator: "\n")
        return score(from: "(\n\(rest)\n)", header: comments)
    }

    /// Refuses inputs of a table that are no columns of their own in the engine.
    private func checkNames() throws(ExportError) {
        var names = ColumnNames(["log_odds", "probability"], dialect, ignoresCase: false)
        for (index, input) in model.inputs.enumerated() {
            guard !input.name.isEmpty else { throw .emptyName(input: index) }
            guard !dialect.ownColumns.contains(input.name) else {
                throw .engineName(input: input.name, engine: dialect.rawValue)
            }
            if let other = names.add(input.name) {
                throw .sameName(other, input.name, engine: dialect.rawValue)
            }
        }
    }

    private func score(from source: String, header: String) -> String {
        let terms = model.terms.map { TermSQL($0, model.inputs, dialect).expression }
        let sum = ([dialect.literal(model.intercept)] + terms).joined(separator: "\n    + ")
        return """
            \(header)SELECT scored.*, \
            \(CalibratorSQL(model.calibrator, dialect).probability(of: "log_odds")) AS probability
            FROM (
              SELECT source.*,
                \(sum) AS log_odds
              FROM \(source) source
            ) scored

            """
    }
}

/// A term as an SQL expression.
struct TermSQL {
    let term: Term
    let inputs: [Model.Input]
    let dialect: SQLDialect

    init(_ term: Term, _ inputs: [Model.Input], _ dialect: SQLDialect) {
        self.term = term
        self.inputs = inputs
        self.dialect = dialect
    }

    /// Returns the column of an input, null where it is missing.
    private func column(_ input: Int) -> String {
        let name = "source." + dialect.name(inputs[input].name)
        if inputs[input].codes != nil {
            return "NULLIF(NULLIF(LOWER(CAST(\(name) AS \(dialect.string))), ''), 'nan')"
        }
        return inputs[input].isCategorical
            ? "NULLIF(\(name), '')"
            : "NULLIF(CAST(\(name) AS \(dialect.double)), CAST('NaN' AS \(dialect.double)))"
    }

    /// Returns the choice by the level of a category that is not missing. Codes are compared as numbers, so
    /// that the column may hold either.
    private func choice(of input: Int, levels: [String], _ values: [String], other: String) -> String {
        guard !levels.isEmpty else { return other }
        var x = column(input)
        if let codes = inputs[input].codes {
            x = dialect.number(ofText: x)
            if codes == .truncated { x = "SIGN(\(x)) * FLOOR(ABS(\(x)))" }
        }
        let cases = zip(levels, values).map { level, value in
            let code = inputs[input].codes == nil ? nil : Double(level)
            return "WHEN \(code.map(literal) ?? dialect.text(level)) THEN \(value)"
        }
        return "CASE \(x) \(cases.joined(separator: " ")) ELSE \(other) END"
    }

    var expression: String {
        let x = column(term.input)
        let known: String
        switch term.shape {
        case .line(let line):
            known =
                "\(literal(line.offset)) + \(literal(line.coefficient)) * \(transformed(x, line.transform))"
        case .curve(let curve):
            let t = transformed(x, curve.transform)
            known = DecisionTree.expression(
                of: t, edges: curve.knots.map(literal), leaves: curve.pieces.map { polynomial($0, t) })
        case .steps(let steps):
            known = DecisionTree.expression(
                of: x, edges: steps.edges.map(literal), leaves: steps.values.map(literal))
        case .levels(let levels):
            known = choice(
                of: term.input, levels: levels.names, levels.values.map(literal), other: literal(levels.other)
            )
        case .grid(let grid):
            return self.grid(grid)
        }
        return "CASE WHEN \(x) IS NULL THEN \(literal(term.missing)) ELSE \(known) END"
    }

    private func literal(_ number: Double) -> String { dialect.literal(number) }

    private func transformed(_ x: String, _ transform: Term.Transform) -> String {
        transform == .identity ? x : "(SIGN(\(x)) * LN(1 + ABS(\(x))))"
    }

    private func polynomial(_ piece: Term.Curve.Piece, _ x: String) -> String {
        let u = "(\(x) - \(literal(piece.origin)))"
        guard piece.isCubic else { return "\(literal(piece.constant)) + \(u) * \(literal(piece.linear))" }
        return
            "\(literal(piece.constant)) + \(u) * (\(literal(piece.linear)) "
            + "+ \(u) * (\(literal(piece.square)) + \(u) * \(literal(piece.cube))))"
    }

    private func grid(_ grid: Term.Grid) -> String {
        let rows = (0..<grid.rows.binCount).map { row in
            choice(of: grid.second, grid.columns, (0..<grid.columns.binCount).map { literal(grid[row, $0]) })
        }
        return choice(of: term.input, grid.rows, rows)
    }

    /// Returns the expression that belongs to the bin of an input; the last is that of a missing value.
    private func choice(of input: Int, _ axis: Term.Axis, _ expressions: [String]) -> String {
        let x = column(input)
        let known: String
        switch axis {
        case .numbers(let edges):
            known = DecisionTree.expression(
                of: x, edges: edges.map(literal), leaves: Array(expressions.dropLast()))
        case .levels(let names):
            known = choice(
                of: input, levels: names, Array(expressions.prefix(names.count)),
                other: expressions[expressions.count - 2])
        }
        return "CASE WHEN \(x) IS NULL THEN \(expressions[expressions.count - 1]) ELSE \(known) END"
    }
}

/// A calibrator as an SQL expression.
struct CalibratorSQL {
    let calibrator: Calibrator
    let dialect: SQLDialect

    init(_ calibrator: Calibrator, _ dialect: SQLDialect) {
        self.calibrator = calibrator
        self.dialect = dialect
    }

    func probability(of logOdds: String) -> String {
        switch calibrator {
        case .none: return logistic(logOdds)
        case .platt(let slope, let intercept):
            return logistic("\(dialect.literal(intercept)) + \(dialect.literal(slope)) * \(logOdds)")
        case .isotonic(let knots, let values):
            let inner = (1..<max(1, knots.count)).map { place in
                let (left, right) = (dialect.literal(values[place - 1]), dialect.literal(values[place]))
                let share =
                    "(\(logOdds) - \(dialect.literal(knots[place - 1]))) "
                    + "/ (\(dialect.literal(knots[place])) - \(dialect.literal(knots[place - 1])))"
                return "LEAST(\(right), \(left) + \(share) * (\(right) - \(left)))"
            }
            let ends = [values.first, values.last].map { dialect.literal($0 ?? 0) }
            return DecisionTree.expression(
                of: logOdds, edges: knots.map(dialect.literal), leaves: [ends[0]] + inner + [ends[1]])
        }
    }

    /// Returns the logistic function. PostgreSQL refuses exponentials beyond the range of a double, where the
    /// probability is 0 or 1 to all digits.
    private func logistic(_ logOdds: String) -> String {
        "1 / (1 + EXP(-LEAST(GREATEST(\(logOdds), -700), 700)))"
    }
}
