import LimpetDocuments
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct BadRequestTests {
    @Test("mistakes are named with their field")
    func mistakesAreNamedWithTheirField() async throws {
        let cases: [(path: String, body: String, status: Int, field: String?, text: String)] = [
            ("track", "{", 400, nil, "JSON byte 1"),
            ("track", "", 400, nil, "JSON byte 0"),
            ("track", "[]", 400, nil, "expected an object"),
            ("track", #"{"event": "x"}"#, 400, "userId", "is missing"),
            ("track", #"{"userId": "", "event": "x"}"#, 400, "userId", "is missing"),
            (
                "track", #"{"userId": "a", "event": "x", "timestamp": "0001-01-01T00:00:00Z"}"#, 400,
                "timestamp", "lies before 1990-01-01"
            ),
            ("track", #"{"userId": "a\u0000b", "event": "x"}"#, 400, "userId", "U+0000"),
            ("track", #"{"userId": ["a"], "event": "x"}"#, 400, "userId", "is a list"),
            ("track", #"{"userId": "a"}"#, 400, "event", "is missing"),
            ("track", #"{"userId": "a", "event": "x", "timestamp": "soon"}"#, 400, "timestamp", #""soon""#),
            (
                "track", #"{"userId": "a", "event": "x", "timestamp": true}"#, 400, "timestamp",
                "expected a time"
            ),
            (
                "track", #"{"userId": "a", "event": "x", "sentAt": "later"}"#, 400, "sentAt",
                "expected a time"
            ),
            ("track", #"{"userId": "a", "event": "x", "timestamp": "2025-02-15T12:05:00Z"}"#, 200, nil, ""),
            ("track", #"{"userId": "a", "event": "$join"}"#, 400, "event", "begin with $"),
            (
                "track",
                #"{"userId": "a", "event": "offer_clicked", "properties": {"delivery": "1-1-0-ab"}}"#,
                400, "properties.delivery", "the id of a delivery"
            ),
            (
                "track",
                #"{"userId": "a", "event": "x", "context": {"consent": {"categoryPreferences": {"x": 1}}}}"#,
                400, "context.consent.categoryPreferences.x", "true or false"
            ),
            ("track", #"{"userId": "a", "event": "x", "properties": {"value": NaN}}"#, 400, nil, "JSON byte"),
            ("track", #"{"userId": "a", "event": "x", "properties": 5}"#, 400, "properties", "an object"),
            (
                "track", #"{"userId": "a", "event": "x", "properties": {"a": {"b": 1}, "a.b": 2}}"#, 400,
                "properties.a.b", "occurs twice"
            ),
            ("batch", "{}", 400, "batch", "a list"),
            ("decide", "{}", 400, "userId", "is missing"),
            ("decide", #"{"userId": "a", "placment": "x"}"#, 400, "placment", "did you mean placement?"),
            ("score", #"{"userId": "a", "at": "then"}"#, 400, "at", "expected a time"),
            ("nothing", "{}", 404, nil, "Not Found"),
        ]
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            for (path, body, status, field, text) in cases {
                let answer = try await client.post("/v1/\(path)", body)
                #expect(answer.status == status, "\(body) gave \(answer.body)")
                let error = answer.json["error"]
                #expect(error?["field"]?.text == field, "\(body) gave \(answer.body)")
                #expect(
                    error?["message"]?.text?.contains(text) ?? (status == 200), "\(body) gave \(answer.body)")
            }
            #expect(try await client.get("/metrics").body.contains("\"accepted\"} 1\n"))
        }
    }

    @Test("bodies that are too large or no JSON are refused")
    func bodiesThatAreTooLargeOrNoJSONAreRefused() async throws {
        let folder = try TemporaryFolder()
        var live = LiveService(file: folder.file())
        live.bodyLimit = 2_000
        try await live.run { client in
            let large = #"{"userId": "a", "event": "\#(String(repeating: "x", count: 3_000))"}"#
            let answer = try await client.post("/v1/track", large)
            #expect(answer.status == 413)
            #expect(answer.json["error"]?["code"]?.text == "tooLarge")
            let message = #"{"userId": "a", "event": "x"}"#
            let markup = try await client.post(
                "/v1/track", message, headers: ["Content-Type": "application/xml"])
            #expect(markup.status == 415)
            let form = try await client.post(
                "/v1/track", message, headers: ["Content-Type": "application/x-www-form-urlencoded"])
            #expect(form.status == 200)
            let packed = try await client.post("/v1/track", message, headers: ["Content-Encoding": "gzip"])
            #expect(packed.status == 400)
            let brotli = try await client.post("/v1/track", message, headers: ["Content-Encoding": "br"])
            #expect(brotli.status == 415)
            let plain = try await client.post(
                "/v1/track", message, headers: ["Content-Type": "text/plain;charset=UTF-8"])
            #expect(plain.status == 200)
            let deep = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
            #expect(try await client.post("/v1/track", deep).status == 400)
        }
    }

    @Test("of a batch the good messages are kept, and the bad ones named")
    func batches() async throws {
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            let messages = (0..<100).map { index in
                index == 41
                    ? #"{"type": "track", "userId": "a"}"#
                    : #"{"type": "track", "userId": "u\#(index)", "event": "x", "messageId": "m\#(index)"}"#
            }
            let body = #"{"batch": [\#(messages.joined(separator: ","))]}"#
            let answer = try await client.post("/v1/batch", body)
            #expect(answer.status == 200)
            #expect(answer.json["accepted"]?.integer == 99)
            let rejected = try #require(answer.json["rejected"]?.array)
            #expect(rejected.count == 1)
            #expect(rejected[0]["index"]?.integer == 41 && rejected[0]["field"]?.text == "event")
            #expect(rejected[0]["code"]?.text == "invalid")
            let again = try await client.post("/v1/batch", body)
            #expect(again.json["accepted"]?.integer == 0 && again.json["duplicates"]?.integer == 99)
        }
    }

    @Test("an unknown zone and a bad amount are missing, and lose no event")
    func missingParts() async throws {
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            for message in [
                #"{"userId": "a", "event": "x", "context": {"timezone": "Mars/Base"}}"#,
                #"{"userId": "a", "event": "purchase", "properties": {"value": "12,50"}}"#,
                #"{"userId": "a", "event": "purchase", "properties": {"value": 1e300}}"#,
            ] {
                let answer = try await client.post("/v1/track", message)
                #expect(answer.status == 200, "\(answer.body)")
            }
            #expect(try await client.get("/v1/users/a").json["events"]?.integer == 3)
        }
    }

    @Test("a wrong method is told the right ones")
    func methods() async throws {
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            for (method, path, allowed) in [
                ("GET", "/v1/track", "POST"), ("DELETE", "/v1/batch", "POST"),
                ("POST", "/v1/users/anna", "GET, DELETE"), ("PUT", "/health/live", "GET"),
            ] {
                let answer = try await client.send(method, path, ["Content-Length": "0"], "")
                #expect(answer.status == 405, "\(method) \(path)")
                #expect(answer.head.lowercased().contains("allow: \(allowed.lowercased())"))
                #expect(answer.json["code"]?.text == "methodNotAllowed")
                #expect(answer.json["message"]?.text != nil)
            }
            #expect(try await client.get("/v1/users/").status == 404)
        }
    }
}
