import LimpetDocuments
import Foundation
import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetService
import LimpetTestSupport
import Testing

@Suite struct TriggerServiceTests {
    private static let message =
        #"{"userId": "anna", "event": "page", "messageId": "m1", "timestamp": "2025-01-15T11:00:00Z"}"#

    @Test("an event goes in and an offer comes out")
    func anEventGoesInAndAnOfferComesOut() async throws {
        let folder = try TemporaryFolder()
        let live = LiveService(file: folder.file())
        try await live.run { [clock = live.clock] client in
            let track = try await client.post("/v1/track", Self.message)
            #expect(track.status == 200)
            #expect(track.json["duplicate"]?.boolean == false)
            let answer = try await client.post("/v1/decide", #"{"userId": "anna", "placement": "home"}"#)
            #expect(answer.status == 200)
            #expect(answer.json["offer"]?["id"]?.text == "hello")
            #expect(answer.json["offer"]?["body"]?.text == "There")
            let receipt = answer.json["receipt"]
            #expect(receipt?["outcome"]?["offer"]?.text == "hello")
            #expect(receipt?["probability"] == answer.json["probability"])
            #expect(answer.json["reasons"]?.array?.isEmpty == false)
            clock.move(184_000)
            let second = try await client.post("/v1/decide", #"{"userId": "anna"}"#)
            #expect(second.json["offer"] == .null)
            let rule = second.json["receipt"]?["candidates"]?.array?.first?["excludedBy"]?.array?.first
            #expect(rule?["text"]?.text == "spacing: 184 s since the last, 600 s needed")
            #expect(second.json["receipt"]?["sequence"]?.integer == 2)
        }
    }

    @Test("holdout users get nothing and a receipt that names the offer")
    func holdoutUsersGetNothingAndAReceiptThatNamesTheOffer() async throws {
        let folder = try TemporaryFolder()
        var live = LiveService(file: folder.file())
        live.policy.holdout = Holdout(share: 1, key: "k")
        try await live.run { client in
            _ = try await client.post("/v1/track", Self.message)
            let answer = try await client.post("/v1/decide", #"{"userId": "anna"}"#)
            #expect(answer.json["offer"] == .null)
            let outcome = answer.json["receipt"]?["outcome"]
            #expect(outcome?["withheld"]?.text == "holdout")
            #expect(outcome?["offer"]?.text == "hello")
        }
    }

    @Test("strangers get silence and unknown users have no score")
    func strangersGetSilenceAndUnknownUsersHaveNoScore() async throws {
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            let score = try await client.post("/v1/score", #"{"userId": "nobody"}"#)
            #expect(score.status == 404)
            #expect(score.json["error"]?["code"]?.text == "unknownUser")
            #expect(try await client.get("/v1/users/nobody").status == 404)
            let answer = try await client.post("/v1/decide", #"{"anonymousId": "nobody"}"#)
            #expect(answer.status == 200)
            #expect(answer.json["offer"] == .null)
            #expect(answer.json["silence"]?.text == "unknownUser")
            #expect(try await client.get("/metrics").body.contains("limpet_users_in_memory 0\n"))
        }
    }

    @Test("repetitions change nothing")
    func repetitionsChangeNothing() async throws {
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            _ = try await client.post("/v1/track", Self.message)
            let before = try await client.get("/v1/users/anna")
            let again = try await client.post("/v1/track", Self.message)
            #expect(again.status == 200)
            #expect(again.json["duplicate"]?.boolean == true)
            #expect(try await client.get("/v1/users/anna").body == before.body)
            let batch = try await client.post(
                "/v1/batch",
                #"""
                {"batch": [{"type": "track", "userId": "anna", "event": "x", "messageId": "m1"},
                 {"type": "page", "userId": "anna", "name": "home", "messageId": "m2"},
                 {"type": "identify", "userId": "anna", "traits": {"plan": "free"}, "messageId": "m2"}]}
                """#)
            #expect(batch.json["accepted"]?.integer == 1)
            #expect(batch.json["duplicates"]?.integer == 2)
        }
    }

    @Test("a restart goes on where the last run ended")
    func aRestartGoesOnWhereTheLastRunEnded() async throws {
        let folder = try TemporaryFolder()
        var live = LiveService(file: folder.file())
        let clock = live.clock
        let seen = Answers()
        try await live.run { client in
            _ = try await client.post("/v1/track", Self.message)
            _ = try await client.post("/v1/decide", #"{"userId": "anna"}"#)
            clock.move(1_000)
            await seen.add(try await client.get("/v1/users/anna").body)
        }
        live.policy.offers[0].title = "Another"
        try await live.run { client in
            await seen.add(try await client.get("/v1/users/anna").body)
            let answer = try await client.post("/v1/decide", #"{"userId": "anna"}"#)
            #expect(answer.json["receipt"]?["sequence"]?.integer == 2)
            let rules = answer.json["receipt"]?["candidates"]?.array?.first?["excludedBy"]
            #expect(rules?.array?.first?["rule"]?.text == "spacing")
        }
        #expect(await seen.all.count == 2)
        #expect(Set(await seen.all).count == 1)
    }

    @Test("users whose names need escapes are found")
    func usersWhoseNamesNeedEscapesAreFound() async throws {
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            _ = try await client.post("/v1/track", #"{"userId": "a/b c%é", "event": "page"}"#)
            let answer = try await client.get("/v1/users/a%2Fb%20c%25%C3%A9")
            #expect(answer.json["userId"]?.text == "a/b c%é")
        }
    }

    @Test("counters and health are there")
    func countersAndHealthAreThere() async throws {
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            #expect(try await client.get("/health/live").status == 200)
            #expect(try await client.get("/health/ready").status == 200)
            _ = try await client.post("/v1/track", Self.message)
            _ = try await client.post("/v1/decide", #"{"userId": "anna"}"#)
            _ = try await client.post("/v1/track", "{}")
            let text = try await client.get("/metrics").body
            for line in [
                "limpet_events_total{result=\"accepted\"} 1", "limpet_decisions_total{outcome=\"offer\"} 1",
                "limpet_responses_total{status=\"400\"} 1", "limpet_decide_seconds_count 1",
                "limpet_users_in_memory 1",
            ] {
                #expect(text.contains(line + "\n"))
            }
        }
    }

    @Test("many at once are all taken in")
    func manyAtOnceAreAllTakenIn() async throws {
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        try await client.post(
                            "/v1/track", #"{"userId": "anna", "event": "page", "messageId": "\#(index)"}"#
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0 == 200 })
            #expect(try await client.get("/metrics").body.contains("\"accepted\"} 200\n"))
        }
    }

    @Test("at most one of many requests at once gets an offer")
    func atMostOneOfManyRequestsAtOnceGetsAnOffer() async throws {
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            _ = try await client.post("/v1/track", Self.message)
            let offers = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let answer = try await client.post("/v1/decide", #"{"userId": "anna"}"#)
                        #expect(answer.status == 200)
                        return answer.json["offer"] != .null
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(offers == 1)
        }
    }

    @Test("a port that is taken is an error of its own")
    func aPortThatIsTakenIsAnErrorOfItsOwn() async throws {
        let folder = try TemporaryFolder()
        let (first, second) = (folder.file("a.sqlite"), folder.file("b.sqlite"))
        try await LiveService(file: first).run { client in
            var other = LiveService(file: second)
            other.port = client.port
            await #expect(throws: TriggerServiceError.self) { try await other.run { _ in } }
        }
    }
}

/// Collects answers over several runs.
private actor Answers {
    var all: [String] = []

    func add(_ text: String) { all.append(text) }
}
