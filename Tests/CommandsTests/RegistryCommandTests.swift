import LimpetDocuments
import Foundation
import LimpetTestSupport
import Testing

/// `limpet models`, `limpet monitor` and `limpet recalibrate`, as a person runs them.
@Suite struct RegistryCommandTests {
    private static let shipped = "models/cancellation.json"
    private static let log = ["--events", "training-data/events.csv.gz"]

    @Test("a model is added, promoted, used by its alias, compared and taken back")
    func registry() async throws {
        let folder = try TemporaryFolder()
        let registry = folder.file("models")
        func models(_ arguments: [String]) async throws -> ChildProcess.Result {
            try await CommandLineTool.run(["models"] + arguments + ["--registry", registry])
        }
        let output = folder.file("mended.json")
        let recalibrated = try await CommandLineTool.run(
            ["recalibrate", "--model", Self.shipped, "--output", output, "--at", "2025-03-01", "2025-04-01"]
                + Self.log)
        #expect(recalibrated.status == 0, "\(recalibrated.errors)")
        #expect(recalibrated.output.contains("observed/expected"), "\(recalibrated.output)")

        #expect(try await models(["list"]).errors.contains("models add"))
        #expect(try await models(["add", Self.shipped, "--name", "shop", "--to", "champion"]).status == 0)
        let second = try await models([
            "add", output, "--name", "shop", "--to", "challenger", "--reason", "spring",
        ])
        #expect(second.status == 0 && second.errors.contains("shop@2 added"), "\(second.errors)")
        let list = try await models(["list"])
        #expect(list.status == 0 && list.output.contains("shop@1") && list.output.contains("challenger"))

        let difference = try await models(
            ["diff", "shop@champion", "shop@challenger", "--at", "2025-05-01"] + Self.log)
        #expect(difference.status == 0, "\(difference.errors)")
        // The order of users does not move when probabilities alone are recalibrated.
        #expect(difference.output.contains("correlation of ranks 1.0000"), "\(difference.output)")
        #expect(difference.output.contains("100.0 % stay"), "\(difference.output)")

        let promoted = try await models([
            "promote", "shop@challenger", "--to", "champion", "--reason", "better",
        ])
        #expect(promoted.status == 0 && promoted.errors.contains("1 → 2"), "\(promoted.errors)")
        var scores: [String] = []
        for reference in ["\(registry)/shop@champion", output] {
            let result = try await CommandLineTool.run(
                ["score", "--model", reference, "--at", "2025-05-01", "--top-reasons", "0"] + Self.log)
            #expect(result.status == 0, "\(result.errors)")
            scores.append(result.output)
        }
        #expect(scores[0] == scores[1] && scores[0].count > 1_000)
        let back = try await models(["rollback", "shop", "--alias", "champion"])
        #expect(back.status == 0 && back.errors.contains("2 → 1"), "\(back.errors)")
        let again = try await models(["rollback", "shop", "--alias", "champion"])
        #expect(again.status == 65 && again.errors.contains("no earlier promotion"), "\(again.errors)")
        let shown = try await models(["show", "shop"])
        #expect(shown.output.contains("better") && shown.output.contains("taken back"), "\(shown.output)")
        #expect(try await models(["show", "shop@1"]).output.contains("strongest terms"))
    }

    @Test("damaged versions are named by list and refused by promote")
    func damaged() async throws {
        let folder = try TemporaryFolder()
        let registry = folder.file("models")
        _ = try await CommandLineTool.run(
            ["models", "add", Self.shipped, "--name", "shop", "--registry", registry])
        let file = registry + "/shop/1.json"
        var bytes = try folder.contents(file)
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let list = try await CommandLineTool.run(["models", "list", "--registry", registry])
        #expect(list.status == 65 && list.output.contains("DAMAGED"), "\(list.output)")
        #expect(list.errors.contains("shop/1.json"))
        let promote = try await CommandLineTool.run(
            ["models", "promote", "shop@1", "--to", "champion", "--registry", registry])
        #expect(promote.status == 65, "\(promote.errors)")
        for (arguments, status) in [
            (["models", "promote", "shop@9", "--to", "champion"], 65),
            (["models", "promote", "shop", "--to", "champion"], 64),
            (["models", "promote", "shop@1", "--to", "12"], 64),
            (["models", "add", Self.shipped, "--name", "../x"], 64),
        ] as [([String], Int32)] {
            let result = try await CommandLineTool.run(arguments + ["--registry", registry])
            #expect(result.status == status, "\(arguments): \(result.errors)")
        }
    }

