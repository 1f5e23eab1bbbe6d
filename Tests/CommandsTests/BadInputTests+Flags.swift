import LimpetTestSupport
import Testing

extension BadInputTests {
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
        "a flag of the other kind of model gets a warning",
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

    @Test("exit codes are those of sysexits", arguments: exitCodes)
    func exitCode(_ item: (arguments: [String], status: Int32)) async throws {
        let result = try await CommandLineTool.run(item.arguments)
        #expect(result.status == item.status, "\(result.errors)")
    }
}
