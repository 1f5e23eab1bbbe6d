import LimpetDocuments
import Foundation
import LimpetDecisions
import LimpetFiles
import LimpetScoring
import LimpetTestSupport
import Testing

/// The example of the article about policies is one that is read.
@Suite struct PolicyArticleTests {
    private func example(of article: String) throws -> Policy {
        let file = Project.root.appending(path: "Sources/Decisions/Decisions.docc/\(article)")
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "```yaml\n")).upperBound
        let end = try #require(text.range(of: "\n```\n", range: start..<text.endIndex)).lowerBound
        let document = try YAMLDocument(text: String(text[start..<end]), file: article)
        return try document.read { node throws(DocumentError) in try Policy(node) }
    }

    @Test("the example of version 1 is a policy")
    func firstVersion() throws {
        let policy = try example(of: "Policy.md")
        #expect(policy.offers.map(\.id) == ["discount", "tutorial"])
        #expect(policy.holdout?.share == 0.1)
        #expect(policy.caps == Caps())
        #expect(try Policy(DocumentNode(policy.document)) == policy)
    }

    @Test("the example of version 2 is a policy")
    func secondVersion() throws {
        let policy = try example(of: "Triggers.md")
        #expect(policy.offers.map(\.id) == ["help", "cart"])
        #expect(policy.consent == .required)
        #expect(policy.quietHours == CivilPeriod("22:00-08:00"))
        #expect(policy.offers.allSatisfy { $0.trigger != nil })
        #expect(try Policy(DocumentNode(policy.document)) == policy)
    }
}
