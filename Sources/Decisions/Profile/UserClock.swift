import LimpetDocuments
public import LimpetEvents

/// The zone in which a user lives, as the latest events tell it.
public struct UserClock: Hashable, Sendable {
    /// The named zone of the latest event that has one.
    public private(set) var name: String?
    private var nameTime: Timestamp?
    /// The offset from UTC in minutes of the latest event that has one.
    public private(set) var offsetMinutes: Int?
    private var offsetTime: Timestamp?

    /// Creates the clock of a user about whom nothing is known.
    public init() {}

    /// Takes in what an event tells; one that is earlier than what is known changes nothing.
    mutating func take(zone: String?, offsetMinutes offset: Int?, at time: Timestamp) {
        if let zone, nameTime.map({ time >= $0 }) ?? true { (name, nameTime) = (zone, time) }
        if let offset, offsetTime.map({ time >= $0 }) ?? true { (offsetMinutes, offsetTime) = (offset, time) }
    }

    mutating func join(_ other: UserClock) {
        if let time = other.nameTime { take(zone: other.name, offsetMinutes: nil, at: time) }
        if let time = other.offsetTime { take(zone: nil, offsetMinutes: other.offsetMinutes, at: time) }
    }

    /// Returns the rules of the user's zone: the named one unless a later event tells only an offset.
    ///
    /// - Parameters:
    ///   - usual: the zone of users about whom nothing is known.
    ///   - named: returns the rules of a zone by its name.
    func rules(usual: TimeZoneRules, named: (String) -> TimeZoneRules?) -> TimeZoneRules {
        let isNameCurrent = nameTime.map { time in offsetTime.map { time >= $0 } ?? true } ?? false
        if isNameCurrent, let rules = name.flatMap(named) { return rules }
        return offsetMinutes.map { .fixed(offsetMinutes: $0) } ?? name.flatMap(named) ?? usual
    }
}

extension UserClock {
    func write(to writer: inout PackedWriter) {
        writer.optional(name) { $0.text($1) }
        writer.optional(nameTime) { $0.time($1) }
        writer.optional(offsetMinutes) { $0.signed(Int64($1)) }
        writer.optional(offsetTime) { $0.time($1) }
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        name = try reader.optional { reader throws(PackedError) in try reader.text() }
        nameTime = try reader.optional { reader throws(PackedError) in try reader.time() }
        offsetMinutes = try reader.optional { reader throws(PackedError) in Int(try reader.signed()) }
        offsetTime = try reader.optional { reader throws(PackedError) in try reader.time() }
    }
}
