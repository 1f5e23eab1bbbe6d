import LimpetDocuments
import Foundation
import LimpetDecisions
import LimpetFiles
import LimpetScoring
import LimpetTestSupport
import Testing

/// The example of the article about policies is one that is read.
@Suite struct PolicyArticleTests {
    @Test("the article's example is a policy")
    func theArticlesExampleIsAPolicy() throws {
        let article = Project.root.appending(path: "Sources/Decisions/Decisions.docc/Policy.md")
        let text = try String(contentsOf: article, encoding: .utf8)
        let start = try #require(text.range(of: "```yaml\n")).upperBound
        let end = try #require(text.range(of: "\n```\n", range: start..<text.endIndex)).lowerBound
        let document = try YAMLDocument(text: String(text[start..<end]), file: "Policy.md")
        let policy = try document.read { node throws(DocumentError) in try Policy(node) }
        #expect(policy.offers.map(\.id) == ["discount", "tutorial"])
        #expect(policy.holdout?.share == 0.1)
        #expect(policy.caps == Caps())
        #expect(try Policy(DocumentNode(policy.document)) == policy)
    }
}
