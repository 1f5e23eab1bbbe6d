import Foundation
import LimpetTestSupport
import Testing

/// `limpet score --resume`: interrupted, and gone on with.
@Suite(.serialized, .timeLimit(.minutes(30))) final class ScoreResumeTests {
    private let folder: TemporaryFolder
    private let table: String
    private let model: String

    init() async throws {
        folder = try TemporaryFolder()
        var uniforms = Uniforms(seed: 8)
        var lines = ["id,a,b,plan,left,note"]
        let note = String(repeating: "not read ", count: 20)
        for row in 0..<150_000 {
            let (a, b) = (uniforms.normal(), uniforms.normal())
            let left = uniforms.next() < 1 / (1 + exp(1 - a + b * b / 2))
            lines.append("u\(row),\(a),\(b),\(row % 3 == 0 ? "free" : "pro"),\(left ? 1 : 0),\(note)")
        }
        table = try folder.write(lines.joined(separator: "\n") + "\n", as: "table.csv")
        model = folder.file("model.json")
        let small = try folder.write(lines.prefix(2_000).joined(separator: "\n") + "\n", as: "small.csv")
        let trained = try await CommandLineTool.run([
            "train", "--table", small, "--target", "left", "--positive", "1", "--id", "id", "--drop", "note",
            "--folds", "2", "--bootstrap", "0", "--output", model,
        ])
        try #require(trained.status == 0, "\(trained.errors)")
    }

    private func arguments(_ output: String) -> [String] {
        [
            "score", "--model", model, "--table", table, "--id", "id", "--top-reasons", "20", "--output",
            folder.file(output),
        ]
    }

    @Test("what an interrupted run wrote is kept, and the next one gives the file that one run gives")
    func interrupted() async throws {
        let whole = try await CommandLineTool.run(arguments("whole.csv"))
        try #require(whole.status == 0, "\(whole.errors)")
        let process = try ChildProcess(Project.limpet, arguments("scores.csv") + ["--resume"])
        // Two megabytes are the lines of some blocks.
        let partial = folder.file("scores.csv.partial")
        await process.wait {
            let size = try? FileManager.default.attributesOfItem(atPath: partial)[.size] as? Int
            return size ?? 0 >= 2 << 20
        }
        process.send(SIGINT)
        #expect(await process.end() == 130)
        #expect(folder.names.contains("scores.csv.checkpoint") && !folder.names.contains("scores.csv"))

        // Neither other settings nor another model fit what is there.
        let other = try await CommandLineTool.run(
            arguments("scores.csv") + ["--resume", "--missing", "free"])
        #expect(other.status == 65)
        #expect(other.errors.contains("another missing texts") && other.errors.contains("delete it"))

        let rest = try await CommandLineTool.run(arguments("scores.csv") + ["--resume"])
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(rest.errors.contains("goes on after"))
        #expect(try folder.contents(folder.file("scores.csv")) == folder.contents(folder.file("whole.csv")))
        #expect(!folder.names.contains { $0.hasPrefix("scores.csv.") })
        // The summary is that of all rows, not of the rest.
        let summary = { (text: String) in
            text.components(separatedBy: "\n").filter { $0.contains("scored with") }
        }
        #expect(summary(rest.errors) == summary(whole.errors) && !summary(whole.errors).isEmpty)
    }

    @Test("an id among the rows scored earlier may not come again")
    func repeatedID() async throws {
        // The last row repeats the first id; what stands before it was scored when that is found.
        var text = try folder.text(table)
        text += "u0,1,1,pro,0,\n"
        _ = try folder.write(text, as: "table.csv")
        for _ in 0..<2 {
            let result = try await CommandLineTool.run(arguments("scores.csv") + ["--resume"])
            #expect(result.status == 65)
            #expect(result.errors.contains("the id stands in line 2 too"))
            #expect(folder.names.contains("scores.csv.checkpoint") && !folder.names.contains("scores.csv"))
        }
    }

    @Test("what cannot be gone on with is refused before anything is read")
    func refused() async throws {
        let csv = try folder.write("user,time,event\na,2025-01-01,buy\n", as: "log.csv")
        let log = try await CommandLineTool.run([
            "score", "--model", Project.shippedModel, "--events", csv,
            "--output", folder.file("x.csv"), "--resume",
        ])
        #expect(log.status == 64 && log.errors.contains("limpet import"))
        for (output, more) in [
            ("-", []), (folder.file("x.csv.gz"), []),
            (folder.file("x.csv"), ["--rejects", folder.file("r")]),
        ] {
            let result = try await CommandLineTool.run(
                ["score", "--model", model, "--table", table, "--output", output, "--resume"] + more)
            #expect(result.status == 64 && result.errors.contains("--resume"), "\(output) \(more)")
        }
    }

    @Test("a table of objects gives the scores of the table of fields")
    func objects() async throws {
        let rows = try folder.text(folder.file("small.csv")).split(separator: "\n").dropFirst()
        let objects = rows.map { row in
            let fields = row.split(separator: ",")
            return
                "{\"plan\": \"\(fields[3])\", \"b\": \(fields[2]), "
                + "\"id\": \"\(fields[0])\", \"a\": \(fields[1])}"
        }
        let ndjson = try folder.write(objects.joined(separator: "\n"), as: "small.ndjson")
        let small = folder.file("small.csv")
        var results: [ChildProcess.Result] = []
        for table in [small, ndjson] {
            results.append(
                try await CommandLineTool.run(["score", "--model", model, "--table", table, "--id", "id"]))
        }
        #expect(results.allSatisfy { $0.status == 0 }, "\(results.map(\.errors))")
        #expect(results[0].output == results[1].output)
        let gap = try folder.write(objects[0] + "\n{\"id\": \"x\", \"a\": 1}\n", as: "gap.ndjson")
        let refused = try await CommandLineTool.run(["score", "--model", model, "--table", gap, "--id", "id"])
        #expect(refused.status == 65)
        #expect(refused.errors.contains("gap.ndjson:2") && refused.errors.contains("write null"))
    }
}
