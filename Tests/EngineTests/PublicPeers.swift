import Foundation
import LimpetDocuments
import LimpetNumerics
import LimpetTestSupport
import Testing

/// The measures that scikit-learn and LightGBM reach on the tables of the public tasks.
///
/// The measures are kept in `scripts/peers/public_constants.json` with the SHA-256 of the tables that they
/// were computed on. Where a table is another one, or `LIMPET_UPDATE_PEERS` is set, the peers are trained
/// again; with the setting their measures are written to the file.
struct PublicPeers {
    /// How much better a peer may be, in AUC and in log loss.
    private static let distance = 0.002
    private static let file = Project.path("scripts/peers/public_constants.json")
    private let measures: [String: Measures]

    /// The peers' measures on a task; nil, with a message, where they are not known and cannot be trained
    /// here.
    static func measures(_ task: String, train: String, test: String) async throws -> PublicPeers? {
        let hashes = try [train, test].map { try hash($0) }
        let setting = ProcessInfo.processInfo.environment["LIMPET_UPDATE_PEERS"] ?? ""
        let known = try constants()[task]
        if setting.isEmpty, let known, known["tables"]?.array?.map(\.text) == hashes {
            return PublicPeers(measures: try read(known))
        }
        if setting.isEmpty {
            print(
                "\(task): other tables than those of \(file); scripts/peers/update trains the peers on them")
        }
        guard ExternalEngines.has(module: "sklearn", "lightgbm") else { return nil }
        let report = try await ChildProcess.succeed([
            Project.enginePython, Project.path("scripts/peers/compare.py"), "--train", train, "--test", test,
        ])
        let found = try constants(of: JSONReader.read(Array(report.output.utf8)[...]), hashes)
        if !setting.isEmpty { try write(found, as: task) }
        return PublicPeers(measures: try read(found))
    }

    /// Expects that the peer of the same kind is at most so much better.
    func hold(_ ours: Measures, _ kind: String, task: String) throws {
        let peer = try #require(measures[kind])
        let (auc, logLoss) = (ours.auc - peer.auc, ours.logLoss - peer.logLoss)
        print("\(task), \(kind), Limpet - peer on the same table: AUC \(auc), log loss \(logLoss)")
        #expect(auc >= -Self.distance, "\(task), \(kind)")
        #expect(logLoss <= Self.distance, "\(task), \(kind)")
    }

    private static func hash(_ path: String) throws -> String {
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        return SHA256.hexadecimal(bytes[...])
    }

    // MARK: The file

    private static func constants() throws -> JSON {
        guard let data = try? Data(contentsOf: URL(filePath: file)) else { return .object([:]) }
        return try JSONReader.read(Array(data)[...])
    }

    private static func read(_ constants: JSON) throws -> [String: Measures] {
        try Dictionary(
            uniqueKeysWithValues: PublicTask.kinds.map { kind in
                let measures = try #require(constants[kind])
                return (
                    kind,
                    Measures(
                        auc: try #require(measures["auc"]?.double),
                        logLoss: try #require(measures["logLoss"]?.double))
                )
            })
    }

    /// The fields that are kept of a report of compare.py.
    private static func constants(of report: JSON, _ hashes: [String]) throws -> JSON {
        var members = [JSONMember(name: "tables", value: .array(hashes.map { .string($0) }))]
        for kind in PublicTask.kinds {
            let model = report["models"]?[kind]
            let value = JSON.object(["auc": model?["auc"]?["value"], "logLoss": model?["logLoss"]?["value"]])
            members.append(JSONMember(name: kind, value: value))
        }
        if let versions = report["versions"] { members.append(JSONMember(name: "versions", value: versions)) }
        return .object(members)
    }

    private static func write(_ found: JSON, as task: String) throws {
        var members = try constants().members ?? []
        members.removeAll { $0.name == task }
        members.append(JSONMember(name: task, value: found))
        members.sort { $0.name < $1.name }
        let text = JSON.object(members).pretty
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
}
