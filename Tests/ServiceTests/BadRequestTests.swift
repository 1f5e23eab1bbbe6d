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
                "track", #"{"userId": "a", "event": "x", "timestamp": "2025-01-15T12:05:00.001Z"}"#, 400,
                "timestamp", "lies in the future"
            ),
            ("track", #"{"userId": "a", "event": "x", "timestamp": "2025-01-15T12:05:00Z"}"#, 200, nil, ""),
            (
                "track", #"{"userId": "a", "event": "x", "context": {"timezone": "Mars/Base"}}"#, 400,
                "context.timezone", "Mars/Base"
            ),
            (
                "track", #"{"userId": "a", "event": "x", "properties": {"value": "12,50"}}"#, 400,
                "properties.value", "decimal number"
            ),
            ("track", #"{"userId": "a", "event": "x", "properties": {"value": NaN}}"#, 400, nil, "JSON byte"),
            (
                "track", #"{"userId": "a", "event": "x", "properties": {"value": 1e300}}"#, 400,
                "properties.value", "decimal number"
            ),
            ("track", #"{"userId": "a", "event": "x", "properties": 5}"#, 400, "properties", "an object"),
            (
                "track", #"{"userId": "a", "event": "x", "properties": {"a": {"b": 1}, "a.b": 2}}"#, 400,
                "properties.a.b", "occurs twice"
            ),
            ("batch", "{}", 400, "batch", "a list"),
            ("batch", #"{"batch": [{"type": "track", "userId": "a"}]}"#, 400, "batch[0].event", "is missing"),
            (
                "batch", #"{"batch": [{"type": "page", "userId": "a"}, {"type": "click"}]}"#, 400,
                "batch[1].type", "expected one of track, page"
            ),
            ("batch", #"{"batch": [7]}"#, 400, "batch[0]", "an object"),
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
            #expect(packed.status == 415)
            let plain = try await client.post(
                "/v1/track", message, headers: ["Content-Type": "text/plain;charset=UTF-8"])
            #expect(plain.status == 200)
            let deep = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
            #expect(try await client.post("/v1/track", deep).status == 400)
        }
    }
}
