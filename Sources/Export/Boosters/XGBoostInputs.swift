import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// The features of an XGBoost model.
struct XGBoostInputs {
    private(set) var inputs: [StumpEnsemble.Input] = []

    /// Reads the features.
    ///
    /// - Parameters:
    ///   - categories: the texts of categories, which the format holds since version 3.1.
    ///   - count: the number of features.
    init(_ learner: DocumentNode, categories: DocumentNode?, count: Int) throws(DocumentError) {
        let names = try Self.list(learner, "feature_names", count: count)
        let types = try Self.list(learner, "feature_types", count: count)
        let lists = try categories?.optional("enc")?.elements() ?? []
        guard lists.isEmpty || lists.count == count else {
            throw learner.error("found the categories of \(lists.count) features, expected those of \(count)")
        }
        for index in 0..<count {
            var input = StumpEnsemble.Input(name: names.map { $0[index] } ?? "f\(index)", kind: .number)
            if types?[index] == "c" {
                input.kind = lists.isEmpty ? .codes : try Self.category(lists[index])
            }
            inputs.append(input)
        }
    }

    /// Returns one text for each feature; nil when the file has none.
    private static func list(
        _ learner: DocumentNode, _ name: String, count: Int
    ) throws(DocumentError) -> [String]? {
        guard let node = try learner.optional(name) else { return nil }
        let texts = try node.strings()
        guard !texts.isEmpty else { return nil }
        guard texts.count == count else { throw node.error("has \(texts.count) elements, expected \(count)") }
        return texts
    }

    /// Returns the kind of a category, whose texts are listed unless they are the codes themselves. They are
    /// stored as consecutive bytes with the offsets of their ends;
    /// whole numbers are stored directly.
    private static func category(_ list: DocumentNode) throws(DocumentError) -> StumpEnsemble.Input.Kind {
        let node = try list.required("values")
        let values = try node.elements()
        guard let offsets = try list.optional("offsets") else {
            var numbers: [String] = []
            for value in values { numbers.append(String(try value.integer(in: Int.min...Int.max))) }
            return numbers.isEmpty ? .codes : .numbers(numbers)
        }
        var bytes: [UInt8] = []
        for value in values { bytes.append(UInt8(truncatingIfNeeded: try value.integer(in: -128...255))) }
        // XGBoost 3.2 counts the ends of texts in characters, and omits the last bytes.
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            throw node.error(
                "found texts of categories outside ASCII, whose ends the file does not tell; "
                    + "train with other names for them")
        }
        var ends: [Int] = []
        for offset in try offsets.elements() { ends.append(try offset.integer(in: 0...bytes.count)) }
        var texts: [String] = []
        for (start, end) in zip(ends, ends.dropFirst()) {
            guard start <= end, let text = String(validating: bytes[start..<end], as: UTF8.self) else {
                throw offsets.error("found \(start) and \(end), expected the ends of a text in UTF-8")
            }
            texts.append(text)
        }
        return texts.isEmpty ? .codes : .texts(texts)
    }
}
