import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetService
import LimpetTestSupport
import Testing

@Suite struct AccessTests {
    private static let message = #"{"userId": "a", "event": "x"}"#

    private func configuration(
        host: String, port: Int = 1, key: String? = nil, bodyLimit: Int = 1
    ) throws(ServiceConfigurationError) {
        _ = try ServiceConfiguration(
            host: host, port: port, keys: AccessKeys(everybody: key), bodyLimit: bodyLimit, zone: { _ in nil }
        )
    }

    @Test(
        "without a key only this machine is served",
        arguments: [
            "0.0.0.0", "192.168.0.1", "::", "example.org", "127.evil.org", "127.0.0.1.evil.org", "",
        ])
    func withoutAKeyOnlyThisMachineIsServed(host: String) throws {
        #expect(throws: ServiceConfigurationError.keyRequired(host: host)) {
            try configuration(host: host)
        }
        try configuration(host: host, key: "key")
    }

    @Test("loopback needs no key", arguments: ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
    func loopbackNeedsNoKey(host: String) throws {
        try configuration(host: host)
    }

    @Test("values out of range are refused")
    func valuesOutOfRangeAreRefused() {
        #expect(throws: ServiceConfigurationError.port(65_536)) {
            try configuration(host: "::1", port: 65_536)
        }
        #expect(throws: ServiceConfigurationError.port(-1)) { try configuration(host: "::1", port: -1) }
        #expect(throws: ServiceConfigurationError.emptyKey) {
            try configuration(host: "::1", key: "")
        }
        #expect(throws: ServiceConfigurationError.bodyLimit(0)) {
            try configuration(host: "::1", bodyLimit: 0)
        }
    }

    @Test("who knows the key is let in")
    func whoKnowsTheKeyIsLetIn() async throws {
        let folder = try TemporaryFolder()
        var live = LiveService(file: folder.file())
        live.keys = AccessKeys(everybody: "a key")
        try await live.run { client in
            // base64 of "a key:", "a key" and "b key:"
            for (header, status) in [
                ("Basic YSBrZXk6", 200), ("basic YSBrZXk=", 200), ("Bearer a key", 200),
                ("Basic YiBrZXk6", 401),
                ("Bearer b", 401), ("Bearer", 401), ("Basic ***", 401), ("a key", 401), ("Digest a key", 401),
            ] {
                let answer = try await client.post(
                    "/v1/track", Self.message, headers: ["Authorization": header])
                #expect(answer.status == status, "\(header)")
            }
            let answer = try await client.post("/v1/track", Self.message)
            #expect(answer.status == 401)
            #expect(answer.json["error"]?["code"]?.text == "unauthorized")
            #expect(answer.head.lowercased().contains("www-authenticate: basic"))
            #expect(try await client.get("/metrics").status == 401)
            #expect(try await client.get("/v1/users/a").status == 401)
            #expect(try await client.get("/v1/none").status == 401)
            #expect(try await client.get("/health/ready").status == 200)
        }
    }

    @Test("without a key pages of other sites are kept out")
    func withoutAKeyPagesOfOtherSitesAreKeptOut() async throws {
        let folder = try TemporaryFolder()
        try await LiveService(file: folder.file()).run { client in
            for (name, value, status) in [
                ("Origin", "https://evil.example", 403), ("Origin", "null", 403),
                ("Origin", "http://localhost:3000", 200), ("Host", "evil.example", 403),
                ("Host", "localhost:8080", 200), ("Host", "[::1]:8080", 200),
            ] {
                let answer = try await client.post("/v1/track", Self.message, headers: [name: value])
                #expect(answer.status == status, "\(name): \(value)")
            }
        }
    }

    @Test("each key may do what its role may, and no more")
    func roles() async throws {
        let folder = try TemporaryFolder()
        var live = LiveService(file: folder.file())
        live.keys = AccessKeys(everybody: "p", server: "s", admin: "t")
        try await live.run { client in
            let message = #"{"userId": "anna", "event": "page", "messageId": "m"}"#
            func post(_ path: String, _ body: String, _ key: String) async throws -> HTTPClient.Answer {
                try await client.post(path, body, headers: ["Authorization": "Bearer \(key)"])
            }
            for key in ["p", "s", "t"] { #expect(try await post("/v1/track", message, key).status == 200) }
            let ask = #"{"userId": "anna"}"#
            let offer = try await post("/v1/decide", ask, "p")
            #expect(offer.json["offer"]?["id"]?.text == "hello")
            #expect(offer.json["receipt"] == nil && offer.json["probability"] == nil)
            #expect(try await post("/v1/decide", ask, "s").json["receipt"] != nil)
            #expect(try await post("/v1/score", ask, "p").status == 403)
            #expect(try await post("/v1/score", ask, "s").status == 200)
            for (path, statuses) in [
                ("/v1/users/anna", [403, 403, 200]), ("/metrics", [403, 403, 200]),
                ("/v1/users/anna/export", [403, 403, 200]), ("/v1/decisions/1-1-0", [403, 404, 404]),
                ("/v1/admin/silence", [403, 403, 200]), ("/v1/admin/erasures", [403, 403, 200]),
            ] {
                for (key, status) in zip(["p", "s", "t"], statuses) {
                    let answer = try await client.get(path, headers: ["Authorization": "Bearer \(key)"])
                    #expect(answer.status == status, "\(key) \(path): \(answer.body)")
                }
            }
        }
    }

    @Test("a page proves whom it speaks for")
    func identity() async throws {
        let folder = try TemporaryFolder()
        var live = LiveService(file: folder.file())
        live.keys = AccessKeys(everybody: "p", server: "s", identitySecret: "secret")
        try await live.run { client in
            // openssl dgst -sha256 -hmac secret, of anna
            let hash = "72f8b586f76c2f7cac18422e7892bc2b00b7451b4d6c718b1246410e12202841"
            let proof = #""userId": "anna", "userHash": "\#(hash)""#
            let join = #""userId": "anna", "anonymousId": "device""#
            for (path, body, key, status) in [
                ("decide", #""userId": "anna""#, "p", 403), ("decide", proof, "p", 200),
                ("decide", #""userId": "anna""#, "s", 200), ("decide", #""anonymousId": "device""#, "p", 200),
                ("track", #""userId": "anna", "event": "x""#, "p", 200), ("identify", join, "p", 403),
                ("identify", proof + #", "anonymousId": "device""#, "p", 200),
            ] {
                let answer = try await client.post(
                    "/v1/\(path)", "{\(body)}", headers: ["Authorization": "Bearer \(key)"])
                #expect(answer.status == status, "\(path) \(body): \(answer.body)")
            }
        }
    }
}