    @Test("monitor finds what moved, and says so by its exit code on request")
    func monitor() async throws {
        let same = try await CommandLineTool.run(
            ["monitor", "--model", Self.shipped, "--at", "2025-03-01", "--bootstrap", "50"] + Self.log)
        #expect(same.status == 0, "\(same.errors)")
        #expect(same.output.contains("realised"), "\(same.output)")
        let document = try await CommandLineTool.json(
            ["monitor", "--model", Self.shipped, "--at", "2025-03-01", "--bootstrap", "0"] + Self.log)
        let inputs = try #require(document["inputs"] as? [[String: Any]])
        #expect(inputs.count > 10 && inputs.allSatisfy { ($0["psi"] as? Double ?? -1) >= 0 })
        #expect(document["estimated"] is [String: Any] && document["realised"] is [String: Any])
        // At the log's end no label is known; the population at its very start is another one.
        let end = try await CommandLineTool.run(
            ["monitor", "--model", Self.shipped, "--bootstrap", "0"] + Self.log)
        #expect(end.output.contains("assumes that the concept has not drifted"), "\(end.output)")
        let early = try await CommandLineTool.run(
            [
                "monitor", "--model", Self.shipped, "--at", "2024-10-15", "--fail-above", "0.25",
                "--bootstrap", "0",
            ]
                + Self.log)
        #expect(early.status == 1 && early.errors.contains("--fail-above"), "\(early.output)")
    }

    @Test("few labels are no ground for a recalibration")
    func fewLabels() async throws {
        let folder = try TemporaryFolder()
        let result = try await CommandLineTool.run(
            ["recalibrate", "--model", Self.shipped, "--output", folder.file("m.json")] + Self.log)
        #expect(result.status == 65 && result.errors.contains("no row has a label"), "\(result.errors)")
        #expect(folder.names == [])
    }

    @Test("why a score changed is told event by event, and adds up")
    func change() async throws {
        let scores = try await CommandLineTool.run(
            ["score", "--model", Self.shipped, "--at", "2025-05-01", "--columns", "id"] + Self.log)
        let user = try #require(scores.output.split(separator: "\n").dropFirst().first.map(String.init))
        let flags = ["--user", user, "--since", "2025-03-01", "--at", "2025-05-01"]
        let document = try await CommandLineTool.json(
            ["explain", "--model", Self.shipped] + flags + Self.log)
        let events = try #require(document["events"] as? [[String: Any]])
        let total = events.reduce(document["passingOfTime"] as? Double ?? .nan) {
            $0 + ($1["effect"] as? Double ?? .nan)
        }
        #expect(abs(total - (document["change"] as? Double ?? .nan)) < 1e-9)
        let text = try await CommandLineTool.run(["explain", "--model", Self.shipped] + flags + Self.log)
        #expect(text.status == 0 && text.output.contains("time alone"), "\(text.errors)")
        let late = try await CommandLineTool.run(
            [
                "explain", "--model", Self.shipped, "--user", user, "--since", "2025-06-01", "--at",
                "2025-05-01",
            ]
                + Self.log)
        #expect(late.status == 64 && late.errors.contains("before"), "\(late.errors)")
    }

    @Test("scores as JSON lines hold what the CSV holds")
    func lines() async throws {
        let csv = try await CommandLineTool.run(
            ["score", "--model", Self.shipped, "--at", "2025-05-01", "--top-reasons", "2"] + Self.log)
        let json = try await CommandLineTool.run(
            [
                "score", "--model", Self.shipped, "--at", "2025-05-01", "--top-reasons", "2", "--lines",
                "ndjson",
            ]
                + Self.log)
        let rows = csv.output.split(separator: "\n").dropFirst()
        let objects = try json.output.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(rows.count == objects.count && rows.count > 1_000)
        for (row, object) in zip(rows, objects) {
            let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            #expect(object?["id"] as? String == fields[0])
            let probability = object?["probability"] as? Double ?? .nan
            #expect(abs(probability - (Double(fields[2]) ?? 0)) < 1e-15)
            let reasons = object?["reasons"] as? [String] ?? []
            #expect(reasons == Array(fields[4...5].prefix { !$0.isEmpty }))
        }
    }
}
