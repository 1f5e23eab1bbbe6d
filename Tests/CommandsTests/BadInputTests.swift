import LimpetDocuments
import Foundation
import LimpetTestSupport
import Testing

/// What a person sees who gives a wrong file: a message that says where and what, exit code 65, and no output
/// file.
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
        for text in [item.expected, "no event of \(log)", "are page, purchase"] {
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

    @Test("a log without any event that the model looks at is remarked on")
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

    static let tables: [(name: String, table: String, expected: [String])] = [
        ("repeated ids", "id,x,y\n1,1,Yes\n1,2,No\n", ["table.csv:3: id", "line 2"]),
        ("one class only", "id,x,y\n1,1,Yes\n2,2,Yes\n", ["table.csv: y", "label 1", "needs both"]),
        ("unknown positive value", "id,x,y\n1,1,A\n2,2,B\n", ["table.csv: y", "\"Yes\"", "\"A\""]),
        ("a missing target", "id,x,y\n1,1,Yes\n2,2,\n", ["table.csv:3: y", "missing"]),
        ("an infinite value", "id,x,y\n1,1,Yes\n2,inf,No\n", ["table.csv:3: x", "inf"]),
        ("a value too large", "id,x,y\n1,1,Yes\n2,1e400,No\n", ["table.csv:3: x", "finite"]),
    ]

    @Test("a bad table is refused with place and reason", arguments: tables)
    func table(_ item: (name: String, table: String, expected: [String])) async throws {
        let folder = try TemporaryFolder()
        let table = try folder.write(item.table, as: "table.csv")
        let result = try await CommandLineTool.run([
            "train", "--table", table, "--target", "y", "--positive", "Yes", "--id", "id",
        ])
        #expect(result.status == 65, "\(result.errors)")
        for text in item.expected { #expect(result.errors.contains(text), "\(result.errors)") }
    }

    /// A logistic model of one small number, and so with a coefficient far above 1: y is Yes for large x.
    private func tableModel(in folder: borrowing TemporaryFolder) async throws -> String {
        var rows = "id,x,y\n"
        for row in 0..<200 {
            let isYes = row % 17 > 8 && row % 3 > 0
            rows += "\(row),\(Double(row % 17) / 100),\(isYes ? "Yes" : "No")\n"
        }
        let table = try folder.write(rows, as: "training.csv")
        let model = folder.file("model.json")
        _ = try await CommandLineTool.json([
            "train", "--table", table, "--target", "y", "--positive", "Yes", "--id", "id", "--model",
            "logistic", "--l2", "1", "--folds", "2", "--bootstrap", "0", "--output", model,
        ])
        return model
    }

    @Test("texts where the model expects numbers are named by the first line that is no number")
    func textForNumber() async throws {
        let folder = try TemporaryFolder()
        let model = try await tableModel(in: folder)
        let table = try folder.write("id,x,y\n1,5,Yes\n2,,No\n3,1e2,No\n4,many,No\n", as: "table.csv")
        let result = try await CommandLineTool.run([
            "score", "--model", model, "--table", table, "--id", "id",
        ])
        #expect(result.status == 65)
        #expect(result.errors.contains("table.csv:5: x: found \"many\""), "\(result.errors)")
    }

    @Test("values whose score might be no finite number are refused before anything is written")
    func infiniteScore() async throws {
        let folder = try TemporaryFolder()
        let model = try await tableModel(in: folder)
        let table = try folder.write("id,x,y\n1,5,Yes\n2,1e308,No\n3,-1e308,No\n", as: "table.csv")
        for command in ["score", "evaluate"] {
            let scores = folder.file("scores.csv")
            let flags = command == "score" ? ["--output", scores] : []
            let result = try await CommandLineTool.run(
                [command, "--model", model, "--table", table, "--id", "id"] + flags)
            #expect(result.status == 65, "\(result.errors)")
            #expect(result.errors.contains(#"table.csv:3: x: found "1e308""#), "\(result.errors)")
        }
        #expect(!folder.names.contains("scores.csv"))
    }

    @Test(
        "the report's AUC is that of all held-out rows, with the mean of folds beside it, both those of its JSON"
    )
    func reports() async throws {
        let folder = try TemporaryFolder()
        var rows = "id,x,y\n"
        for row in 0..<300 { rows += "\(row),\(row % 17),\(row % 17 + row % 5 > 10 ? "Yes" : "No")\n" }
        let table = try folder.write(rows, as: "table.csv")
        let flags = [
            "train", "--table", table, "--target", "y", "--positive", "Yes", "--id", "id", "--calibration",
            "isotonic",
        ]
        let report = try await CommandLineTool.json(flags)
        let text = try await CommandLineTool.run(flags)
        let pooled = try #require(report["pooled"] as? [String: Any])
        let auc = String(format: "%.4f", try #require(pooled["auc"] as? Double))
        let mean = String(format: "%.4f", try #require(report["auc"] as? Double))
        let line = try #require(text.output.split(separator: "\n").first { $0.contains("AUC") })
        #expect(line.split(separator: " ").prefix(2) == ["AUC", Substring(auc)], "\(line)")
        #expect(line.contains("mean of 5 folds \(mean),"), "\(line)")
        #expect(report["calibration"] as? String == "platt")
        #expect(text.output.contains("Calibration is platt, not isotonic"), "\(text.output)")
    }

    @Test("a constant column is no obstacle")
    func constantColumn() async throws {
        let folder = try TemporaryFolder()
        var rows = "id,x,constant,y\n"
        for row in 0..<200 { rows += "\(row),\(row % 17),7,\(row % 17 > 8 && row % 3 > 0 ? "Yes" : "No")\n" }
        let table = try folder.write(rows, as: "table.csv")
        for model in ["stumps", "logistic"] {
            let report = try await CommandLineTool.json([
                "train", "--table", table, "--target", "y", "--positive", "Yes", "--id", "id", "--model",
                model, "--bootstrap", "0",
            ])
            #expect(try #require(report["auc"] as? Double) > 0.7)
        }
    }

    @Test("bad rows are borne up to the limit, and kept with their reasons")
    func rejects() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.write(
            "user,time\nu,2025-01-01\nu,yesterday\n,2025-01-02\nv,2025-01-03\n", as: "log.csv")
        let rejects = folder.file("rejects.csv")
        let flags = ["label", "--events", log, "--rejects", rejects]
        let borne = try await CommandLineTool.run(flags + ["--max-bad-rows", "2"])
        #expect(borne.status == 0, "\(borne.errors)")
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

    static let exitCodes: [([String], Int32)] = [
        (["train", "--churn-after", "30d"], 64), (["nonsense"], 64),
        (["label", "--events", "no-such-file.csv"], 66), (["--help"], 0), (["train", "--help"], 0),
        (["simulate", "--users", "10", "--days", "5", "--output", "/no/such/folder/log.csv"], 73),
        (
            [
                "train", "--events", "training-data/events.csv.gz", "--churn-after", "30d", "--features",
                "training-data/policy.yaml",
            ], 78
        ),
    ]

    static let sharedNames: [[String]] = [
        ["simulate", "--users", "10", "--output", "x.csv", "--truth", "./x.csv"],
        ["simulate", "--users", "10", "--output", "-", "--truth", "-"],
        ["train", "--table", "t.csv", "--target", "y", "--positive", "1", "--output", "t.csv"],
        ["train", "--events", "a", "--churn-after", "7d", "--output", "m", "--out-of-fold", "m"],
        ["train", "--events", "a", "--churn-after", "7d", "--output", "m", "--rejects", "m"],
        ["score", "--model", "m", "--events", "a", "--output", "a"],
        ["score", "--model", "m", "--events", "a", "--output", "m"],
        ["label", "--events", "a", "b", "--rejects", "b"],
    ]

    @Test("two files of one name are refused before anything is read or written", arguments: sharedNames)
    func sharedName(_ arguments: [String]) async throws {
        let result = try await CommandLineTool.run(arguments)
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.errors.contains("is the file of"), "\(result.errors)")
    }

    static let unused: [(flags: String, expected: String)] = [
        ("train --table t --target y --positive 1 --churn-after 30d", "--churn-after does nothing here"),
        ("train --table t --target y --positive 1 --at 2025-01-01 --features f", "--at, --features do"),
        ("train --events a --churn-after 30d --target y", "--target does nothing here"),
        ("score --model m --table t --at 2025-01-01", "goes with --events"),
        ("evaluate --model m --events a --id id", "goes with --table"),
        ("evaluate --model m --events a --bootstrap 0 --seed 3", "--seed does nothing here"),
        ("evaluate --model m --events a --profit-value 5", "expected more than the offer costs"),
        ("evaluate --model m --events a --profit-success 2", "expected a probability from 0 to 1"),
        ("explain --model m --at 2025-01-01", "goes with --user"),
    ]

    @Test("a flag that would change nothing is refused", arguments: unused)
    func unusedFlag(_ item: (flags: String, expected: String)) async throws {
        let result = try await CommandLineTool.run(item.flags.split(separator: " ").map(String.init))
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.errors.contains(item.expected), "\(result.errors)")
    }

    @Test(
        "a flag of the other kind of model is remarked on",
        arguments: [
            ("--model stumps --l2 1", "--l2 changes nothing here: this goes with --model logistic"),
            ("--model logistic --rounds 9", "--rounds changes nothing here: this goes with --model stumps"),
        ])
    func otherKind(flags: String, expected: String) async throws {
        let result = try await CommandLineTool.run(
            "train --events none.csv --churn-after 30d \(flags)".split(separator: " ").map(String.init))
        #expect(result.status == 66, "\(result.errors)")
        #expect(result.errors.contains(expected), "\(result.errors)")
    }

    @Test("--until before --from is named as such")
    func turnedRound() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.write(Self.purchases, as: "log.csv")
        let result = try await CommandLineTool.run([
            "train", "--events", log, "--churn-after", "7d", "--every", "7d", "--from", "2025-02-01",
            "--until", "2025-01-20",
        ])
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.errors.contains("is before --from"), "\(result.errors)")
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

    @Test("exit codes are those of sysexits", arguments: exitCodes)
    func exitCode(_ item: (arguments: [String], status: Int32)) async throws {
        let result = try await CommandLineTool.run(item.arguments)
        #expect(result.status == item.status, "\(result.errors)")
    }
}
