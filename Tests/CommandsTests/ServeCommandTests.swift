import LimpetDocuments
import Foundation
import LimpetScoring
import LimpetTestSupport
import Testing

/// The service as a process: warm from a log, fed over HTTP, killed and started again by the same line, it
/// scores as `limpet score` does on the same events.
@Suite(.serialized, .timeLimit(.minutes(30))) struct ServeCommandTests {
    private static let model = "models/cancellation.json"
    private static let log = "training-data/events.csv.gz"
    /// Times after the end of the log, so that what arrives later counts.
    private static let snapshotTimes = [
        "2025-05-01T00:00:00Z", "2025-06-30T12:00:00.001Z", "2025-07-20T00:00:00Z",
    ]

    @Test("a live score is that of limpet score --at, before and after kill -9")
    func liveScores() async throws {
        let folder = try TemporaryFolder()
        let arrivals = Self.arrivals
        let rows = arrivals.map { "\($0.user),\($0.time),\($0.name),\($0.value)" }
        let later = try folder.write(
            (["user,time,event,value"] + rows).joined(separator: "\n") + "\n", as: "later.csv")

        let service = try await RunningService(folder.file("database"), events: [Self.log])
        try await compare(service, with: scores([Self.log], folder.file("before.csv")))
        for event in arrivals {
            let value = event.value.isEmpty ? "" : #","properties":{"value":\#(event.value)}"#
            let answer = try await service.client.post(
                "/v1/track",
                #"{"userId":"\#(event.user)","event":"\#(event.name)","timestamp":"\#(event.time)"\#(value)}"#
            )
            #expect(answer.status == 200, "\(answer.body)")
        }
        let after = try await scores([Self.log, later], folder.file("after.csv"))
        try await compare(service, with: after)
        await service.end(SIGKILL)

        let revived = try await RunningService(folder.file("database"), events: [Self.log])
        try await compare(revived, with: after)
        #expect(await revived.end(SIGTERM) == 0)
    }

    @Test("a failing disk is answered as such, is reported by health, and charges no offer")
    func failingDisk() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("database")
        let service = try await RunningService(file, events: [Self.log])
        let ask = #"{"userId":"u000318","placement":"cart"}"#
        #expect(try await service.client.get("/health/ready").status == 200)

        // Another process holds the log: nothing can be stored.
        let lock = try await Self.sqlite(
            file + "/log.sqlite", "db.execute('BEGIN IMMEDIATE'); print(1, flush=True); sys.stdin.read()")
        let failed = try await service.client.post("/v1/decide", ask)
        #expect(failed.status == 503, "\(failed.body)")
        let track = #"{"userId":"u000318","event":"cart_added"}"#
        #expect(try await service.client.post("/v1/track", track).status == 503)
        #expect(try await service.client.get("/health/ready").status == 503)
        try await lock.end()
        #expect(try await service.client.get("/health/ready").status == 200)
        let user = try await service.client.get("/v1/users/u000318")
        #expect(user.json["ledger"]?.array == [], "\(user.body)")
        let decided = try await service.client.post("/v1/decide", ask)
        #expect(decided.json["offer"]?["id"] != nil, "\(decided.body)")
        #expect(try await service.client.post("/v1/track", track).status == 200)
    }

    /// Python's SQLite at work on a file, once it has printed something.
    private static func sqlite(_ file: String, _ body: String) async throws -> OtherWriter {
        try await OtherWriter(
            "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None); \(body)", file)
    }

    private struct Arrival {
        var user, time, name, value: String
    }

    /// Events of known users and of a new one after the log's end, in no order of time.
    private static let arrivals: [Arrival] = {
        var random = TestRandom(seed: 11)
        return (0..<60).map { index in
            let name = random.pick(["attempt_failed", "cart_added", "purchase", "page_viewed", "signed_up"])
            return Arrival(
                user: index % 10 == 9 ? "newcomer" : "u0000\(10 + random.below(30))",
                time: "2025-07-\(10 + random.below(8))T\(10 + random.below(12)):00:00Z", name: name,
                value: name == "purchase" ? "\(1 + random.below(90)).\(10 + random.below(90))" : "")
        }
    }()

    /// Log-odds by user and snapshot time, as the batch run writes them.
    private func scores(_ logs: [String], _ output: String) async throws -> [String: Substring] {
        let scored = try await CommandLineTool.run(
            ["score", "--model", Self.model, "--events"] + logs + ["--at"] + Self.snapshotTimes
                + ["--data-until", "2025-08-01", "--output", output])
        try #require(scored.status == 0, "\(scored.errors)")
        let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").dropFirst()
        let fields = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        return Dictionary(uniqueKeysWithValues: fields.map { ("\($0[0]) \($0[1])", $0[3]) })
    }

    /// Compares the log-odds of the service with the expected ones, to the bit, for the users that get new
    /// events and for a few others.
    private func compare(_ service: RunningService, with expected: [String: Substring]) async throws {
        let touched = Set(Self.arrivals.map(\.user))
        let keys = expected.keys.filter { key in
            touched.contains(String(key.prefix { $0 != " " })) || key.hasPrefix("u00012")
        }
        try #require(keys.count > 40)
        for key in keys.sorted() {
            let parts = key.split(separator: " ")
            let answer = try await service.client.post(
                "/v1/score", #"{"userId":"\#(parts[0])","at":"\#(parts[1])"}"#)
            let live = try #require(answer.json["logOdds"]?.double, "\(key): \(answer.body)")
            #expect(live == Double(expected[key] ?? ""), "\(key)")
        }
    }
}

/// Another process that works on the service's database until its input ends.
private struct OtherWriter {
    private let process: ChildProcess
    private let input = Pipe()
    /// Kept open: what is printed may come in two pieces, and the second must find a reader too.
    private let output = Pipe()

    init(_ program: String, _ file: String) async throws {
        process = try ChildProcess(
            "/usr/bin/env", ["python3", "-c", program, file], input: input.fileHandleForReading,
            output: output.fileHandleForWriting)
        try input.fileHandleForReading.close()
        try output.fileHandleForWriting.close()
        let said = await onOwnThread { [output] in output.fileHandleForReading.availableData }
        try #require(!said.isEmpty, "the statement failed")
    }

    func end() async throws {
        try input.fileHandleForWriting.close()
        let status = await process.end()
        try #require(status == 0)
    }
}

/// `limpet serve` in a process of its own.
private final class RunningService: Sendable {
    let client: HTTPClient
    private let process: ChildProcess

    init(_ database: String, events: [String]) async throws {
        let output = database + ".log"
        try Data().write(to: URL(filePath: output))
        let log = try FileHandle(forWritingTo: URL(filePath: output))
        process = try ChildProcess(
            Project.limpet,
            [
                "serve", "--model", "models/cancellation.json", "--policy", "training-data/policy.yaml",
                "--database", database, "--port", "0", "--reserve", "1",
            ] + (events.isEmpty ? [] : ["--events"] + events), output: log, errors: log)
        await process.wait { Self.port(output) != nil }
        let said = try String(contentsOfFile: output, encoding: .utf8)
        client = HTTPClient(port: try #require(Self.port(output), "\(said)"))
    }

    deinit { process.send(SIGKILL) }

    /// The port that the service prints when it listens.
    private static func port(_ output: String) -> Int? {
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        // Text after the last line's end is still being written.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let line = lines.first { $0.hasPrefix("listening on ") }
        return line.flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
    }

    /// Sends the signal and returns the exit code once the process has ended.
    @discardableResult func end(_ signal: Int32) async -> Int32 {
        process.send(signal)
        return await process.end()
    }
}
