package import LimpetDecisions
import LimpetEvents
package import LimpetStorage

/// The steps of a log, taken anew from its inputs, in their order.
///
///     var replay = LogReplay { generation in policies[generation] }
///     for record in records { if let difference = try replay.take(record) { print(difference) } }
///
/// Each step reads from its record what the first one read from outside, and so gives the same record, byte
/// for byte, if the engine is the same.
package struct LogReplay {
    private let policy: (UInt32) throws(StorageError) -> CompiledPolicy
    private var steppers: [UInt32: Stepper] = [:]
    /// The profiles as they are after the records so far.
    package private(set) var profiles: [UInt64: Profile] = [:]

    /// Makes a replay.
    ///
    /// - Parameter policy: returns the policy and model of a generation.
    package init(_ policy: @escaping (UInt32) throws(StorageError) -> CompiledPolicy) { self.policy = policy }

    /// A record that the step gave otherwise.
    package struct Difference {
        /// The record of the log.
        package let stored: DecisionRecord
        /// The record of the step taken anew; nil where it gave none.
        package let stepped: DecisionRecord?
    }

    /// Takes the step of a record anew; returns how it differs, nil where it does not.
    ///
    /// - Throws: what the policy's function throws, and an error where a record names a profile that the
    ///   replay has not seen.
    package mutating func take(_ record: DecisionRecord) throws(StorageError) -> Difference? {
        let stepper = try stepper(record.header.generation)
        let number = record.header.profile
        var profile = try profile(of: record, stepper)
        let step: Step
        if let joined = record.joined {
            guard let other = profiles.removeValue(forKey: joined.number) else {
                throw Self.unseen(joined.number)
            }
            step = stepper.join(&profile, taking: other, record.header.context)
        } else {
            profiles[number] = nil
            step = stepper.step(&profile, record.input, record.header.context)
        }
        profiles[number] = profile
        return step.record?.packed() == record.packed()
            ? nil : Difference(stored: record, stepped: step.record)
    }

    private func profile(of record: DecisionRecord, _ stepper: Stepper) throws(StorageError) -> Profile {
        if let known = profiles[record.header.profile] { return known }
        guard record.header.previous == 0, let id = record.input.ids.first else {
            throw Self.unseen(record.header.profile)
        }
        return Profile(number: record.header.profile, id: id, features: stepper.policy.features)
    }

    private static func unseen(_ number: UInt64) -> StorageError {
        .failed("profile \(number) begins before the records of the replay")
    }

    private mutating func stepper(_ generation: UInt32) throws(StorageError) -> Stepper {
        if let known = steppers[generation] { return known }
        let made = Stepper(try policy(generation))
        steppers[generation] = made
        return made
    }
}
