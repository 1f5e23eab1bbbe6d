import Foundation
import LimpetTestSupport
import Testing

/// `limpet import-model`, and what the other commands make of its model.
@Suite struct ImportModelCommandTests {
    private static let stumps = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        max_feature_idx=1
        objective=binary sigmoid:1
        feature_names=visits age
        feature_infos=[0:6] [18:99]

        Tree=0
        num_leaves=2
        num_cat=0
        split_feature=0
        threshold=1.5
        decision_type=2
        left_child=-1
        right_child=-2
        leaf_value=-0.5 0.25
        leaf_count=30 10

        end of trees

        """

    @Test("an imported model scores a table, explains and exports")
    func scores() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Self.stumps, as: "model.txt")
        let table = try folder.write("id,visits,age\na,1,30\nb,2,40\nc,,\n", as: "table.csv")
        let model = folder.file("model.json")
        let read = try await CommandLineTool.run([
            "import-model", file, "--target", "churned", "--output", model,
        ])
        #expect(read.status == 0, "\(read.errors)")
        #expect(read.errors.contains("1 trees of lightgbm"), "\(read.errors)")
        let scores = try await CommandLineTool.run([
            "score", "--model", model, "--table", table, "--id", "id",
        ])
        #expect(scores.status == 0, "\(scores.errors)")
        let lines = scores.output.split(separator: "\n").dropFirst()
        #expect(lines.map { $0.split(separator: ",")[0] } == ["a", "b", "c"])
        let probabilities = lines.map { Double($0.split(separator: ",")[1]) ?? .nan }
        #expect(zip(probabilities, [0.37754, 0.56218, 0.37754]).allSatisfy { abs($0 - $1) < 1e-4 })
        for form in ["c", "onnx"] {
            let export = try await CommandLineTool.run(
                ["export", "--model", model, "--to", form, "--output", folder.file("model.\(form)")])
            #expect(export.status == 0, "\(export.errors)")
        }
        let explained = try await CommandLineTool.run(["explain", "--model", model])
        #expect(explained.status == 0 && explained.output.contains("visits"), "\(explained.errors)")
    }

    @Test("a deeper tree is refused by name, and nothing is written")
    func refuses() async throws {
        let folder = try TemporaryFolder()
        let deep = Self.stumps.replacing("num_leaves=2", with: "num_leaves=31")
        let file = try folder.write(deep, as: "model.txt")
        let result = try await CommandLineTool.run(
            ["import-model", file, "--output", folder.file("model.json")])
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("Tree=0") && result.errors.contains("31 leaves"), "\(result.errors)")
        #expect(folder.names == ["model.txt"])
    }
}
