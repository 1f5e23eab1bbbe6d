package import LimpetDecisions
import LimpetDocuments
package import LimpetEvents

/// Policies of tests, and the time at which they are tried.
package enum TestPolicy {
    /// 2025-01-15T12:00:00Z, a Wednesday.
    package static let noon = Timestamp(milliseconds: 1_736_942_400_000)

    /// Offers with triggers of all kinds, for random walks and simulated lives.
    package static let varied = """
        {"version": 2, "legalBasis": "test", "quietHours": "22:00-07:00",
         "holdout": {"share": 0.2, "key": "k"}, "serviceMessages": ["service"],
         "caps": {"perSession": 2, "spacing": "3m", "perDay": 4},
         "offers": [
          {"id": "cart", "title": "T", "trigger": {"event": {"name": "cart"}}, "cooldown": "1h",
           "goal": "purchase"},
          {"id": "left", "title": "T", "goal": "purchase",
           "trigger": {"absence": {"after": "cart", "no": "purchase", "within": "20m"}}},
          {"id": "help", "title": "T",
           "trigger": {"event": {"name": "failed", "nth": 2, "since": "purchase", "within": "1h"}}},
          {"id": "mail", "title": "T", "channel": "email", "trigger": {"inactivity": {"for": "1d"}}},
          {"id": "risk", "title": "T", "trigger": {"score": {"atLeast": 0.3, "until": 0.25}}},
          {"id": "service", "title": "T", "trigger": {"event": {"name": "complaint"}}},
          {"id": "ask", "title": "T", "priority": 3,
           "when": {"event": {"name": "page", "within": "1h", "atLeast": 2}}}
         ]}
        """

    /// Reads a policy.
    package static func read(_ json: String) throws -> Policy {
        try Policy(DocumentNode(JSONReader.read(Array(json.utf8)[...])))
    }
}
