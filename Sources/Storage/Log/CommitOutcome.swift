/// The fate of a group of records that was to be stored.
package enum CommitOutcome: Equatable, Sendable {
    /// The group is stored, and has been passed to the disk.
    case committed
    /// The group is certainly not stored.
    case failed(StorageError)
    /// It cannot be told whether the group is stored; ``RecordLog/settle()`` looks again.
    case unknown(StorageError)

    /// True when the group is stored.
    package var isCommitted: Bool { self == .committed }

    /// True when the fate is not known.
    package var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
