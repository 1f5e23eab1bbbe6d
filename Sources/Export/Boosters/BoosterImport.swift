import LimpetDocuments
public import LimpetEvents
public import LimpetScoring

/// An importer of models that LightGBM or XGBoost trained with one split per tree: their sum is an additive
/// model.
///
///     var booster = BoosterImport()
///     booster.target = "churned"
///     let result = try booster.read(Array(text.utf8), file: "model.txt")
public struct BoosterImport: Sendable {
    /// The programs whose files can be read.
    public enum Format: String, CaseIterable, Sendable {
        /// The text of `Booster.save_model` of LightGBM 3 and 4.
        case lightgbm
        /// The JSON of `Booster.save_model` of XGBoost 1.3 to 3.x.
        case xgboost
    }

    /// An imported model, with the format and the warnings of the import.
    public struct Result: Sendable {
        /// The model, without golden inputs.
        public var model: Model
        /// The program that wrote the file.
        public var format: Format
        /// The number of trees in the model.
        public var trees: Int
        /// Warnings for the user, as sentences.
        public var warnings: [String]
    }

    /// The column that the model predicts; the files do not name it.
    public var target = "target"
    /// The value of the target that counts as 1.
    public var positive = "1"
    /// The number of rounds of boosting to read; nil for all.
    public var iterations: Int?
    /// True to use the raw sum as log-odds when the file states no objective.
    public var takesRawSum = false

    /// Makes an importer with the default settings.
    public init() {}

    /// Reads a model.
    ///
    /// - Parameters:
    ///   - bytes: the contents of the file.
    ///   - file: the file's name, for error messages.
    ///   - format: the program that wrote the file; nil to detect it from the contents.
    /// - Throws: `InputError` when the bytes are not such a model, or one that is not a sum of stumps.
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

    /// Returns how many of `count` rounds are read.
    func rounds(of count: Int, file: String) throws(InputError) -> Int {
        guard let iterations else { return count }
        guard iterations <= count else {
            throw InputError(
                InputPlace(file: file),
                "found \(count) rounds of boosting, expected at least the \(iterations) requested")
        }
        return iterations
    }
}
