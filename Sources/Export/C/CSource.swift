public import LimpetScoring

/// A model as one file of C99 that needs no library and gives scores with the same bits as `Scorer`.
///
///     let verified = try ModelFile.decode(bytes)
///     let source = try CSource(verified.scorer.model, hash: verified.hash, prefix: "shop")
///     print(try source.text())
///
/// The functions take numbers as `double`, NaN where they are missing, and texts as `const char *`, NULL or
/// empty where they are missing. Log-odds are summed in the order of the model's terms, and exponentials and
/// logarithms use the same operations as Limpet's own, so that nothing depends on the system's libm.
public struct CSource: Sendable {
    /// The default prefix of all names.
    public static let usualPrefix = "limpet"

    private let model: Model
    private let hash: String
    private let prefix: String

    /// Makes the source of a model.
    ///
    /// - Parameters:
    ///   - hash: the hash that identifies the model, written to the file's first line.
    ///   - prefix: the prefix of all names in the file, so that one program can hold several models.
    /// - Throws: ``ExportError`` when the prefix is not valid in C, or the model has no inputs or one
    ///   without a name.
    public init(_ model: Model, hash: String, prefix: String = CSource.usualPrefix) throws(ExportError) {
        guard Self.isName(prefix) else { throw .invalidPrefix(prefix) }
        guard !model.inputs.isEmpty else { throw .noInputs }
        if let place = model.inputs.firstIndex(where: { $0.name.isEmpty }) { throw .emptyName(input: place) }
        (self.model, self.hash, self.prefix) = (model, hash, prefix)
    }

    private static func isName(_ prefix: String) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = prefix.utf8.first, letters.contains(first | 0x20), prefix.utf8.count <= 60 else {
            return false
        }
        return prefix.utf8.allSatisfy {
            letters.contains($0 | 0x20) || digits.contains($0) || $0 == UInt8(ascii: "_")
        }
    }

    /// Returns the text of the file.
    ///
    /// - Throws: ``ExportError`` when a name or a level cannot be written in C.
    public func text() throws(ExportError) -> String {
        let inputs = InputPlaces(model)
        var terms = CTerms(model: model, inputs: inputs)
        let functions = terms.functions()
        let calibrator = CCalibrator(model.calibrator)
        let interface = CInterface(model: model, inputs: inputs, hash: hash)
        let runtime = CRuntime(uses: terms.routines.union(calibrator.routines))
        let parts = try [
            interface.declarations(), interface.tables(), runtime.text, terms.arrays.joined(), functions,
            calibrator.text, interface.functions(termFunctions: terms.functionCount), CInterface.end,
        ]
        return parts.joined(separator: "\n").split(separator: "§", omittingEmptySubsequences: false)
            .joined(separator: prefix)
            .split(separator: "¶", omittingEmptySubsequences: false).joined(separator: prefix.uppercased())
    }
}
