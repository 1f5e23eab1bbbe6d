import LimpetDocuments
public import LimpetEvents
public import LimpetScoring

/// Reads models that LightGBM or XGBoost trained with one split a tree: their sum is a model of Limpet's own kind.
public struct BoosterImport: Sendable {
    /// The programs whose files are read.
    public enum Format: String, CaseIterable, Sendable {
        /// The text of `Booster.save_model` of LightGBM 3 and 4.
        case lightgbm
        /// The JSON of `Booster.save_model` of XGBoost 1.3 to 3.x.
        case xgboost
    }

    /// A model, and what there is to say about it.
    public struct Result: Sendable {
        /// The model, without golden inputs.
        public var model: Model
        /// The program that the file is from.
        public var format: Format
        /// The trees that were read into the model.
        public var trees: Int
        /// What whoever imports should know, as sentences.
        public var warnings: [String]
    }

    /// The column that the model predicts; the files do not name it.
    public var target = "target"
    /// The value of the target that counts as 1.
    public var positive = "1"
    /// How many rounds of boosting are read; nil for all.
    public var iterations: Int?
    /// Whether the raw sum is taken for log-odds when the file states no objective.
    public var takesRawSum = false

    /// An import with the usual settings.
    public init() {}

    /// Reads a model.
    ///
    /// - Parameters:
    ///   - file: the file's name, for messages.
    ///   - format: the program that it is from; nil to tell by the content.
    /// - Throws: `InputError` when the bytes are no such model, or one that a sum of stumps cannot give.
    public func read(
        _ bytes: [UInt8], file: String, format: Format? = nil
    ) throws(InputError) -> Result {
        let format = if let format { format } else { try Self.recognised(bytes, file: file) }
        let read: (ensemble: StumpEnsemble, warnings: [String])
        switch format {
        case .lightgbm: read = (try LightGBMModel(bytes, file: file, options: self).ensemble, [])
        case .xgboost:
            let model = try XGBoostModel(bytes, file: file, options: self)
            read = (model.ensemble, model.warnings)
        }
        do {
            return Result(
                model: try read.ensemble.model(target: target, positive: positive), format: format,
                trees: read.ensemble.stumps.count, warnings: read.warnings)
        } catch {
            throw InputError(InputPlace(file: file), "\(error)")
        }
    }

    private static func recognised(_ bytes: [UInt8], file: String) throws(InputError) -> Format {
        if bytes.starts(with: Array("tree".utf8)) { return .lightgbm }
        let first = bytes.first { $0 != 32 && $0 != 10 && $0 != 13 && $0 != 9 }
        guard first == UInt8(ascii: "{") else {
            let start = String(decoding: bytes.prefix(20), as: UTF8.self)
            throw InputError(
                InputPlace(file: file, line: 1),
                "found \(start.quoted), expected \"tree\" as LightGBM writes it, or the JSON of XGBoost")
        }
        return .xgboost
    }

    /// How many of some rounds are read.
    func rounds(of count: Int, file: String) throws(InputError) -> Int {
        guard let iterations else { return count }
        guard iterations <= count else {
            throw InputError(
                InputPlace(file: file),
                "found \(count) rounds of boosting, expected at least the \(iterations) asked for")
        }
        return iterations
    }
}
