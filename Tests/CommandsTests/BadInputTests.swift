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
            expected: ["log.csv:2", "2035-01-01", "future"]),
        Case(
            name: "milliseconds read as seconds", log: "user,time\nu,1735725600000\n",
            flags: ["--time-format", "s"], expected: ["log.csv:2", "another one", "--time-format"]),
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
    func log(_ item: Case) throws {
        let folder = try TemporaryFolder()
        var bytes = Array(item.log.utf8)
        // The marker becomes a byte that no UTF-8 has.
        for index in bytes.indices where bytes[index] == 1 { bytes[index] = 0xff }
        let log = try folder.write(bytes, as: "log.csv")
        let output = folder.file("model.json")
        let result = try CommandLineTool.run(
            ["train", "--events", log, "--churn-after", "30d", "--output", output] + item.flags)
        #expect(result.status == 65, "\(result.errors)")
        for text in item.expected { #expect(result.errors.contains(text), "\(result.errors)") }
        #expect(folder.names == ["log.csv"])
    }

    @Test("a line of over 16 MiB is refused in bounded memory")
    func longLine() throws {
        let folder = try TemporaryFolder()
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 17 << 20)
        let log = try folder.write(Array("user,time\n".utf8) + line, as: "log.csv")
        let result = try CommandLineTool.run(["label", "--events", log])
        #expect(result.status == 65)
        #expect(result.errors.contains("longer than"), "\(result.errors)")
    }

    @Test("a truncated gzip file is refused")
    func truncatedGzip() throws {
        let folder = try TemporaryFolder()
        let whole = try Data(
            contentsOf: CommandLineTool.root.appendingPathComponent("training-data/events.csv.gz"))
        let log = try folder.write(Array(whole.prefix(whole.count / 2)), as: "log.csv.gz")
        let result = try CommandLineTool.run(["label", "--events", log])
        #expect(result.status == 65)
        #expect(result.errors.contains("ends in the middle"), "\(result.errors)")
    }

    static let tables: [(name: String, table: String, expected: [String])] = [
        ("repeated ids", "id,x,y\n1,1,Yes\n1,2,No\n", ["table.csv:3: id", "line 2"]),
        ("one class only", "id,x,y\n1,1,Yes\n2,2,Yes\n", ["label 1", "needs both"]),
        ("unknown positive value", "id,x,y\n1,1,A\n2,2,B\n", ["table.csv: y", "\"Yes\"", "\"A\""]),
        ("a missing target", "id,x,y\n1,1,Yes\n2,2,\n", ["table.csv:3: y", "missing"]),
        ("an infinite value", "id,x,y\n1,1,Yes\n2,1e400,No\n", ["table.csv:3: x", "finite"]),
    ]

    @Test("a bad table is refused with place and reason", arguments: tables)
    func table(_ item: (name: String, table: String, expected: [String])) throws {
        let folder = try TemporaryFolder()
        let table = try folder.write(item.table, as: "table.csv")
        let result = try CommandLineTool.run([
            "train", "--table", table, "--target", "y", "--positive", "Yes", "--id", "id",
        ])
        #expect(result.status == 65, "\(result.errors)")
        for text in item.expected { #expect(result.errors.contains(text), "\(result.errors)") }
    }

    @Test("a constant column is no obstacle")
    func constantColumn() throws {
        let folder = try TemporaryFolder()
        var rows = "id,x,constant,y\n"
        for row in 0..<200 { rows += "\(row),\(row % 17),7,\(row % 17 > 8 && row % 3 > 0 ? "Yes" : "No")\n" }
        let table = try folder.write(rows, as: "table.csv")
        for model in ["stumps", "logistic"] {
            let report = try CommandLineTool.json([
                "train", "--table", table, "--target", "y", "--positive", "Yes", "--id", "id", "--model",
                model,
            ])
            #expect(try #require(report["auc"] as? Double) > 0.7)
        }
    }

    @Test("bad rows are borne up to the limit, and kept with their reasons")
    func rejects() throws {
        let folder = try TemporaryFolder()
        let log = try folder.write(
            "user,time\nu,2025-01-01\nu,yesterday\n,2025-01-02\nv,2025-01-03\n", as: "log.csv")
        let rejects = folder.file("rejects.csv")
        let flags = ["label", "--events", log, "--rejects", rejects]
        let borne = try CommandLineTool.run(flags + ["--max-bad-rows", "2"])
        #expect(borne.status == 0, "\(borne.errors)")
        let kept = try String(contentsOfFile: rejects, encoding: .utf8)
        #expect(kept.contains("log.csv,3,time") && kept.contains("u,yesterday"))
        #expect(kept.contains("log.csv,4,user"))
        let refused = try CommandLineTool.run(flags + ["--max-bad-rows", "1"])
        #expect(refused.status == 65)
    }

    @Test("a model file with one byte changed is refused")
    func changedModel() throws {
        let folder = try TemporaryFolder()
        var bytes = Array(
            try Data(contentsOf: CommandLineTool.root.appendingPathComponent("models/cancellation.json")))
        bytes[bytes.count / 2] ^= 1
        let model = try folder.write(bytes, as: "model.json")
        let result = try CommandLineTool.run(["explain", "--model", model])
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

    @Test("exit codes are those of sysexits", arguments: exitCodes)
    func exitCode(_ item: (arguments: [String], status: Int32)) throws {
        let result = try CommandLineTool.run(item.arguments)
        #expect(result.status == item.status, "\(result.errors)")
    }
}
