import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetService
import LimpetTestSupport
import Testing

@Suite struct AccessTests {
    private static let message = #"{"userId": "a", "event": "x"}"#

    private func configuration(
        host: String, port: Int = 1, writeKey: String? = nil, bodyLimit: Int = 1
    ) throws(ServiceConfigurationError) {
        _ = try ServiceConfiguration(
            host: host, port: port, writeKey: writeKey, bodyLimit: bodyLimit, zone: { _ in nil })
    }

    @Test(
        "without a key only this machine is served",
        arguments: [
            "0.0.0.0", "192.168.0.1", "::", "example.org", "127.evil.org", "127.0.0.1.evil.org", "",
        ])
    func withoutAKeyOnlyThisMachineIsServed(host: String) throws {
        #expect(throws: ServiceConfigurationError.writeKeyRequired(host: host)) {
            try configuration(host: host)
        }
        try configuration(host: host, writeKey: "key")
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
        #expect(throws: ServiceConfigurationError.emptyWriteKey) {
            try configuration(host: "::1", writeKey: "")
        }
        #expect(throws: ServiceConfigurationError.bodyLimit(0)) {
            try configuration(host: "::1", bodyLimit: 0)
        }
    }

    @Test("who knows the key is let in")
    func whoKnowsTheKeyIsLetIn() async throws {
        let folder = try TemporaryFolder()
        var live = LiveService(file: folder.file())
        live.writeKey = "a key"
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
}
