import LimpetDecisions
import LimpetDocuments
import Testing

@Suite struct TriggerDocumentTests {
    private func policy(_ offer: String) throws -> Policy {
        try Bench.policy(StepBench.offers("{\"id\": \"a\", \"title\": \"A\", \(offer)}"))
    }

    @Test(
        "a trigger that cannot be meant is refused with its path",
        arguments: [
            (#""trigger": {"event": {"name": "a", "within": "1h"}}"#, "offers[0].trigger.event.within"),
            (#""trigger": {"event": {"name": "a", "nth": 0}}"#, "offers[0].trigger.event.nth"),
            (#""trigger": {"event": {"name": "a", "nth": 2, "above": 1}}"#, "offers[0].trigger.event.nth"),
            (#""trigger": {"absence": {"after": "a", "no": "b"}}"#, "offers[0].trigger.absence.within"),
            (#""trigger": {"dwell": {"on": "a"}}"#, "offers[0].trigger.dwell.for"),
            (
                #""trigger": {"any": [{"inactivity": {"for": "1d"}}, {"inactivity": {"for": "2d"}}]}"#,
                "offers[0].trigger"
            ),
            (#""trigger": {"score": {"atLeast": 0.3, "until": 0.4}}"#, "offers[0].trigger.score.until"),
            (#""trigger": {"score": "treshold"}"#, "offers[0].trigger.score"),
            (#""when": {"timeOfDay": "18-23"}"#, "offers[0].when.timeOfDay"),
            (#""when": {"weekday": ["moon"]}"#, "offers[0].when.weekday"),
            (#""when": {"elapsed": {"event": "a"}}"#, "offers[0].when.elapsed"),
            (#""when": {"event": {"name": "a", "where": {}}}"#, "offers[0].when.event.where"),
            (#""when": {"score": "threshold"}, "effect": 0.5"#, "offers[0].effect"),
        ])
    func refused(offer: String, path: String) throws {
        let error = try #require(throws: DocumentError.self) { try policy(offer) }
        #expect(error.path == path)
    }

    @Test(
        "a policy's document means what the policy means",
        arguments: [
            #""trigger": {"event": {"name": ["a", "b*"], "nth": 2, "within": "1h", "since": "c"}}"#,
            #""trigger": {"absence": {"after": {"event": "a", "where": {"x": 1}}, "no": "b", "within": "#
                + #""1h"}}"#,
            #""trigger": {"dwell": {"on": "a", "for": "15s", "without": "click"}}, "goal": "buy""#,
            #""trigger": {"all": [{"inactivity": {"for": "14d"}}, {"score": "threshold"}]}, "channel": "#
                + #""email""#,
            #""trigger": {"any": [{"score": {"atLeast": 0.5, "until": 0.4}}, {"not": {"device": "tv"}}]}"#,
            #""when": {"scoreChange": {"within": "7d", "above": 0.1}}, "value": 20, "effect": 0.1, "#
                + #""cost": 1"#,
            #""when": {"all": [{"elapsed": {"event": "a", "below": "1h"}}, {"dwell": {"event": "a", "#
                + #""atLeast": "1m"}}]}"#,
            #""when": {"event": {"name": "a", "where": {"x": {"atLeast": 1, "below": 2}, "y": {"not": "#
                + #"["u"]}}}}"#,
            #""when": {"any": [{"country": ["NL", "DE"]}, {"weekday": ["sat", "sun"]}]}, "quietHours": "#
                + #""none""#,
        ])
    func documents(offer: String) throws {
        let policy = try policy(offer)
        let again = try Policy(DocumentNode(policy.document))
        #expect(again == policy)
        #expect(again.hash == policy.hash)
    }

    @Test("a threshold that the model does not ship is refused")
    func noThreshold() throws {
        let policy = try policy(#""when": {"score": "threshold"}"#)
        #expect(throws: PolicyFitError.noThreshold) { try StepBench(policy) }
    }
}
