import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// The features of a LightGBM model.
struct LightGBMInputs {
    private(set) var inputs: [StumpEnsemble.Input] = []

    private static let limit = 100_000

    init(_ text: LightGBMText) throws(InputError) {
        let head = text.head
        let count = try head.integer("max_feature_idx", in: 0...(Self.limit - 1)) + 1
        let names = try head.elements("feature_names").map(String.init)
        guard names.count == count else {
            throw head.error("feature_names", "has \(names.count) names, expected \(count)")
        }
        let infos = try head.elements("feature_infos").map(String.init)
        guard infos.count == count else {
            throw head.error("feature_infos", "has \(infos.count) elements, expected \(count)")
        }
        inputs = zip(names, infos).map { name, info in
            StumpEnsemble.Input(name: name, kind: Self.isCategory(info) ? .codes : .number)
        }
        try nameCategories(text, infos: infos)
    }

    /// Returns true when the feature is a category: numeric ranges are in brackets, codes of categories
    /// between colons. `none` fits both kinds, and such a feature is never split.
    private static func isCategory(_ info: String) -> Bool { info != "none" && !info.begins(with: "[") }

    /// Assigns the texts of a data frame's categories, which the file lists in the order of the columns, but
    /// without their names.
    private mutating func nameCategories(_ text: LightGBMText, infos: [String]) throws(InputError) {
        guard let json = text.pandasCategories, json != "null" else { return }
        let lists = try Self.lists(json, head: text.head)
        guard !lists.isEmpty else { return }
        let known = infos.indices.filter { Self.isCategory(infos[$0]) }
        let possible = infos.indices.filter { Self.isCategory(infos[$0]) || infos[$0] == "none" }
        guard let places = [known, possible].first(where: { $0.count == lists.count }) else {
            throw text.head.error(
                "feature_infos",
                "found \(known.count) categories, but pandas_categorical has the texts of \(lists.count), "
                    + "so which are whose is not known"
            )
        }
        for (place, list) in zip(places, lists) { inputs[place].kind = list }
    }

    private static func lists(_ json: String, head: LightGBMSection) throws(InputError) -> [StumpEnsemble
        .Input.Kind]
    {
        let place = InputPlace(file: head.file, field: "pandas_categorical")
        let document: JSON
        do { document = try JSONReader.read(Array(json.utf8)[...]) } catch {
            throw InputError(place, "\(error)")
        }
        guard let lists = document.array else { throw InputError(place, "expected a list of lists") }
        var result: [StumpEnsemble.Input.Kind] = []
        for list in lists {
            guard let values = list.array else { throw InputError(place, "expected a list of lists") }
            var texts: [String] = []
            for value in values {
                guard let text = value.categoryText else {
                    throw InputError(
                        place, "found \(value.compact.quoted), expected a text, a number or a truth value")
                }
                texts.append(text)
            }
            // Numbers are compared as numbers, as a data frame does.
            let areNumbers = values.allSatisfy { $0.double != nil }
            result.append(areNumbers && DecimalCode.are(texts) ? .numbers(texts) : .texts(texts))
        }
        return result
    }
}

extension JSON {
    /// The text of a category as a table holds it; Booleans are written as in Python.
    fileprivate var categoryText: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .boolean(let value): value ? "True" : "False"
        case .null, .array, .object: nil
        }
    }
}
