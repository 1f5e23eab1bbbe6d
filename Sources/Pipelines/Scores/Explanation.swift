public import LimpetEvents
import LimpetDocuments
import LimpetFeatures
import LimpetFiles
public import LimpetScoring

/// An explanation of one score, term by term: added to the intercept in their order, the contributions are
/// the log-odds exactly.
///
///     let log = try ModelLog(ModelFile.read("model.json"), source: LogSource(["log.csv"]))
///     let explanation = try log.user("u17").explanation()
///     print(explanation.score.probability)
///     for reason in explanation.raisingReasons { print(reason.sentence) }
///
/// Of a row of a table, ``read(_:row:of:threads:)`` gives one.
public struct Explanation: Sendable {
    /// The value of an input.
    public enum Value: Hashable, Sendable {
        /// A number.
        case number(Double)
        /// A text, as the term has it.
        case text(String)
        /// A text that is not known by its key.
        case unknown
        /// No value.
        case missing
    }

    /// The contribution of one term.
    public struct Contribution: Hashable, Sendable {
        /// The name of the term.
        public let name: String
        /// The names of its inputs: one, or two for a pair.
        public let inputs: [String]
        /// The values of its inputs.
        public let values: [Value]
        /// The log-odds that it adds.
        public let logOdds: Double
    }

    /// The user, or the row's id.
    public let id: String
    /// The snapshot time; nil for a row of a table.
    public let time: Timestamp?
    /// False for a user outside the model's population at that time, whose score is of no use.
    public let isInPopulation: Bool
    /// The score.
    public let score: Scorer.Score
    /// The log-odds of the average user, to which all terms add.
    public let intercept: Double
    /// The contributions, in the order of the model's terms.
    public let contributions: [Contribution]
    /// The reasons by topic, whether they raise the risk or lower it, the strongest first; at most 20.
    public let reasons: [Reason]
    /// The reasons that raise the risk, the strongest first; at most three.
    public let raisingReasons: [Reason]
    /// The hash of the model file.
    public let hash: String

    /// Explains a score.
    ///
    /// - Parameters:
    ///   - vector: the values of the model's inputs.
    ///   - categoryName: returns the text of a category's key; nil where it is not known.
    init(
        _ verified: ModelFile.Verified, id: String, time: Timestamp?, isInPopulation: Bool,
        vector: FeatureVector, categoryName: @escaping (TextKey) -> String?
    ) {
        (self.id, self.time, self.isInPopulation) = (id, time, isInPopulation)
        let (scorer, model) = (verified.scorer, verified.scorer.model)
        score = scorer.score(vector)
        (intercept, hash) = (model.intercept, verified.hash)
        let names = TermNames(model)
        contributions = zip(model.terms, scorer.contributions(vector)).map { term, logOdds in
            Contribution(
                name: names.name(of: term), inputs: term.inputs.map { model.inputs[$0].name },
                values: term.inputs.map { Value($0, of: vector, model, categoryName) }, logOdds: logOdds)
        }
        reasons = scorer.reasons(vector, count: 20, raisingOnly: false, categoryName: categoryName)
        raisingReasons = scorer.reasons(vector, count: 3, categoryName: categoryName)
    }
}

extension Explanation.Value {
    fileprivate init(
        _ input: Int, of vector: FeatureVector, _ model: Model, _ categoryName: (TextKey) -> String?
    ) {
        if model.inputs[input].isCategorical {
            let key = vector.categories[input]
            self = key.isMissing ? .missing : categoryName(key).map { .text($0) } ?? .unknown
        } else {
            let number = vector.numbers[input]
            self = number.isNaN ? .missing : .number(number)
        }
    }
}

extension Explanation {
    /// Explains the score of one row of a table.
    ///
    /// - Parameters:
    ///   - verified: the model, of a table.
    ///   - id: the row's id, in the column that the source names.
    ///   - source: the table.
    ///   - threads: the number of blocks that are read at the same time.
    /// - Throws: `InputError` when no row has the id, a column is missing or of another type, or the score is
    ///   no finite number; the errors of reading a table.
    public static func read(
        _ verified: ModelFile.Verified, row id: String, of source: TableSource,
        threads: Int = Processors.count
    ) async throws -> Explanation {
        let model = verified.scorer.model
        let read = try await source.read(inputsOf: model, threads: threads)
        guard let row = try source.ids(of: read).firstIndex(verbatim: id) else {
            throw InputError(InputPlace(file: read.file), "no row has the id \(id.quoted)")
        }
        let table = try ModelTable(read, model: model)
        let vector = table.vector(row: row)
        let score = verified.scorer.score(vector)
        let check = FiniteScores(verified.scorer, table: read, inputs: table)
        guard score.isFinite else { throw check.error(row) }
        return Explanation(
            verified, id: id, time: nil, isInPopulation: true, vector: vector,
            categoryName: CategoryNames(read, inputs: model.inputs).name)
    }
}
