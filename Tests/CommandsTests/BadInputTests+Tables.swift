import Foundation
import LimpetTestSupport
import Testing

extension BadInputTests {
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

    @Test("the report's AUC is that of all held-out rows, beside the mean of folds, both those of its JSON")
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
}
