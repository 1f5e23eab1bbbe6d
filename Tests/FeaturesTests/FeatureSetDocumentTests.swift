import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

@Suite struct FeatureSetDocumentTests {
    private func read(_ text: String) throws -> FeatureSet {
        try FeatureSet(DocumentNode(JSONReader.read(Array(text.utf8)[...])))
    }

    private func feature(_ text: String) throws -> Feature {
        let set = try read("{\"version\": 1, \"features\": [\(text)]}")
        return try #require(set.features.first)
    }

    @Test("a short document gets the defaults")
    func defaults() throws {
        let set = try read(#"{"version": 1, "features": [{"kind": "count"}]}"#)
        #expect(set == FeatureSet(features: [Feature(kind: .count)]))
        #expect(set.timeZone == "UTC" && set.sessionGap == TimeSpan("30m") && set.distinctLimit == 1_000)
    }

    @Test("each field is read")
    func fields() throws {
        let set = try read(
            #"""
            {"version": 1, "timeZone": "Europe/Paris", "sessionGap": "45m", "systemEvents": ["offer_*"],
             "decimals": {"value": 2}, "distinctLimit": 50, "features": [
                {"name": "spent", "kind": "sum", "events": ["buy", "re*"], "of": "value", "window": "8w"},
                {"kind": "trend", "events": "buy", "window": "7d", "against": "28d"},
                {"kind": "difference", "events": "due", "minus": ["sent"], "window": null},
                {"kind": "last_category", "events": "any", "of": "event"}]}
            """#)
        let expected = FeatureSet(
            timeZone: "Europe/Paris", sessionGap: TimeSpan(milliseconds: 2_700_000),
            systemEvents: ["offer_*"],
            decimals: ["value": 2], distinctLimit: 50,
            features: [
                Feature(
                    name: "spent", kind: .sum, events: EventPattern(names: ["buy", "re*"]), window: .days(56),
                    property: "value"),
                Feature(
                    kind: .trend, events: EventPattern(names: ["buy"]), window: .days(7), against: .days(28)),
                Feature(
                    kind: .difference, events: EventPattern(names: ["due"]),
                    other: EventPattern(names: ["sent"])),
                Feature(kind: .lastCategory, property: "event"),
            ])
        #expect(set == expected)
        #expect(try FeatureSet(DocumentNode(set.document)) == set)
    }

    @Test("every kind survives being written and read", arguments: FeatureKind.allCases)
    func roundTrip(kind: FeatureKind) throws {
        for (name, window) in [
            (nil, TimeSpan.days(7)), ("my name", .hour), (nil, TimeSpan(milliseconds: 1_500)),
        ] {
            var feature = Feature.sample(kind, window: window)
            if let name { feature.name = name }
            let set = FeatureSet(systemEvents: ["s"], decimals: ["value": 3, "a": 0], features: [feature])
            #expect(try FeatureSet(DocumentNode(set.document)) == set)
            #expect(try read(set.document.pretty) == set)
        }
    }

    @Test("conditions survive being written and read, and read plain values as texts")
    func conditions() throws {
        let found = try feature(
            #"""
            {"kind": "count", "where": {"plan": ["pro", 7, true], "country": "NL", "tier": {"not": "free"},
             "value": {"atLeast": 10, "below": "99.5"}}, "hours": [22, 6], "weekdays": ["sat", "sun"]}
            """#)
        let expected = EventConditions(
            properties: [
                PropertyCondition("plan", .oneOf(["pro", "7", "true"])),
                PropertyCondition("country", .oneOf(["NL"])), PropertyCondition("tier", .noneOf(["free"])),
                PropertyCondition("value", .amount(atLeast: "10", below: "99.5")),
            ], hours: HourRange(start: 22, end: 6), weekdays: [0, 6])
        #expect(found.conditions == expected)
        let set = FeatureSet(decimals: ["value": 1], scoreSegments: ["risk"], features: [found])
        #expect(try FeatureSet(DocumentNode(set.document)) == set)
    }

    @Test(
        "a wrong condition is refused where it stands",
        arguments: [
            (#""where": {"plan": {"not": "a", "below": 3}}"#, "features[0].where.plan.below"),
            (#""where": {"plan": {"above": 3}}"#, "features[0].where.plan.above"),
            (#""where": {"plan": null}"#, "features[0].where.plan"),
            (#""hours": [22]"#, "features[0].hours"), (#""hours": [6, 6]"#, "features[0].hours"),
            (#""hours": [0, 25]"#, "features[0].hours[1]"),
            (#""weekdays": ["Monday"]"#, "features[0].weekdays"),
            (#""weekdays": []"#, "features[0].weekdays"), (#""within": "1h""#, "features[0].within"),
            (#""minus": "a""#, "features[0].minus"),
        ])
    func wrongConditions(text: String, path: String) {
        let error = #expect(throws: DocumentError.self) { try feature(#"{"kind": "count", \#(text)}"#) }
        #expect(error?.path == path)
    }

    @Test("a name that follows from the parts is not written")
    func derivedNames() {
        let set = FeatureSet(features: [Feature(kind: .count), Feature(name: "mine", kind: .tenure)])
        let features = set.document["features"]?.array
        #expect(features?[0]["name"] == nil && features?[1]["name"]?.text == "mine")
    }

    @Test(
        "a misspelt key is refused with the one that was meant",
        arguments: [
            (#"{"version": 1, "timezone": "UTC", "features": []}"#, "timezone", "timeZone"),
            (#"{"version": 1, "sessiongap": "1h", "features": []}"#, "sessiongap", "sessionGap"),
            (#"{"version": 1, "feature": []}"#, "feature", "features"),
            (
                #"{"version": 1, "features": [{"kind": "count", "event": "a"}]}"#, "features[0].event",
                "events"
            ),
            (
                #"{"version": 1, "features": [{"kind": "count", "windw": "7d"}]}"#, "features[0].windw",
                "window"
            ),
            (#"{"version": 1, "features": [{"kind": "cont"}]}"#, "features[0].kind", "count"),
            (#"{"version": 1, "features": [{"kind": "activeDays"}]}"#, "features[0].kind", "active_days"),
            (#"{"version": 1, "features": [{"kind": "Sum"}]}"#, "features[0].kind", "sum"),
        ])
    func misspelt(text: String, path: String, meant: String) {
        let error = #expect(throws: DocumentError.self) { try read(text) }
        #expect(error?.path == path)
        #expect(error?.problem.hasSuffix("; did you mean \(meant)?") == true, "\(error?.problem ?? "")")
    }

    @Test("a key that is like no other is refused without a guess")
    func unknown() {
        let error = #expect(throws: DocumentError.self) {
            try read(#"{"version": 1, "colour": 1, "features": []}"#)
        }
        #expect(error?.description == "colour: unknown key")
    }

    @Test(
        "a wrong setting is refused where it stands",
        arguments: [
            (#"{"features": [{"kind": "count"}]}"#, "version"),
            (#"{"version": 2, "features": [{"kind": "count"}]}"#, "version"),
            (#"{"version": "1", "features": [{"kind": "count"}]}"#, "version"),
            (#"{"version": 1}"#, "features"),
            (#"{"version": 1, "features": []}"#, ""), (#"{"version": 1, "features": {}}"#, "features"),
            (#"{"version": 1, "features": ["count"]}"#, "features[0]"),
            (#"{"version": 1, "sessionGap": 30, "features": []}"#, "sessionGap"),
            (#"{"version": 1, "sessionGap": "0m", "features": []}"#, "sessionGap"),
            (#"{"version": 1, "decimals": {"value": 10}, "features": []}"#, "decimals.value"),
            (#"{"version": 1, "decimals": {"value": -1}, "features": []}"#, "decimals.value"),
            (#"{"version": 1, "decimals": 2, "features": []}"#, "decimals"),
            (#"{"version": 1, "distinctLimit": 0, "features": []}"#, "distinctLimit"),
            (#"{"version": 1, "systemEvents": {}, "features": []}"#, "systemEvents"),
            (#"{"version": 1, "systemEvents": [1], "features": []}"#, "systemEvents[0]"),
            (#"{"version": 1, "timeZone": 1, "features": []}"#, "timeZone"),
            (#"{"version": 1, "features": [{"kind": "count"}, {"kind": "count"}]}"#, ""),
            ("[]", ""), ("1", ""),
        ])
    func settings(text: String, path: String) {
        let error = #expect(throws: DocumentError.self) { try read(text) }
        #expect(error?.path == path, "\(error?.description ?? "")")
    }

    @Test(
        "a wrong feature is refused",
        arguments: [
            #"{}"#, #"{"events": "buy"}"#, #"{"kind": "churn"}"#, #"{"kind": 1}"#,
            #"{"kind": "count", "of": "value"}"#,
            #"{"kind": "sum"}"#, #"{"kind": "sum", "of": "event"}"#, #"{"kind": "sum", "of": ""}"#,
            #"{"kind": "sum", "of": 1}"#, #"{"kind": "count", "window": "7"}"#,
            #"{"kind": "count", "window": 7}"#,
            #"{"kind": "count", "window": "0d"}"#, #"{"kind": "count", "window": "-7d"}"#,
            #"{"kind": "count", "window": "1000001d"}"#, #"{"kind": "trend", "window": "7d"}"#,
            #"{"kind": "trend", "against": "7d"}"#, #"{"kind": "trend", "window": "7d", "against": "7d"}"#,
            #"{"kind": "count", "against": "7d"}"#, #"{"kind": "difference"}"#,
            #"{"kind": "count", "minus": "a"}"#,
            #"{"kind": "sessions", "events": "a"}"#, #"{"kind": "sessions", "of": "a"}"#,
            #"{"kind": "count", "events": ""}"#, #"{"kind": "count", "events": ["a", ""]}"#,
            #"{"kind": "count", "events": []}"#, #"{"kind": "count", "events": 1}"#,
            #"{"kind": "count", "name": ""}"#,
            #"{"kind": "count", "name": 1}"#, #"{"kind": "last_category"}"#, #"{"kind": "distinct"}"#,
            #"{"kind": "difference", "minus": []}"#,
        ])
    func features(text: String) {
        #expect(throws: DocumentError.self) { try feature(text) }
    }

    @Test("the words any and null stand for all events")
    func anyEvents() throws {
        #expect(try feature(#"{"kind": "count", "events": "any"}"#) == Feature(kind: .count))
        #expect(try feature(#"{"kind": "count", "events": ["any"]}"#) == Feature(kind: .count))
        #expect(try feature(#"{"kind": "count", "events": null}"#) == Feature(kind: .count))
    }

    @Test(
        "the known word that is near is suggested, a distant one is not",
        arguments: [
            ("purchas", "; did you mean purchase?"), ("PURCHASE", "; did you mean purchase?"),
            ("prchse", "; did you mean purchase?"), ("prse", ""), ("xyz", ""),
            ("vew", "; did you mean view?"), ("veiw", "; did you mean view?"), ("", ""),
        ])
    func suggestions(word: String, text: String) {
        #expect(Suggestion.text(for: word, among: ["purchase", "view"]) == text)
        #expect(Suggestion.text(for: word, among: []).isEmpty)
    }
}
