public import LimpetDocuments
import LimpetNumerics
public import LimpetEvents
import LimpetFeatures

/// The encoding of a model as one file, `{"sha256": …, "model": …}`, with the hash of the bytes of `model` as
/// they stand.
///
///     let (bytes, hash) = ModelFile.encode(model)
///     let verified = try ModelFile.decode(bytes)
///     print(verified.hash == hash, verified.scorer.model.inputs.count)
public enum ModelFile {
    /// Returns the bytes of a model file, and the hash that identifies the model.
    public static func encode(_ model: Model) -> (bytes: [UInt8], hash: String) {
        let body = Array(model.document.pretty.utf8)
        let hash = SHA256.hexadecimal(body[...])
        return (frameStart(hash: hash) + body + frameEnd, hash)
    }

    /// Returns the bytes before the model. The reader accepts no others, here and after the model, so that no
    /// byte can be changed.
    private static func frameStart(hash: String) -> [UInt8] {
        Array("{\"sha256\": \"\(hash)\",\n\"model\": ".utf8)
    }

    private static let frameEnd = Array("}\n".utf8)

    /// A model that has been read and verified.
    public struct Verified: Sendable {
        /// The scorer of the model.
        public let scorer: Scorer
        /// The hash that identifies the model.
        public let hash: String
        /// The time zone of the civil days of its feature set.
        public let zone: TimeZoneRules
    }

    /// Reads a model, checks its hash, and recomputes its golden rows and histories.
    ///
    /// - Parameter zone: returns the rules of a time zone by name; by default only UTC is known.
    /// - Throws: ``ModelFileError`` when the file is not a model, was changed, or gives other results on this
    ///   machine.
    public static func decode(
        _ bytes: [UInt8], zone: (String) -> TimeZoneRules? = { $0 == "UTC" ? .utc : nil }
    ) throws(ModelFileError) -> Verified {
        let (body, hash) = try verifiedBody(bytes)
        let model: Model
        do { model = try Model(DocumentNode(body, path: "model")) } catch { throw .document(error) }
        let zoneName = model.featureSet?.timeZone ?? "UTC"
        guard let rules = zone(zoneName) else { throw .unknownTimeZone(zoneName) }
        let scorer = Scorer(model)
        try verifyRows(scorer)
        try verifyHistories(scorer, zone: rules)
        return Verified(scorer: scorer, hash: hash, zone: rules)
    }

    private static func verifiedBody(_ bytes: [UInt8]) throws(ModelFileError) -> (JSON, String) {
        let members: [(name: String, value: JSON, range: Range<Int>)]
        do {
            members = try JSONReader.topLevelMembers(bytes[...], limits: JSONReader.Limits())
        } catch {
            throw .json(error)
        }
        guard members.count == 2, let stated = members.first(where: { $0.name == "sha256" })?.value.text,
            let body = members.first(where: { $0.name == "model" })
        else { throw .notAModel }
        let actual = SHA256.hexadecimal(bytes[body.range])
        guard stated == actual else { throw .changed(stated: stated, actual: actual) }
        guard bytes[..<body.range.lowerBound].elementsEqual(frameStart(hash: actual)),
            bytes[body.range.upperBound...].elementsEqual(frameEnd)
        else { throw .notAModel }
        return (body.value, actual)
    }

    private static func verifyRows(_ scorer: Scorer) throws(ModelFileError) {
        for (index, row) in scorer.model.golden.rows.enumerated() {
            var vector = FeatureVector(count: scorer.model.inputs.count)
            for (input, value) in row.values.enumerated() {
                if let number = value.double { vector.numbers[input] = number }
                if let text = value.text { vector.categories[input] = TextKey(text) }
            }
            let score = scorer.score(vector)
            guard score.logOdds.bitPattern == row.logOdds.bitPattern, score.probability == row.probability
            else {
                throw .goldenDiffers(
                    what: "row", index: index, expected: row.logOdds, computed: score.logOdds)
            }
        }
    }

    private static func verifyHistories(_ scorer: Scorer, zone: TimeZoneRules) throws(ModelFileError) {
        let plan: FeaturePlan?
        do { plan = try scorer.model.plan(zone: zone) } catch { throw .featureSet("\(error)") }
        guard let plan else {
            guard scorer.model.golden.histories.isEmpty else { throw .historiesOfTable }
            return
        }
        for (index, golden) in scorer.model.golden.histories.enumerated() {
            var history = LiveHistory(plan: plan)
            for event in golden.events { history.append(event) }
            let score = scorer.score(history.features(at: golden.at))
            guard score.logOdds.bitPattern == golden.logOdds.bitPattern,
                score.probability == golden.probability
            else {
                throw .goldenDiffers(
                    what: "history", index: index, expected: golden.logOdds, computed: score.logOdds)
            }
        }
    }
}

/// An error that refuses bytes as a model.
public enum ModelFileError: Error, Hashable, CustomStringConvertible {
    /// The bytes are not JSON.
    case json(JSONError)
    /// The JSON is not `{"sha256": …, "model": …}`, or differs in spaces or line feeds from this format.
    case notAModel
    /// The hash does not match: the file was changed after it was written.
    case changed(stated: String, actual: String)
    /// The model's document is invalid.
    case document(DocumentError)
    /// The feature set cannot be used.
    case featureSet(String)
    /// The feature set's time zone is unknown.
    case unknownTimeZone(String)
    /// The model of a flat table has golden histories, which it cannot score.
    case historiesOfTable
    /// A golden result differs from what this machine computes.
    case goldenDiffers(what: String, index: Int, expected: Double, computed: Double)

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .json(let error): "not a model file: \(error)"
        case .notAModel: "not a model file: expected {\"sha256\": …, \"model\": …} as limpet writes it"
        case .changed(let stated, let actual):
            "the file was changed after it was written: it states sha256 \(stated.prefix(12))…, "
                + "its model has \(actual.prefix(12))…"
        case .document(let error): "\(error)"
        case .featureSet(let problem): "feature set: \(problem)"
        case .unknownTimeZone(let name): "the time zone \(name) is not known here"
        case .historiesOfTable: "model.golden.histories: expected none, since the model is of a flat table"
        case .goldenDiffers(let what, let index, let expected, let computed):
            "golden \(what) \(index) gives log-odds \(computed) here, the file says \(expected)"
        }
    }
}
