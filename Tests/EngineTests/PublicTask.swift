import Foundation
import LimpetTestSupport
import Testing

/// A task on public data: a log to train on, snapshot times to evaluate at, and the measures of well-known
/// libraries there.
struct PublicTask {
    /// The snapshots on which a model is evaluated, with the floors of each kind of model.
    struct Judgement {
        var name: String
        var log: [String]
        /// The snapshot times, as `score` and `evaluate` take them.
        var snapshotTimes: [String]
        /// The label, where it is another one than in training.
        var label: [String]?
        var rows: Int?
        /// The least AUC of `logistic` and `stumps`.
        var leastAUC: [Double]
        /// The log loss of peers with features of their own; ours may be 0.002 above.
        var peerLogLoss: [Double]?
        /// The best AUC that a library is known to reach, and its standard deviation over draws of users: the
        /// best of Limpet's kinds may be half of that deviation lower.
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
    func run(in folder: borrowing TemporaryFolder) async throws {
        let models = Self.allKinds.map { folder.file("\($0).json") }
        for (kind, model) in zip(Self.allKinds, models) {
            _ = try await CommandLineTool.json(
                ["train"] + log + setting + label + snapshotTimes
                    + ["--model", kind, "--bootstrap", "0", "--output", model])
        }
        for judgement in judgements {
            var aucs: [Double] = []
            for (kind, model) in zip(Self.allKinds, models) {
                aucs.append(try await judgement.holdFloors(of: kind, model: model))
            }
            let best = try #require(aucs.max())
            #expect(best >= judgement.best.auc - judgement.best.deviation / 2, "\(judgement.name): \(aucs)")
        }
        try await comparePeers(models, in: folder)
    }

    private func comparePeers(_ models: [String], in folder: borrowing TemporaryFolder) async throws {
        let (train, test) = (folder.file("train.csv"), folder.file("test.csv"))
        try await extract(log + setting + label + snapshotTimes, to: train)
        for judgement in judgements {
            try await extract(
                judgement.log + setting + (judgement.label ?? label) + judgement.snapshotTimes, to: test)
            guard let peers = try await PublicPeers.measures(judgement.name, train: train, test: test) else {
                continue
            }
            let labels = try ScoredTable(labels: test)
            for (kind, model) in zip(Self.kinds, models) {
                let file = folder.file("\(kind).csv")
                try await Self.run(
                    ["score", "--model", model] + judgement.log + judgement.snapshotTimes
                        + ["--top-reasons", "0", "--output", file])
                let ours = try labels.measure(scores: file)
                try peers.hold(ours, kind, task: judgement.name)
            }
        }
    }

    private func extract(_ arguments: [String], to file: String) async throws {
        try await Self.run(["features", "extract"] + arguments + ["--output", file])
    }

    private static func run(_ arguments: [String]) async throws {
        let result = try await CommandLineTool.run(arguments)
        try #require(result.status == 0, "\(arguments.joined(separator: " ")): \(result.errors)")
    }
}

extension PublicTask.Judgement {
    /// Holds a kind to its floors, where it has any; its AUC.
    func holdFloors(of kind: String, model: String) async throws -> Double {
        let report = try await CommandLineTool.json(
            ["evaluate", "--model", model, "--bootstrap", "0"] + log + snapshotTimes + (label ?? []))
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
