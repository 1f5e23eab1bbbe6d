import Foundation
import LimpetTestSupport
import Testing

/// The four tasks on public data that nobody here made: each kind reaches the floor of its task, and on the
/// tables of `limpet features extract` the peers are hardly better.
@Suite(.serialized) struct PublicDataTests {
    @Test("Telco: over folds", arguments: zip(PublicTask.kinds, [(0.849, 0.4083), (0.848, 0.4098)]))
    func telco(kind: String, floor: (leastAUC: Double, peerLogLoss: Double)) async throws {
        let file = "telco/Telco-Customer-Churn.csv"
        guard PublicData.has(file) else { return }
        let report = try await CommandLineTool.json([
            "train", "--table", "\(PublicData.folder)/\(file)", "--target", "Churn", "--positive", "Yes",
            "--id", "customerID", "--model", kind, "--folds", "5", "--repeats", "2", "--bootstrap", "0",
        ])
        let auc = try #require(report["auc"] as? Double)
        let logLoss = try #require(report["logLossMedian"] as? Double)
        print("Telco, \(kind): mean AUC \(auc), median log loss \(logLoss)")
        #expect(auc >= floor.leastAUC)
        #expect(logLoss <= floor.peerLogLoss + 0.002)
    }

    @Test("CDNOW: no purchase within 273 days")
    func cdnow() async throws {
        let file = "cdnow/CDNOW_master.txt"
        guard PublicData.has(file) else { return }
        let log = [
            "--events", "\(PublicData.folder)/\(file)", "--user-column", "customer_id", "--time-column",
            "date", "--value-column", "dollar_value", "--event-name", "purchase",
        ]
        let task = PublicTask(
            log: log, setting: ["--active-within", "none"], label: ["--churn-after", "153d"],
            snapshotTimes: ["--at", "1997-05-01"],
            judgements: [
                PublicTask.Judgement(
                    name: "CDNOW", log: log, snapshotTimes: ["--at", "1997-10-01"],
                    label: ["--churn-after", "273d"],
                    rows: 23_570, leastAUC: [0.769, 0.768], best: (0.7717, 0.0036))
            ])
        try await task.run(in: TemporaryFolder())
    }

    @Test("Online Retail: no purchase within 60 days")
    func onlineRetail() async throws {
        guard PublicData.has("online_retail/onlineretail.csv.gz") else { return }
        let folder = try TemporaryFolder()
        let file = folder.file("retail.csv")
        try await DataScript.run("online_retail.py", ["--output", file])
        let log = ["--events", file]
        func judgement(
            _ snapshotTime: String, rows: Int, auc: [Double], logLoss: [Double], best: (Double, Double)
        ) -> PublicTask.Judgement {
            PublicTask.Judgement(
                name: "Online Retail \(snapshotTime)", log: log, snapshotTimes: ["--at", snapshotTime],
                rows: rows,
                leastAUC: auc,
                peerLogLoss: logLoss, best: best)
        }
        let task = PublicTask(
            log: log, setting: ["--has-done", "purchase", "--active-within", "none"],
            label: ["--churn-after", "60d", "--churn-events", "purchase"],
            snapshotTimes: ["--at", "2011-03-01", "2011-04-01", "2011-05-01", "2011-06-01"],
            judgements: [
                judgement(
                    "2011-09-01", rows: 3_317, auc: [0.750, 0.750], logLoss: [0.5731, 0.5735],
                    best: (0.7547, 0.0095)),
                judgement(
                    "2011-10-01", rows: 3_616, auc: [0.741, 0.743], logLoss: [0.5861, 0.5874],
                    best: (0.7462, 0.0085)),
            ])
        try await task.run(in: folder)
    }

    @Test("OULAD: withdrawal within 28 days")
    func oulad() async throws {
        guard PublicData.has("oulad/studentVle_first1048575.tsv.gz") else { return }
        let folder = try TemporaryFolder()
        func log(_ presentations: [String]) async throws -> [String] {
            let file = folder.file("\(presentations[0]).csv")
            let flags = presentations.flatMap { ["--presentation", $0] }
            try await DataScript.run("oulad.py", flags + ["--output", file])
            return ["--events", file]
        }
        let task = try await PublicTask(
            log: log(["BBB-2013B"]),
            setting: [
                "--features", "scripts/datasets/oulad.yaml", "--has-done", "registered", "--has-not-done",
                "withdrawn", "course_end",
            ],
            label: ["--target-event", "withdrawn", "--horizon", "28d"],
            snapshotTimes: ["--at"] + weeks("2013-02-02", through: 210),
            judgements: [
                PublicTask.Judgement(
                    name: "OULAD A", log: log(["BBB-2013J"]),
                    snapshotTimes: ["--at"] + weeks("2013-10-02", through: 105), leastAUC: [0.680, 0.670],
                    peerLogLoss: [0.1167, 0.1172], best: (0.688, 0.016)),
                PublicTask.Judgement(
                    name: "OULAD B", log: log(["AAA-2013J", "AAA-2014J"]),
                    snapshotTimes: ["--at"] + weeks("2013-10-02", through: 210)
                        + weeks("2014-10-02", through: 210),
                    leastAUC: [0.710, 0.675], peerLogLoss: [0.0978, 0.0868], best: (0.728, 0.022)),
            ])
        try await task.run(in: folder)
    }

    /// Day 0, 7, … of a course, each seen at the following midnight.
    private func weeks(_ first: String, through last: Int) throws -> [String] {
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withFullDate]
        let start = try #require(format.date(from: first))
        return stride(from: 0, through: last, by: 7).map { day in
            format.string(from: start.addingTimeInterval(Double(day) * 86_400))
        }
    }
}

/// The scripts that make event logs of public data.
enum DataScript {
    static func run(_ name: String, _ arguments: [String]) async throws {
        try await ChildProcess.succeed(
            ["python3", "scripts/datasets/\(name)"] + arguments,
            environment: ["LIMPET_DATA": PublicData.folder])
    }
}
