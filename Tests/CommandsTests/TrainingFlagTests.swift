import LimpetDocuments
import Foundation
import LimpetTestSupport
import Testing

/// The effect of the flags of `limpet train`: promises that the whole model keeps, reports of all rows, and
/// refusals.
@Suite final class TrainingFlagTests {
    private let folder: TemporaryFolder
    private let table: String
    private let model: String

    /// Writes a table of a number that raises the label's odds, one that reverses the first one's effect, a
    /// category with a rare level, and a weight.
    init() throws {
        folder = try TemporaryFolder()
        var uniforms = Uniforms(seed: 14)
        var lines = ["id,x,z,level,always,weight,left"]
        for row in 0..<4_000 {
            let (x, z) = (uniforms.normal(), uniforms.normal())
            let level = row % 222 == 7 ? "rare" : row % 3 == 0 ? "a" : "b"
            let left = uniforms.next() < 1 / (1 + exp(1.2 - 0.6 * x - 1.2 * x * (z > 0 ? 1 : -1)))
            lines.append("\(row),\(x),\(z),\(level),7,\(left ? 5 : 1),\(left ? 1 : 0)")
        }
        table = try folder.write(lines.joined(separator: "\n") + "\n", as: "table.csv")
        model = folder.file("model.json")
    }

    private var flags: [String] {
        [
            "train", "--table", table, "--target", "left", "--positive", "1", "--id", "id", "--drop",
            "weight",
            "--folds", "3", "--bootstrap", "0",
        ]
    }

    /// The probabilities as x goes from -2 to 2 and all else stays.
    private func probabilities(z: Double) async throws -> [Double] {
        let rows = stride(from: -2.0, through: 2, by: 0.1).enumerated().map { row, value in
            "p\(row),\(value),\(z),a,7"
        }
        let probe = try folder.write(
            (["id,x,z,level,always"] + rows).joined(separator: "\n") + "\n", as: "probe.csv")
        let result = try await CommandLineTool.run([
            "score", "--model", model, "--table", probe, "--id", "id",
        ])
        try #require(result.status == 0, "\(result.errors)")
        return try result.output.split(separator: "\n").dropFirst().map { line in
            try #require(Double(line.split(separator: ",")[1]))
        }
    }

    static let promises: [(flags: [String], sign: Double)] = [
        (["--model", "stumps", "--pairs", "2", "--rising", "x"], 1),
        (["--model", "stumps", "--pairs", "2", "--falling", "x"], -1),
        (["--model", "blend", "--falling", "x"], -1),
        (["--model", "blend", "--non-positive", "x"], -1),
        (["--model", "blend", "--pairs", "1", "--non-negative", "x"], 1),
        (["--model", "logistic", "--falling", "x"], -1), (["--model", "stumps", "--non-negative", "x"], 1),
        (["--tune-trials", "2", "--tune-kinds", "blend", "--falling", "x"], -1),
        (["--tune-trials", "2", "--tune-kinds", "logistic", "--falling", "x"], -1),
        (["--tune-trials", "2", "--tune-kinds", "stumps", "--non-positive", "x"], -1),
    ]

