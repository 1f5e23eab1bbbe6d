import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures

/// The bytes of a profile.
///
/// In order: the version; the number; the last record and its time; ids, account, offers, timers, levels,
/// consent, messages, clock; what concerns the holdout; the overflow; the history as ``LiveState`` writes it.
extension Profile {
    private static let version: UInt8 = 1

    /// Returns the profile as bytes.
    public func packed() -> [UInt8] {
        var writer = PackedWriter()
        writer.byte(Self.version)
        writer.number(number)
        writer.number(lastRecord)
        writer.time(lastNow)
        writer.ids(ids)
        ledger.write(to: &writer)
        writer.count(offers.count)
        for offer in offers { offer.write(to: &writer) }
        writer.count(timers.count)
        for timer in timers { timer.write(to: &writer) }
        writer.count(levels.count)
        for level in levels { writer.fixed(level) }
        consent.write(to: &writer)
        messages.write(to: &writer)
        clock.write(to: &writer)
        writer.byte(isCrossed ? 1 : 0)
        writer.optional(holdoutID) { $1.write(to: &$0) }
        writer.count(decisionCount)
        writer.optional(firstDecision) { $0.time($1) }
        writer.count(overflow)
        writer.block(history.serialized())
        return writer.bytes
    }

    /// Reads a profile.
    ///
    /// - Parameters:
    ///   - rebuild: returns the history where the bytes hold one that was kept for another policy or model:
    /// from     the log.
    /// - Throws: ``ProfileBytesError`` when the bytes are damaged, or of a newer release.
    public init(
        packed bytes: [UInt8], features: LiveFeatures, rebuild: (Profile) -> LiveState? = { _ in nil }
    ) throws(ProfileBytesError) {
        var reader = PackedReader(bytes)
        let block: [UInt8]
        do {
            let version = try reader.byte()
            guard version == Self.version else { throw ProfileBytesError.version(Int(version)) }
            self.init(number: try reader.number(), ids: [], history: LiveState(features))
            block = try read(&reader)
            guard reader.isAtEnd else { throw reader.damage }
        } catch let error as ProfileBytesError {
            throw error
        } catch {
            throw .damaged(offset: (error as? PackedError)?.offset ?? 0)
        }
        do {
            history = try LiveState(features, serialized: block)
        } catch .otherPlan {
            guard let rebuilt = rebuild(self) else { throw .otherHistory }
            history = rebuilt
        } catch {
            throw .damaged(offset: bytes.count - block.count)
        }
    }

    /// Reads all but the history, whose bytes it returns.
    private mutating func read(_ reader: inout PackedReader) throws(PackedError) -> [UInt8] {
        lastRecord = try reader.number()
        lastNow = try reader.time()
        ids = try reader.ids()
        ledger = try AttentionAccount(&reader)
        offers = try reader.list { reader throws(PackedError) in try OfferMemory(&reader) }
        timers = try reader.list { reader throws(PackedError) in try PendingTimer(&reader) }
        levels = try reader.list { reader throws(PackedError) in try reader.fixed() }
        consent = try ConsentStatements(&reader)
        messages = try MessageMemory(&reader)
        clock = try UserClock(&reader)
        isCrossed = try reader.byte(atMost: 1) == 1
        holdoutID = try reader.optional { reader throws(PackedError) in try ProfileID(&reader) }
        decisionCount = try reader.count(limit: .max)
        firstDecision = try reader.optional { reader throws(PackedError) in try reader.time() }
        overflow = try reader.count(limit: .max)
        return try reader.block()
    }
}

/// The reason why bytes are no profile.
public enum ProfileBytesError: Error, Hashable, CustomStringConvertible {
    /// The bytes have a version that this release does not read.
    case version(Int)
    /// The bytes are invalid at an offset.
    case damaged(offset: Int)
    /// The history was kept for other features and conditions, and must be built anew from the log.
    case otherHistory

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .version(let version): "a profile of version \(version); this release reads version 1"
        case .damaged(let offset): "the profile is damaged at byte \(offset): build it anew from the log"
        case .otherHistory:
            "the profile's history was kept for other features and conditions: build it anew from the log"
        }
    }
}
