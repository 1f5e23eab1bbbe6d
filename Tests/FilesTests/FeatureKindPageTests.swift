import LimpetDocuments
import Foundation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring
import LimpetTestSupport
import Testing

/// Each kind has a page, with an example that is true.
@Suite struct FeatureKindPageTests {
    private static let folder = Project.root.appending(path: "Sources/Features/Features.docc")

    /// The user of the page about feature sets.
    private static let at = TimeParser().parse("2025-06-15")?.timestamp ?? Timestamp(milliseconds: 0)
    private static let events = [
        ("2025-06-01", "purchase", ["value": "20.00", "device": "mobile"]),
        ("2025-06-09", "view", ["device": "desktop"]),
        ("2025-06-11", "purchase", ["value": "5.50", "device": "desktop"]),
        ("2025-06-13T12:00:00Z", "purchase", [:]),
    ].map { time, name, properties in
        Event(
            user: "u", name: name,
            time: TimeParser().parse(time)?.timestamp ?? Timestamp(milliseconds: 0), properties: properties)
    }

    private func page(_ kind: FeatureKind) throws -> String {
        try String(contentsOf: Self.folder.appending(path: "Kinds/\(kind.rawValue).md"), encoding: .utf8)
    }

    @Test("each kind's page has all parts, and is listed", arguments: FeatureKind.allCases)
    func parts(kind: FeatureKind) throws {
        let page = try page(kind)
        #expect(page.hasPrefix("# \(kind.rawValue)\n"))
        #expect(page.contains("\n| formula | "))
        #expect(page.contains("\n| nothing in the window | "))
        #expect(page.contains("\n| other engines | \(kind.tolerance == 0 ? "exact" : "within 1e-12") |"))
        for parameter in kind.parameters + kind.optionalParameters {
            #expect(page.contains("| takes | ") && page.contains("`\(parameter.rawValue)`"))
        }
        let list = try String(contentsOf: Self.folder.appending(path: "FeatureSet.md"), encoding: .utf8)
        #expect(list.contains("\n- [`\(kind.rawValue)`](Kinds/\(kind.rawValue).md): "))
    }

    @Test("each example has the value that its page gives", arguments: FeatureKind.allCases)
    func example(kind: FeatureKind) throws {
        let parts = try page(kind).components(separatedBy: "Example: `")
        let texts = try #require(parts.count == 2 ? parts[1].components(separatedBy: "`") : nil)
        let (definition, value) = (texts[0], texts[2])
        let yaml = "{version: 1, decimals: {value: 2}, features: [\(definition)]}"
        let document = try YAMLDocument(text: yaml, file: "example.yaml")
        let set = try document.read { node throws(DocumentError) in try FeatureSet(node) }
        #expect(set.features[0].kind == kind)
        var history = LiveHistory(plan: try FeaturePlan(set))
        for event in Self.events { history.append(event) }
        let vector = history.features(at: Self.at)
        if kind.isCategorical {
            #expect(vector.categories[0] == TextKey(value))
        } else {
            #expect(vector.numbers[0] == Double(value), "\(vector.numbers[0])")
        }
    }
}
