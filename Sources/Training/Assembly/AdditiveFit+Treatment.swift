import LimpetScoring

extension AdditiveFit {
    /// Returns the same function for a fixed value of one number: its terms become part of the intercept, and
    /// its pairs become terms of their other input. No term reads the input any more.
    package func setting(input: Int, to value: Double) -> AdditiveFit {
        var fit = AdditiveFit(intercept: intercept, terms: terms.filter { !$0.inputs.contains(input) })
        for term in terms where term.inputs.contains(input) {
            switch term.shape {
            case .line(let line): fit.intercept += line.offset + line.coefficient * line.transform(value)
            case .curve(let curve): fit.intercept += curve(value)
            case .steps(let steps): fit.intercept += steps.values[steps.bin(value)]
            case .levels: preconditionFailure("a number has no levels")
            case .grid(let grid):
                let turned = term.input == input ? grid : grid.transposed(input: term.input)
                let row = turned.rows.bin(of: value)
                let values = (0..<turned.columns.binCount).map { turned[row, $0] }
                fit.terms.append(
                    Term(
                        input: term.input == input ? grid.second : term.input,
                        table: ShapeFunction(axis: turned.columns, values: values)))
            }
        }
        return fit.joiningTerms()
    }
}

extension TrainingData {
    /// The name of the input that tells whether a row's label window holds an offer.
    public static let treatmentName = "treated"

    /// Returns the data with one more input, the last: 1 where the label window holds an offer, else 0.
    public func adding(treatment isTreated: [Bool]) -> TrainingData {
        adding(
            Model.Input(name: Self.treatmentName, isCategorical: false),
            .numbers(isTreated.map { $0 ? 1 : 0 }), isSkewed: false)
    }

    /// Returns the data without the given input, which is the last; all data where it is nil.
    func dropping(input: Int?) -> TrainingData {
        guard let input else { return self }
        precondition(input == inputs.count - 1, "the treatment is the last input")
        return droppingLast
    }

    /// Returns the given rows whose label window holds no offer; all of them where `input` is nil.
    func untreatedRows(_ rows: [Int], input: Int?) -> [Int] {
        guard let input, case .numbers(let treated) = columns[input] else { return rows }
        return rows.filter { treated[$0] == 0 }
    }
}
