package import LimpetDecisions
import LimpetDocuments
package import LimpetEvents

/// Policies of tests, and the time at which they are tried.
package enum TestPolicy {
    /// 2025-01-15T12:00:00Z, a Wednesday.
    package static let noon = Timestamp(milliseconds: 1_736_942_400_000)

    /// Reads a policy.
    package static func read(_ json: String) throws -> Policy {
        try Policy(DocumentNode(JSONReader.read(Array(json.utf8)[...])))
    }
}
