import Foundation
import Testing

/// The four tasks on public data that nobody here made: each kind reaches the floor of its task.
@Suite(.serialized) struct PublicDataTests {
    static let kinds = ["logistic", "stumps"]

    private func auc(_ report: [String: Any]) throws -> Double { try #require(report["auc"] as? Double) }

    @Test("Telco: mean AUC over folds", arguments: zip(kinds, [0.849, 0.848]))
    func telco(kind: String, floor: Double) throws {
        let file = "telco/Telco-Customer-Churn.csv"
        guard PublicData.has(file) else { return }
        let report = try CommandLineTool.json([
            "train", "--table", "\(PublicData.folder)/\(file)", "--target", "Churn", "--positive", "Yes",
            "--id", "customerID", "--model", kind, "--folds", "5", "--repeats", "2",
        ])
        #expect(try auc(report) >= floor)
    }

    @Test("CDNOW: churn over 273 days", arguments: zip(kinds, [0.769, 0.768]))
    func cdnow(kind: String, floor: Double) throws {
        let file = "cdnow/CDNOW_master.txt"
        guard PublicData.has(file) else { return }
        let folder = try TemporaryFolder()
        let model = folder.file("model.json")
        let log = [
            "--events", "\(PublicData.folder)/\(file)", "--user-column", "customer_id", "--time-column",
            "date",
            "--value-column", "dollar_value", "--event-name", "purchase",
        ]
        _ = try CommandLineTool.json(
            ["train"] + log + [
                "--at", "1997-05-01", "--churn-after", "153d", "--active-within", "none", "--model",
                kind,
                "--folds", "3", "--output", model,
            ])
        let report = try CommandLineTool.json(
            ["evaluate"] + log + ["--model", model, "--at", "1997-10-01", "--churn-after", "273d"])
        #expect(report["rows"] as? Int == 23_570)
        #expect(try auc(report) >= floor)
    }

    @Test(
        "Online Retail: no purchase within 60 days",
        arguments: zip(kinds, [[0.750, 0.741], [0.750, 0.743]]))
    func onlineRetail(kind: String, floors: [Double]) throws {
        guard PublicData.has("online_retail/onlineretail.csv.gz") else { return }
        let folder = try TemporaryFolder()
        let (log, model) = (folder.file("retail.csv"), folder.file("model.json"))
        try DataScript.run("online_retail.py", ["--output", log])
        _ = try CommandLineTool.json([
            "train", "--events", log, "--has-done", "purchase", "--active-within", "none", "--churn-after",
            "60d", "--churn-events", "purchase", "--at", "2011-03-01", "2011-04-01", "2011-05-01",
            "2011-06-01", "--model", kind, "--output", model,
        ])
        let rows = [3_317, 3_616]
        for (index, moment) in ["2011-09-01", "2011-10-01"].enumerated() {
            let report = try CommandLineTool.json([
                "evaluate", "--events", log, "--model", model, "--at", moment,
            ])
            #expect(report["rows"] as? Int == rows[index])
            #expect(try auc(report) >= floors[index], "\(moment)")
        }
    }

    @Test("OULAD: withdrawal within 28 days", arguments: zip(kinds, [[0.680, 0.710], [0.670, 0.675]]))
    func oulad(kind: String, floors: [Double]) throws {
        guard PublicData.has("oulad/studentVle_first1048575.tsv.gz") else { return }
        let folder = try TemporaryFolder()
        let model = folder.file("model.json")
        let logs = try [["BBB-2013B"], ["BBB-2013J"], ["AAA-2013J", "AAA-2014J"]].map { presentations in
            let log = folder.file("\(presentations[0]).csv")
            let flags = presentations.flatMap { ["--presentation", $0] }
            try DataScript.run("oulad.py", flags + ["--output", log])
            return log
        }
        _ = try CommandLineTool.json([
            "train", "--events", logs[0], "--features", "scripts/datasets/oulad.yaml", "--has-done",
            "registered", "--has-not-done", "withdrawn", "course_end", "--target-event", "withdrawn",
            "--horizon", "28d", "--every", "7d", "--from", "2013-02-02", "--until", "2013-08-31", "--model",
            kind, "--folds", "3", "--output", model,
        ])
        let testA = ["--every", "7d", "--from", "2013-10-02", "--until", "2014-01-15"]
        let testB = ["--at"] + (weeks("2013-10-02") + weeks("2014-10-02"))
        for (index, moments) in [testA, testB].enumerated() {
            let report = try CommandLineTool.json(
                ["evaluate", "--events", logs[index + 1], "--model", model] + moments)
            let reached = try auc(report)
            guard kind == "logistic", index == 1 else {
                #expect(reached >= floors[index], "test \(index == 0 ? "A" : "B")")
                continue
            }
            withKnownIssue(
                "logistic regression on another course: the penalty that log loss chooses is strong"
            ) {
                #expect(reached >= floors[index], "test B")
            }
        }
    }

    /// Day 0, 7, …, 210 of a course, each seen at the following midnight.
    private func weeks(_ first: String) -> [String] {
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withFullDate]
        guard let start = format.date(from: first) else { return [] }
        return stride(from: 0, through: 210, by: 7).map { day in
            format.string(from: start.addingTimeInterval(Double(day) * 86_400))
        }
    }
}

/// The scripts that make event logs of public data.
enum DataScript {
    static func run(_ name: String, _ arguments: [String]) throws {
        let result = try CommandLineTool.run(
            ["python3", "scripts/datasets/\(name)"] + arguments,
            program: URL(fileURLWithPath: "/usr/bin/env"),
            environment: ["LIMPET_DATA": PublicData.folder])
        try #require(result.status == 0, "\(result.errors)")
    }
}
