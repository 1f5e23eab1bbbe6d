import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// A parsed model of another program: stumps whose sum is the log-odds before calibration.
struct StumpEnsemble: Sendable {
    var inputs: [Input]
    /// The value added to the sum of the stumps.
    var base: Double
    var stumps: [ImportedStump]
    var calibrator: Calibrator
    /// The origin of the model.
    var provenance: JSON

    /// An input of the other program.
    struct Input: Sendable {
        var name: String
        var kind: Kind

        enum Kind: Sendable {
            case number
            /// A category whose texts are the codes themselves, as decimal numbers.
            case codes
            /// A category whose codes are indices of these texts.
            case texts([String])
            /// A category whose codes are indices of these numbers.
            case numbers([String])

            var isCategory: Bool {
                if case .number = self { false } else { true }
            }

            /// The rule by which texts are codes that are numbers; nil where they are none.
            var codes: Model.Codes? {
                switch self {
                case .codes: .truncated
                case .numbers: .exact
                case .number, .texts: nil
                }
            }

            /// The texts of a category's codes; nil where these are the codes themselves.
            var levels: [String]? {
                switch self {
                case .texts(let texts): texts
                case .numbers(let numbers): numbers.map { DecimalCode.shortest($0) ?? $0 }
                case .number, .codes: nil
                }
            }
        }
    }
}

extension StumpEnsemble {
    /// Returns the model with the scores of the ensemble.
    ///
    /// - Parameters:
    ///   - target: the column that the model predicts.
    ///   - positive: the value of that column that counts as 1.
    /// - Throws: ``StumpEnsembleError`` when names repeat, a category's texts cannot be levels, or sums are
    ///   not finite.
    func model(target: String, positive: String) throws(StumpEnsembleError) -> Model {
        try checkNames()
        var numbers: [Int: NumberFold] = [:]
        var categories: [Int: CategoryFold] = [:]
        var intercept = base
        for stump in stumps {
            switch stump.shape {
            case .constant(let value): intercept += value
            case .number(let input, let edges, let values, let missing):
                numbers[input, default: NumberFold()].add(
                    edges: edges, values: values, missing: missing, share: stump.share)
            case .category(let input, let codes, let inside, let outside, let missing):
                categories[input, default: CategoryFold()].add(
                    codes: codes, inside: inside, outside: outside, missing: missing, share: stump.share)
            }
        }
        for input in inputs.indices { intercept += numbers[input]?.mean ?? categories[input]?.mean ?? 0 }
        guard intercept.isFinite else { throw .notFinite(input: nil) }
        var terms: [Term] = []
        for (index, input) in inputs.enumerated() {
            if let fold = numbers[index] { terms.append(fold.term(input: index)) }
            if let fold = categories[index] { terms.append(try term(fold, input, index)) }
        }
        for term in terms where !term.isFinite { throw .notFinite(input: inputs[term.input].name) }
        return Model(
            kind: .stumps, source: .table(target: target, positive: positive),
            inputs: inputs.map {
                Model.Input(name: $0.name, isCategorical: $0.kind.isCategory, codes: $0.kind.codes)
            },
            intercept: intercept, terms: terms, calibrator: calibrator, training: summary(terms),
            evaluation: .null, provenance: provenance)
    }

    private func checkNames() throws(StumpEnsembleError) {
        var names: VerbatimSet = []
        for input in inputs where !names.insert(input.name).inserted { throw .repeatedInput(input.name) }
    }

    private func term(_ fold: CategoryFold, _ input: Input, _ index: Int) throws(StumpEnsembleError) -> Term {
        guard let texts = input.kind.levels else { return fold.term(input: index) { String($0) } }
        for code in fold.codes {
            guard code < texts.count else {
                throw .unknownCode(input: input.name, code: code, texts: texts.count)
            }
            // Limpet treats an empty text as missing.
            guard !texts[code].isEmpty else { throw .emptyCategory(input: input.name, code: code) }
        }
        guard Set(texts.map(VerbatimText.init)).count == texts.count else {
            throw .repeatedCategory(input: input.name)
        }
        return fold.term(input: index) { texts[$0] }
    }

    /// Returns the bins and levels of the terms with counts of 0, since the file does not hold the
    /// distribution of the rows.
    private func summary(_ terms: [Term]) -> TrainingSummary {
        var distributions = inputs.map { _ in TrainingSummary.Distribution(counts: [0], missing: 0) }
        for term in terms {
            switch term.shape {
            case .steps(let steps):
                distributions[term.input] = TrainingSummary.Distribution(
                    edges: steps.edges, counts: steps.values.map { _ in 0 }, missing: 0)
            case .levels(let levels):
                distributions[term.input] = TrainingSummary.Distribution(
                    levels: levels.names, counts: [Double](repeating: 0, count: levels.names.count + 1),
                    missing: 0)
            case .line, .curve, .grid: break
            }
        }
        return TrainingSummary(
            rows: 0, users: 0, positives: 0, inputs: distributions,
            logOdds: TrainingSummary.Distribution(counts: [0], missing: 0))
    }
}

extension Term {
    fileprivate var isFinite: Bool {
        let values: [Double] =
            switch shape {
            case .steps(let steps): steps.values
            case .levels(let levels): levels.values + [levels.other]
            case .line, .curve, .grid: []
            }
        return missing.isFinite && importance.isFinite && values.allSatisfy(\.isFinite)
    }
}

/// The reason why stumps cannot become a model.
enum StumpEnsembleError: Error, Hashable, CustomStringConvertible {
    case repeatedInput(String)
    case unknownCode(input: String, code: Int, texts: Int)
    case emptyCategory(input: String, code: Int)
    case repeatedCategory(input: String)
    case notFinite(input: String?)

    var description: String {
        switch self {
        case .repeatedInput(let name): "two features have the name \(name.quoted); expected different names"
        case .unknownCode(let input, let code, let texts):
            "a split of \(input.quoted) has the category \(code), but the file lists \(texts) categories"
        case .emptyCategory(let input, let code):
            "category \(code) of \(input.quoted) is the empty text, which Limpet takes for a missing value"
        case .repeatedCategory(let input):
            "two categories of \(input.quoted) are the same text; expected different ones"
        case .notFinite(let input):
            "the leaves \(input.map { "of \($0.quoted) " } ?? "")add up to no finite number"
        }
    }
}
