import LimpetDocuments
import Foundation
import LimpetTestSupport
import Testing

/// The effect of a wrong file: a message that says where and what, exit code 65, and no output file.
@Suite struct BadInputTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        var log: String
        var flags: [String] = []
        var expected: [String]
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "empty file", log: "", expected: ["log.csv", "is empty"]),
        Case(name: "header only", log: "user,time,event\n", expected: ["log.csv", "no events"]),
        Case(
            name: "unknown column", log: "user,time\nu,2025-01-01\n", flags: ["--user-column", "customer"],
            expected: ["log.csv:1", "customer", "user, time"]),
        Case(
            name: "a time in the future", log: "user,time\nu,2035-01-01\n",
            expected: ["log.csv:2: time", "2035-01-01", "future"]),
        Case(
            name: "milliseconds read as seconds", log: "user,time\nu,1735725600000\n",
            flags: ["--time-format", "s"], expected: ["log.csv:2: time", "another one", "--time-format"]),
        Case(
            name: "no time at all", log: "user,time\nu,yesterday\n",
            expected: ["log.csv:2: time", "yesterday", "expected a time like"]),
        Case(
            name: "an infinite amount", log: "user,time,value\nu,2025-01-01,inf\n",
            expected: ["log.csv:2: value", "inf", "decimal number"]),
        Case(
            name: "invalid UTF-8", log: "user,time\n\u{1}BAD,2025-01-01\n",
            expected: ["log.csv:2: user", "UTF-8"]),
        Case(
            name: "a row that is too short", log: "user,time,event\nu,2025-01-01\n",
            expected: ["log.csv:2", "2 fields", "3"]),
    ]

    @Test("a bad log is refused with place and reason", arguments: cases)
    func log(_ item: Case) async throws {
        let folder = try TemporaryFolder()
        var bytes = Array(item.log.utf8)
        // The marker becomes a byte that no UTF-8 has.
        for index in bytes.indices where bytes[index] == 1 { bytes[index] = 0xff }
        let log = try folder.write(bytes, as: "log.csv")
        let output = folder.file("model.json")
        let result = try await CommandLineTool.run(
            ["train", "--events", log, "--churn-after", "30d", "--output", output] + item.flags)
        #expect(result.status == 65, "\(result.errors)")
        for text in item.expected { #expect(result.errors.contains(text), "\(result.errors)") }
        #expect(folder.names == ["log.csv"])
    }

    static let unknownEvents: [(flags: [String], expected: String)] = [
        (["train", "--target-event", "purchse", "--horizon", "7d"], "--target-event purchse"),
        (["train", "--churn-after", "7d", "--churn-events", "purchse"], "--churn-events purchse"),
        (["train", "--churn-after", "7d", "--has-done", "purchase", "refund*"], "--has-done refund*"),
        (["features", "extract", "--churn-after", "7d", "--has-done", "purchse"], "--has-done purchse"),
        (["label", "--churn-events", "purchse"], "--churn-events purchse"),
    ]

    @Test("an event that the log does not have is named, with those it has", arguments: unknownEvents)
    func unknownEvent(_ item: (flags: [String], expected: String)) async throws {
        let folder = try TemporaryFolder()
        let log = try folder.write(Self.purchases, as: "log.csv")
        let result = try await CommandLineTool.run(item.flags + ["--events", log])
        #expect(result.status == 65, "\(result.errors)")
        for text in [item.expected, "no event of \(log)", "it has page, purchase"] {
            #expect(result.errors.contains(text), "\(result.errors)")
        }
    }

    /// Eight weeks of ten users: each day a page, every other day a purchase.
    static let purchases: String = {
        var log = "user,time,event\n"
        for day in 0..<56 {
            let time = 1_735_689_600 + day * 86_400
            for user in 0..<10 {
                log += "u\(user),\(time),page\n"
                if (day + user).isMultiple(of: 2) { log += "u\(user),\(time),purchase\n" }
            }
        }
        return log
    }()

    @Test("features that look at nothing are named, and are no error", arguments: [false, true])
    func idleFeatures(isColumnar: Bool) async throws {
        let folder = try TemporaryFolder()
        var log = try folder.write(Self.purchases, as: "log.csv")
        if isColumnar {
            let imported = folder.file("log.limpetlog")
            let result = try await CommandLineTool.run(["import", "--events", log, "--output", imported])
            #expect(result.status == 0, "\(result.errors)")
            log = imported
        }
        let features = try folder.write(
            "version: 1\nfeatures:\n  - {kind: recency}\n  - {kind: count, events: nosuch}\n"
                + "  - {kind: distinct, of: nowhere}\n  - {kind: sum, of: nomoney}\n",
            as: "features.yaml")
        let result = try await CommandLineTool.run([
            "features", "extract", "--events", log, "--features", features, "--at", "2025-02-01", "--output",
            folder.file("table.csv"),
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.errors.contains(
                "features.yaml:4: features[1]: count_nosuch: no event of \(log) is called nosuch"),
            "\(result.errors)")
        #expect(result.errors.contains("features.yaml:5: features[2]: "), "\(result.errors)")
        #expect(result.errors.contains(": no event of \(log) carries nowhere"), "\(result.errors)")
        #expect(result.errors.contains(": no event of \(log) carries nomoney"), "\(result.errors)")
    }

    @Test("a log without any event that the model reads gets a warning")
    func foreignLog() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.write(Self.purchases, as: "log.csv")
        let features = try folder.write(
            "version: 1\nfeatures:\n  - {kind: count, events: purchase, window: 7d}\n", as: "features.yaml")
        let model = folder.file("model.json")
        _ = try await CommandLineTool.json([
            "train", "--events", log, "--features", features, "--target-event", "purchase", "--horizon", "1d",
            "--has-not-done", "none", "--at", "2025-02-01", "--model", "logistic", "--l2", "1", "--folds",
            "2", "--bootstrap", "0", "--output", model,
        ])
        let other = try folder.write("user,time,event\nu,2025-01-01,signup\n", as: "other.csv")
        let warning = "none of the events that the model's features name (purchase)"
        for (events, isForeign) in [(log, false), (other, true)] {
            let result = try await CommandLineTool.run(["score", "--model", model, "--events", events])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains(warning) == isForeign, "\(result.errors)")
        }
    }

    @Test("a line of over 16 MiB is refused in bounded memory")
    func longLine() async throws {
        let folder = try TemporaryFolder()
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 17 << 20)
        let log = try folder.write(Array("user,time\n".utf8) + line, as: "log.csv")
        let result = try await CommandLineTool.run(["label", "--events", log])
        #expect(result.status == 65)
        #expect(result.errors.contains("longer than"), "\(result.errors)")
    }

    @Test("a truncated gzip file is refused")
    func truncatedGzip() async throws {
        let folder = try TemporaryFolder()
        let whole = try Data(
            contentsOf: Project.root.appending(path: "training-data/events.csv.gz"))
        let log = try folder.write(Array(whole.prefix(whole.count / 2)), as: "log.csv.gz")
        let result = try await CommandLineTool.run(["label", "--events", log])
        #expect(result.status == 65)
        #expect(result.errors.contains("ends in the middle"), "\(result.errors)")
    }

    @Test("bad rows are tolerated up to the limit, and kept with their reasons")
    func rejects() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.write(
            "user,time\nu,2025-01-01\nu,yesterday\n,2025-01-02\nv,2025-01-03\n", as: "log.csv")
        let rejects = folder.file("rejects.csv")
        let flags = ["label", "--events", log, "--rejects", rejects]
        let tolerated = try await CommandLineTool.run(flags + ["--max-bad-rows", "2"])
        #expect(tolerated.status == 0, "\(tolerated.errors)")
        let kept = try String(contentsOfFile: rejects, encoding: .utf8)
        #expect(kept.contains("log.csv,3,time") && kept.contains("u,yesterday"))
        #expect(kept.contains("log.csv,4,user"))
        let refused = try await CommandLineTool.run(flags + ["--max-bad-rows", "1"])
        #expect(refused.status == 65)
    }

    @Test("a model file with one byte changed is refused")
    func changedModel() async throws {
        let folder = try TemporaryFolder()
        var bytes = Array(
            try Data(contentsOf: Project.root.appending(path: "models/cancellation.json")))
        bytes[bytes.count / 2] ^= 1
        let model = try folder.write(bytes, as: "model.json")
        let result = try await CommandLineTool.run(["explain", "--model", model])
        #expect(result.status == 65)
        #expect(result.errors.contains("model.json"), "\(result.errors)")
    }

    @Test("a result that cannot be written is an error, a reader that has seen enough is none")
    func fullOutput() async throws {
        let limpet = Project.limpet
        for (command, status) in [
            ("'\(limpet)' explain --model models/cancellation.json > /dev/full", Int32(73)),
            ("'\(limpet)' explain --model models/cancellation.json --format json > /dev/full", 73),
            ("'\(limpet)' explain --model models/cancellation.json | head -1", 0),
        ] {
            let result = try await ChildProcess.run("/bin/sh", ["-c", command])
            #expect(result.status == status, "\(command): \(result.errors)")
        }
    }

    @Test(
        "the help's examples are not broken by its width",
        arguments: [
            "simulate", "features init", "features extract", "label", "train", "evaluate", "score", "explain",
        ])
    func examples(_ command: String) async throws {
        let result = try await CommandLineTool.run(
            command.split(separator: " ").map(String.init) + ["--help"])
        let lines = result.output.split(separator: "\n").prefix { !$0.hasPrefix("USAGE") }
        for (line, next) in zip(lines, lines.dropFirst()) where line.contains("limpet \(command)") {
            #expect(line.hasSuffix("\\") == next.hasPrefix("  "), "\(line)\n\(next)")
        }
        #expect(!lines.contains { $0.hasPrefix("--") })
    }
}
