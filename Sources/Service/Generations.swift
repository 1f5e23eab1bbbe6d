import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetStorage
import Synchronization

/// The models and policies that records of the log name, by the number of their generation.
///
/// A start with a model or a policy that is not the last one's begins a generation. Both are kept in the
/// database by their hash, so that a receipt can be told in full as long as it is there.
final class Generations: Sendable {
    /// The number of the current generation.
    let current: UInt32
    private let log: RecordLog
    private let list: [Generation]
    private let compiled: Mutex<[UInt32: CompiledPolicy]>
    private let zone: @Sendable (String) -> TimeZoneRules?

    /// A generation: the hashes of its files.
    private struct Generation: Hashable {
        let model: String
        let policy: String
    }

    private static let setting = "generations"

    /// Finds the generation of a model and a policy, or begins it.
    ///
    /// - Parameter model: the bytes of the model file.
    /// - Throws: `StorageError` when it cannot be stored.
    init(
        _ policy: CompiledPolicy, model: [UInt8], log: RecordLog,
        zone: @escaping @Sendable (String) -> TimeZoneRules?
    ) throws(StorageError) {
        (self.log, self.zone) = (log, zone)
        var list = Self.list(try log.setting(Self.setting) ?? [])
        let generation = Generation(model: policy.modelHash, policy: policy.policyHash)
        if list.last != generation {
            try log.put(model, kind: "model", hash: generation.model)
            let document = Array(policy.policy.document.compact.utf8)
            try log.put(document, kind: "policy", hash: generation.policy)
            list.append(generation)
            let text = list.map { "\($0.model) \($0.policy)" }.joined(separator: "\n")
            try log.set(LogSetting(key: Self.setting, value: Array(text.utf8)))
        }
        self.list = list
        current = UInt32(list.count)
        compiled = Mutex([UInt32(list.count): policy])
    }

    private static func list(_ bytes: [UInt8]) -> [Generation] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ").map(String.init)
            return parts.count == 2 ? Generation(model: parts[0], policy: parts[1]) : nil
        }
    }

    /// Returns the model and policy of a generation.
    ///
    /// - Throws: `StorageError` when they cannot be read, or fit each other no more.
    func policy(_ number: UInt32) throws(StorageError) -> CompiledPolicy {
        if let known = compiled.withLock({ $0[number] }) { return known }
        guard number >= 1, number <= list.count else { throw .failed("there is no generation \(number)") }
        let generation = list[Int(number) - 1]
        guard let model = try log.artefact(generation.model), let policy = try log.artefact(generation.policy)
        else { throw .failed("the model or policy of generation \(number) is not in the database") }
        let made: CompiledPolicy
        do {
            let verified = try ModelFile.decode(model) { [zone] in zone($0) }
            let document = try Policy(DocumentNode(JSONReader.read(policy[...])))
            made = try CompiledPolicy(document, model: verified, zone: zone)
        } catch {
            throw .failed("generation \(number): \(error)")
        }
        compiled.withLock { $0[number] = made }
        return made
    }
}
