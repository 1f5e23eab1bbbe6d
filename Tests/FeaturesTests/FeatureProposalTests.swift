import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import Testing

@Suite struct FeatureProposalTests {
    /// 30 users over 40 days: purchases with an amount, an invoice's number and a device; three kinds of
    /// clicks; one rare event; offers of the service.
    private func log() throws -> EventLog {
        var builder = EventLogBuilder()
        func add(_ user: Int, _ name: String, day: Int, _ properties: VerbatimDictionary<String> = [:]) throws
        {
            let time = Int64(day) * 86_400_000 + Int64(user)
            try builder.append(
                Event(
                    user: "u\(user)", name: name, time: Timestamp(milliseconds: time),
                    properties: properties),
                addingColumns: true)
        }
        for user in 0..<30 {
            for day in stride(from: user % 5, to: 40, by: 5) {
                try add(
                    user, "buy", day: day,
                    [
                        "value": "\(day + 1).\(user + 10)", "invoice": String(100_000 + user * 40 + day),
                        "device": ["mobile", "desktop", "tv"][user % 3], "constant": "same",
                    ])
                try add(user, ["click:a", "click:b", "click:c"][day % 3], day: day)
                try add(user, "offer_shown", day: day)
            }
            if user < 3 { try add(user, "rare", day: 7, ["value": "1"]) }
        }
        return builder.finish()
    }

    private func proposal(_ rules: FeatureProposal, day: Int64 = 40) throws -> FeatureSet {
        let set = rules.propose(
            for: try log(), before: Timestamp(milliseconds: day * 86_400_000), timeZone: "Europe/Paris")
        try set.validate()
        return set
    }

    @Test("general activity comes first, in windows that the log can fill")
    func activity() throws {
        let names = try proposal(FeatureProposal(systemEvents: ["offer_shown"])).features.map(\.name)
        #expect(
            names.prefix(14) == [
                "count_any_7d", "active_days_any_7d", "sessions_any_7d", "count_any_30d",
                "active_days_any_30d",
                "sessions_any_30d", "count_any", "active_days_any", "recency_any", "tenure_any",
                "mean_gap_any",
                "longest_gap_any", "overdue_any", "trend_any_7d_of_30d",
            ])
        #expect(!names.contains { $0.contains("90d") || $0.contains("365d") })
        #expect(Set(names).count == names.count)
    }

    @Test("widespread events get features of their own, rare ones and those left out do not")
    func events() throws {
        var rules = FeatureProposal(systemEvents: ["offer_shown"], excluded: ["click:b"])
        let names = try proposal(rules).features.map(\.name)
        #expect(names.contains("count_buy_30d") && names.contains("recency_buy"))
        #expect(names.contains("count_click:a"))
        #expect(!names.contains { $0.contains("rare") || $0.contains("click:b") })
        rules.minimumUsers = 3
        #expect(try proposal(rules).features.map(\.name).contains("count_rare"))
    }

    @Test("at most the given number of events are taken, the most widespread")
    func maximumEvents() throws {
        var rules = FeatureProposal()
        rules.minimumUsers = 1
        rules.maximumEvents = 4
        let names = try proposal(rules).features.map(\.name)
        #expect(names.contains("count_click:b") && !names.contains("count_offer_shown"))
        #expect(!names.contains("count_rare"))
    }

    @Test("three events that share a beginning are one event more")
    func groups() throws {
        #expect(try proposal(FeatureProposal()).features.map(\.name).contains("count_click:*_7d"))
        let two = FeatureProposal(excluded: ["click:c"])
        #expect(try !proposal(two).features.map(\.name).contains { $0.contains("click:*") })
    }

    @Test("amounts are summed with their decimals, few levels are a category, names of things are nothing")
    func properties() throws {
        let set = try proposal(FeatureProposal())
        let names = set.features.map(\.name)
        #expect(set.decimals == ["value": 2])
        #expect(names.contains("sum_value_buy_30d") && names.contains("mean_value_buy"))
        #expect(names.contains("last_category_device_buy"))
        #expect(!names.contains { $0.contains("invoice") || $0.contains("constant") })
    }

    @Test("what is a user's is an attribute, and numbers that name things are not added up")
    func attributes() throws {
        var builder = EventLogBuilder()
        for user in 0..<60 {
            func add(_ name: String, day: Int, _ properties: VerbatimDictionary<String>) throws {
                let time = Timestamp(milliseconds: Int64(day) * 86_400_000)
                try builder.append(
                    Event(user: "u\(user)", name: name, time: time, properties: properties),
                    addingColumns: true)
            }
            try add("registered", day: 0, ["age": "\(20 + user % 40)", "country": "c\(user % 3)"])
            for visit in 1..<10 {
                try add(
                    "visit", day: visit,
                    [
                        "seats": "\(user % 5 + 1)", "minutes": "\(user * visit % 17)",
                        "store_id": "\(visit % 4)",
                        "value": "5",
                    ])
            }
        }
        let names = FeatureProposal().propose(
            for: builder.finish(), before: Timestamp(milliseconds: 40 * 86_400_000)
        ).features.map(\.name)
        func about(_ property: String) -> [String] { names.filter { $0.contains("_\(property)_") } }
        #expect(about("age") == ["latest_age_registered"])
        #expect(about("country") == ["last_category_country_registered"])
        #expect(about("seats") == ["latest_seats_visit"])
        #expect(about("store_id") == ["last_category_store_id_visit"])
        #expect(about("minutes").contains("sum_minutes_visit_7d") && about("minutes").count > 3)
    }

    @Test("many levels are counted and not told apart")
    func manyLevels() throws {
        var rules = FeatureProposal()
        rules.maximumLevels = 2
        let names = try proposal(rules).features.map(\.name)
        #expect(names.contains("distinct_device_buy_30d") && !names.contains("last_category_device_buy"))
    }

    @Test("the zone and the service's events are kept")
    func settings() throws {
        let set = try proposal(FeatureProposal(systemEvents: ["offer_shown"]))
        #expect(set.timeZone == "Europe/Paris" && set.systemEvents == ["offer_shown"])
    }

    @Test("a short log still gets one window, an empty one still gets features")
    func shortLog() throws {
        let names = try proposal(FeatureProposal(), day: 3).features.map(\.name)
        #expect(names.contains("count_any_7d") && !names.contains("count_any_30d"))
        let empty = FeatureProposal().propose(for: EventLogBuilder().finish(), before: TestLog.noon)
        #expect(throws: Never.self) { try empty.validate() }
    }

    @Test("what is proposed can be extracted from the log")
    func extraction() async throws {
        let set = try proposal(FeatureProposal())
        let log = try log().readingAmounts(set.columns.numbers)
        let end = Timestamp(milliseconds: 40 * 86_400_000)
        let table = try await SnapshotTable.extract(
            from: log, plan: FeaturePlan(set), at: [end], dataUntil: end)
        #expect(table.count == 30)
    }

    @Test("the texts that a category can have are those of its column, or the events' names")
    func names() throws {
        let log = try log()
        #expect(
            log.names(for: Feature(kind: .lastCategory, property: "device")) == ["mobile", "desktop", "tv"])
        #expect(log.names(for: Feature(kind: .lastCategory, property: "event")) == log.eventNames)
        #expect(log.names(for: Feature(kind: .lastCategory, property: "absent")).isEmpty)
    }
}
