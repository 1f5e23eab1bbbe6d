import LimpetDocuments
import LimpetDecisions
import LimpetEvents
import LimpetScoring
import Testing

@Suite struct PolicyTests {
    private static let small = #"{"version": 1, "offers": [{"id": "a", "title": "A", "when": CONDITION}]}"#

    private func policy(when condition: String) throws -> Policy {
        try Bench.policy(Self.small.replacing("CONDITION", with: condition))
    }

    @Test("defaults are those of the requirements")
    func defaultsAreThoseOfTheRequirements() throws {
        let policy = try policy(when: #"{"score": {"atLeast": 0.3}}"#)
        #expect(policy.caps.perSession == 2)
        #expect(policy.caps.spacing == TimeSpan("10m"))
        #expect(policy.caps.perDay == 3)
        #expect(policy.caps.day == .civil)
        #expect(policy.caps.sessionGap == TimeSpan("30m"))
        #expect(policy.holdout == nil)
        #expect(policy.offers.first?.priority == 0)
    }

    @Test("a policy reads back as itself")
    func aPolicyReadsBackAsItself() throws {
        let text = #"""
            {"version": 1, "caps": {"perSession": 1, "spacing": "90s", "perDay": 4, "day": "rolling",
             "sessionGap": "1h"}, "holdout": {"share": 0.25, "key": "k"}, "offers": [
             {"id": "a", "title": "A", "body": "B", "priority": -3, "cooldown": "2d", "placements": ["x"],
              "when": {"all": [{"any": [{"score": {"atLeast": 0.3, "below": 0.9}},
                {"event": {"name": ["a", "b*"], "within": "1h", "above": 1}}]},
                {"not": {"feature": {"name": "recency_any", "atMost": 3.5}}},
                {"feature": {"name": "device", "is": "mobile"}},
                {"property": {"event": "page", "name": "n", "is": ["1", "2"], "within": "1d"}},
                {"property": {"name": "n", "is": 5}}]}}]}
            """#
        let policy = try Bench.policy(text)
        let again = try Policy(DocumentNode(policy.document))
        #expect(again == policy)
        #expect(again.hash == policy.hash)
        #expect(policy.hash.count == 64)
        #expect(policy.textProperties == ["n"])
    }

    @Test("equal meaning has equal hash")
    func equalMeaningHasEqualHash() throws {
        let short = try policy(when: #"{"event": {"name": "cart"}}"#)
        let long = try Bench.policy(
            #"""
            {"offers": [{"title": "A", "when": {"event": {"atLeast": 1.0, "name": ["cart"]}}, "priority": 0,
             "id": "a"}], "caps": {"spacing": "600s"}, "version": 1}
            """#)
        #expect(short.hash == long.hash)
        let other = try policy(when: #"{"event": {"name": "cart", "atLeast": 2}}"#)
        #expect(short.hash != other.hash)
    }

    @Test(
        "mistakes are named with their path",
        arguments: [
            (#"{"scor": {"atLeast": 0.3}}"#, "offers[0].when.scor", "did you mean score?"),
            (#"{}"#, "offers[0].when", "exactly one of"),
            (#"{"score": {"above": 0}, "not": {"score": {"above": 0}}}"#, "offers[0].when", "exactly one of"),
            (#"{"score": {}}"#, "offers[0].when.score", "at least one of"),
            (#"{"score": {"atLeast": 30}}"#, "offers[0].when.score", "from 0 to 1"),
            (#"{"all": []}"#, "offers[0].when.all", "at least one"),
            (#"{"any": [{"event": {"within": "1h"}}]}"#, "offers[0].when.any[0].event.name", "is missing"),
            (
                #"{"event": {"name": "x", "within": "1 hour"}}"#, "offers[0].when.event.within",
                "length of time"
            ),
            (#"{"event": {"name": ""}}"#, "offers[0].when.event.name", "empty"),
            (#"{"feature": {"name": "x"}}"#, "offers[0].when.feature", "at least one of"),
            (
                #"{"feature": {"name": "x", "is": "y", "above": 2}}"#, "offers[0].when.feature.above",
                "unknown key"
            ),
            (#"{"property": {"name": "x", "is": []}}"#, "offers[0].when.property.is", "at least one"),
            (#"{"property": {"name": "x", "is": [{}]}}"#, "offers[0].when.property.is[0]", "expected a text"),
            (#"{"score": {"atLeast": "high"}}"#, "offers[0].when.score.atLeast", "finite number"),
        ])
    func mistakesAreNamedWithTheirPath(condition: String, path: String, problem: String) throws {
        let error = try #require(throws: DocumentError.self) { try policy(when: condition) }
        #expect(error.path == path)
        #expect(error.problem.contains(problem))
    }

    @Test(
        "mistakes outside offers are named",
        arguments: [
            (#"{"offers": []}"#, "version"),
            (#"{"version": 3, "offers": []}"#, "version"),
            (#"{"version": 1, "offers": [], "consent": "required"}"#, "consent"),
            (#"{"version": 2, "offers": [], "consent": "yes"}"#, "consent"),
            (
                #"{"version": 1, "offers": [{"id": "a", "title": "A", "when": {"weekday": "mon"}}]}"#,
                "offers[0].when"
            ),
            (#"{"version": 2, "offers": [], "quietHours": "22-8"}"#, "quietHours"),
            (#"{"version": 2, "offers": [], "serviceMessages": ["a"]}"#, "serviceMessages"),
            (#"{"version": 2, "offers": [], "backoff": {"limit": 0}}"#, "backoff.limit"),
            (#"{"version": 2, "offers": [], "consent": "required", "legalBasis": "x"}"#, "legalBasis"),
            (#"{"version": 1}"#, "offers"),
            (#"{"version": 1, "offers": [], "cap": {}}"#, "cap"),
            (#"{"version": 1, "offers": [], "caps": {"perDay": -1}}"#, "caps.perDay"),
            (#"{"version": 1, "offers": [], "caps": {"day": "week"}}"#, "caps.day"),
            (#"{"version": 1, "offers": [], "caps": {"spacing": "0s"}}"#, "caps.spacing"),
            (#"{"version": 1, "offers": [], "holdout": {"share": 1.5, "key": "k"}}"#, "holdout.share"),
            (#"{"version": 1, "offers": [], "holdout": {"share": 0.5}}"#, "holdout.key"),
            (#"{"version": 1, "offers": [], "holdout": {"share": 0.5, "key": ""}}"#, "holdout.key"),
        ])
    func mistakesOutsideOffersAreNamed(text: String, path: String) throws {
        let error = try #require(throws: DocumentError.self) { try Bench.policy(text) }
        #expect(error.path == path)
    }

    @Test("ids are unique")
    func idsAreUnique() throws {
        let offer = #"{"id": "a", "title": "A", "when": {"score": {"above": 0}}}"#
        let error = try #require(throws: DocumentError.self) {
            try Bench.policy(#"{"version": 1, "offers": [\#(offer), \#(offer)]}"#)
        }
        #expect(error.path == "offers[1].id")
    }

    @Test("conditions are not within each other without end")
    func conditionsAreNotWithinEachOtherWithoutEnd() throws {
        let deep = String(repeating: #"{"not": "#, count: 40) + #"{"score": {"above": 0}}"#
        let text = deep + String(repeating: "}", count: 40)
        #expect(throws: DocumentError.self) { try policy(when: text) }
    }

    @Test("a policy must fit its model")
    func aPolicyMustFitItsModel() throws {
        func error(_ condition: String) throws -> PolicyFitError {
            try #require(throws: PolicyFitError.self) { try Bench(policy(when: condition)) }
        }
        #expect(
            try error(#"{"feature": {"name": "recency_ny", "above": 1}}"#).description
                == #"offer a: the model has no feature "recency_ny"; did you mean recency_any?"#)
        #expect(
            try error(#"{"not": {"feature": {"name": "device", "above": 1}}}"#)
                == .wrongKindOfInput("device", offer: "a", isCategorical: true))
        #expect(
            try error(#"{"feature": {"name": "recency_any", "is": "1"}}"#)
                == .wrongKindOfInput("recency_any", offer: "a", isCategorical: false))
    }
}
