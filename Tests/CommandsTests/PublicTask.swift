import Foundation
import LimpetTestSupport
import Testing

/// A task on public data: a log to train on, moments to be judged at, and what well-known libraries reach there.
struct PublicTask {
    /// Where a model is judged, with the floors of each kind of model.
    struct Judgement {
        var name: String
        var log: [String]
        /// The moments, as `score` and `evaluate` take them.
        var snapshotTimes: [String]
        /// The label, where it is another one than in training.
        var label: [String]?
        var rows: Int?
        /// The least AUC of `logistic` and `stumps`.
        var leastAUC: [Double]
        /// The log loss of peers with features of their own; ours may be 0.002 above.
        var peerLogLoss: [Double]?
        /// The best AUC that a library is known to reach, and the standard deviation over draws of users: the best
        /// of Limpet's kinds may be half of it behind.
        var best: (auc: Double, deviation: Double)
    }

    var log: [String]
    /// The population, and what features there are: the same in training and after it.
    var setting: [String]
    var label: [String]
    var snapshotTimes: [String]
    var judgements: [Judgement]

    /// The kinds that have floors and peers of their own.
    static let kinds = ["logistic", "stumps"]
    private static let allKinds = kinds + ["blend"]

    /// Trains all kinds, holds them to the floors, and compares them with peers on the tables extracted.
    func run(in folder: borrowing TemporaryFolder) throws {
        let models = Self.allKinds.map { folder.file("\($0).json") }
        for (kind, model) in zip(Self.allKinds, models) {
            _ = try CommandLineTool.json(
                ["train"] + log + setting + label + snapshotTimes + ["--model", kind, "--output", model])
        }
        for judgement in judgements {
            let aucs = try zip(Self.allKinds, models).map { try judgement.holdFloors(of: $0, model: $1) }
            let best = try #require(aucs.max())
            #expect(best >= judgement.best.auc - judgement.best.deviation / 2, "\(judgement.name): \(aucs)")
        }
        try comparePeers(models, in: folder)
    }

    private func comparePeers(_ models: [String], in folder: borrowing TemporaryFolder) throws {
        guard PeerLibraries.exist() else { return }
        let table = folder.file("train.csv")
        try extract(log + setting + label + snapshotTimes, to: table)
        for judgement in judgements {
            let test = folder.file("test.csv")
            try extract(
                judgement.log + setting + (judgement.label ?? label) + judgement.snapshotTimes, to: test)
            let scores = try zip(Self.kinds, models).map { kind, model in
                let file = folder.file("\(kind).csv")
                try Self.run(
                    ["score", "--model", model] + judgement.log + judgement.snapshotTimes + [
                        "--output", file,
                    ])
                return "\(kind)=\(file)"
            }
            let report = try PeerLibraries.compare(
                ["--train", table, "--test", test, "--scores"] + scores)
            for kind in Self.kinds { try report.holdDistance(kind, task: judgement.name) }
        }
    }

    private func extract(_ arguments: [String], to file: String) throws {
        try Self.run(["features", "extract"] + arguments + ["--output", file])
    }

    private static func run(_ arguments: [String]) throws {
        let result = try CommandLineTool.run(arguments)
        try #require(result.status == 0, "\(arguments.joined(separator: " ")): \(result.errors)")
    }
}

extension PublicTask.Judgement {
    /// Holds a kind to its floors, where it has any; its AUC.
    func holdFloors(of kind: String, model: String) throws -> Double {
        let report = try CommandLineTool.json(
            ["evaluate", "--model", model] + log + snapshotTimes + (label ?? []))
        let auc = try #require(report["auc"] as? Double)
        let logLoss = try #require(report["logLoss"] as? Double)
        print("\(name), \(kind): AUC \(auc), log loss \(logLoss)")
        if let rows { #expect(report["rows"] as? Int == rows) }
        guard let place = PublicTask.kinds.firstIndex(of: kind) else { return auc }
        #expect(auc >= leastAUC[place], "\(name), \(kind)")
        if let peerLogLoss { #expect(logLoss <= peerLogLoss[place] + 0.002, "\(name), \(kind)") }
        return auc
    }
}

/// The libraries that `scripts/setup --engines` installs, and what they reach on the same rows.
struct PeerLibraries {
    /// How much better a peer may be, in AUC and in log loss.
    static let distance = 0.002
    private static let python = CommandLineTool.root.appendingPathComponent("out/engines/bin/python")
    private let report: [String: Any]

    /// Whether the libraries are there; says aloud when they are not.
    static func exist() -> Bool {
        if FileManager.default.isExecutableFile(atPath: python.path) { return true }
        print("SKIPPED: \(python.path) is not there; scripts/setup --engines installs the peers")
        return false
    }

    static func compare(_ arguments: [String]) throws -> PeerLibraries {
        let result = try CommandLineTool.run(["scripts/peers/compare.py"] + arguments, program: python)
        try #require(result.status == 0, "\(result.errors)")
        let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return PeerLibraries(report: try #require(document as? [String: Any]))
    }

    /// Expects that the peer of the same kind is at most so much better.
    func holdDistance(_ kind: String, task: String) throws {
        let auc = try difference(kind, "auc")
        let logLoss = try difference(kind, "logLoss")
        print("\(task), \(kind), Limpet - peer on the same table: AUC \(auc), log loss \(logLoss)")
        #expect(auc >= -Self.distance, "\(task), \(kind)")
        #expect(logLoss <= Self.distance, "\(task), \(kind)")
    }

    private func difference(_ kind: String, _ measure: String) throws -> Double {
        let differences = try #require(report["differences"] as? [String: Any])
        let pair = try #require(differences["limpet \(kind) - \(kind)"] as? [String: Any])
        let value = try #require(pair[measure] as? [String: Any])
        return try #require(value["value"] as? Double)
    }
}