    @Test("a direction is kept by the whole model", arguments: promises)
    func directions(promise: (flags: [String], sign: Double)) async throws {
        let result = try await CommandLineTool.run(
            flags + ["--rounds", "150", "--output", model] + promise.flags)
        try #require(result.status == 0, "\(result.errors)")
        for z in [-1.0, 1] {
            let values = try await probabilities(z: z)
            #expect(
                zip(values, values.dropFirst()).allSatisfy { promise.sign * ($1 - $0) >= -1e-12 }, "\(values)"
            )
        }
    }

    @Test(
        "flags that contradict each other, or cannot be kept, are refused",
        arguments: [
            ["--model", "blend", "--rising", "x", "--non-positive", "x"],
            ["--model", "blend", "--falling", "x", "--splines", "x"],
            ["--model", "blend", "--cap", "x=0.5"],
            ["--tune-trials", "3", "--rising", "x", "--splines", "x"],
            ["--tune-trials", "3", "--cap", "x=0.5"],
            ["--tune-trials", "3", "--l2", "0", "--inference", "allRows"],
            ["--model", "logistic", "--l2", "0", "--inference", "allRows", "--rising", "x"],
            ["--model", "stumps", "--non-negative", "level"],
            ["--model", "logistic", "--non-positive", "y"],
            ["--no-early-stopping"],
            ["--pairs", "auto:0"],
            ["--model", "logistic", "--inference", "allRows"],
            ["--model", "logistic", "--l2", "1", "--inference", "allRows"],
            ["--model", "logistic", "--l1-ratio", "1", "--inference", "allRows"],
            ["--model", "logistic", "--l2", "0", "--class-weight", "3", "--inference", "allRows"],
            ["--model", "logistic", "--non-negative", "x", "--inference", "split"],
        ])
    func refused(more: [String]) async throws {
        let result = try await CommandLineTool.run(flags + ["--output", model] + more)
        #expect(result.status == 64, "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: model))
    }

    @Test("standard errors are those of the model's own rows: with offsets, and with pooled levels")
    func inference() async throws {
        func coefficients(_ more: [String]) async throws -> [String: Double] {
            let report = try await CommandLineTool.json(
                flags + ["--model", "logistic", "--l2", "0", "--inference", "allRows"] + more)
            let rows = try #require(
                (report["inference"] as? [String: Any])?["coefficients"] as? [[String: Any]])
            return try Dictionary(
                uniqueKeysWithValues: rows.map {
                    (try #require($0["name"] as? String), try #require($0["estimate"] as? Double))
                })
        }
        let all = try await coefficients(["--drop", "weight", "always"])
        // Nineteen users are too few for a name of their own.
        #expect(!all.keys.contains { $0.contains("rare") })
        let sampled = try await coefficients(["--drop", "weight", "always", "--negative-rate", "0.4"])
        // The flag's old name.
        #expect(try await coefficients(["--drop", "weight", "always", "--keep-zeros", "0.4"]) == sampled)
        let (intercept, other) = (try #require(all["(intercept)"]), try #require(sampled["(intercept)"]))
        #expect(abs(intercept - other) < 0.25, "\(intercept) \(other)")
    }

    @Test("errors that data do not allow leave the model, its report, and exit code 65")
    func lateRefusal() async throws {
        let result = try await CommandLineTool.run(
            flags + [
                "--drop", "weight", "x", "z", "level", "--model", "logistic", "--inference", "split",
                "--output", model,
            ])
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("chose no column"))
        #expect(result.output.contains("Wrote ") && FileManager.default.fileExists(atPath: model))
    }

    @Test("tenths of the score are those of the weighted rows, as in JSON")
    func tenths() async throws {
        let weighted = [
            "train", "--table", table, "--target", "left", "--positive", "1", "--id", "id", "--weight",
            "weight", "--folds", "3", "--bootstrap", "0", "--model", "logistic", "--l2", "1",
        ]
        let pooled = try #require(try await CommandLineTool.json(weighted)["pooled"] as? [String: Any])
        let deciles = try #require(pooled["deciles"] as? [[String: Any]])
        let (rate, mean) = (
            try #require(deciles[0]["rate"] as? Double),
            try #require(deciles[0]["meanProbability"] as? Double)
        )
        #expect(abs(rate - mean) < 0.08)
        let line = try #require(
            try await CommandLineTool.run(weighted).output.split(separator: "\n").first {
                $0.contains("top 10 %")
            })
        #expect(line.contains(String(format: "%.1f %%", 100 * rate)))
        #expect(line.contains(String(format: "%.1f %%", 100 * mean)))
    }

    @Test("a leak, an input that never changes, and a model that may know the rows are named")
    func warnings() async throws {
        let leaking = try folder.write(
            try folder.text(table).split(separator: "\n").enumerated().map { place, line in
                place == 0 ? "\(line),refund" : "\(line),\(line.hasSuffix(",1") ? 30 : 0)"
            }.joined(separator: "\n") + "\n", as: "leaking.csv")
        var leak = flags + ["--output", model]
        leak[2] = leaking
        let result = try await CommandLineTool.run(leak)
        #expect(result.output.contains("Is refund, which matters most, known only after the label?"))
        #expect(result.output.contains("1 input has the same value in all rows: always"))
        let report = try await CommandLineTool.json(flags + ["--output", model, "--rounds", "100"])
        #expect(report["suspectInput"] == nil && report["trainedFurther"] == nil)
        #expect((report["silentInputs"] as? [String]) == ["always"])
        let further = try await CommandLineTool.run(flags + ["--init-model", model, "--rounds", "50"])
        #expect(
            further.output.contains("If the model that is trained further had learnt from these very rows"))
        // Each warning is given once.
        let idle = try await CommandLineTool.run(flags + ["--model", "stumps", "--l2", "1"])
        #expect(idle.errors.components(separatedBy: "changes nothing here").count == 2)
    }
}
