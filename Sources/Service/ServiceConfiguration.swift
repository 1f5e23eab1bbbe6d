public import LimpetEvents

/// The configuration of the service: its address, its keys, and its limits.
public struct ServiceConfiguration: Sendable {
    /// The address to listen on.
    public let host: String
    /// The port to listen on; 0 for any free one.
    public let port: Int
    /// The keys that clients must send; none only where a loopback address is listened on.
    public let keys: AccessKeys
    /// The memory for users in bytes.
    public let memory: Int
    /// The bytes of the disk that are held back for the case that it is full.
    public let reserve: Int64
    /// The maximum number of bytes in a request's body.
    public let bodyLimit: Int
    /// The wall clock.
    public let now: @Sendable () -> Timestamp
    /// The milliseconds since the machine was started, by which time goes on.
    public let boot: @Sendable () -> Int64
    /// True to go on from the last record, although the wall clock lies far before it.
    public let acceptsClock: Bool
    /// The time in which timers wait after a start, so that events which queue come first.
    public let timerWait: TimeSpan
    /// The earliest plausible time of an event; earlier ones are refused.
    public let earliest: Timestamp
    /// The lookup of a time zone's rules by its name in the tz database, for events that name a zone.
    public let zone: @Sendable (String) -> TimeZoneRules?

    /// The default of ``host``.
    public static let defaultHost = "127.0.0.1"
    /// The default of ``port``.
    public static let defaultPort = 8_080
    /// The default of ``reserve``: 256 MiB.
    public static let defaultReserve: Int64 = 256 << 20
    /// The default of ``memory``: 1 GiB.
    public static let defaultMemory = 1 << 30
    /// The default of ``bodyLimit``: 1 MiB.
    public static let defaultBodyLimit = 1 << 20

    /// Creates a configuration.
    ///
    /// - Throws: ``ServiceConfigurationError`` when a value is out of range, or when other machines could
    ///   reach a service without a key.
    public init(
        host: String = Self.defaultHost, port: Int = Self.defaultPort, keys: AccessKeys = AccessKeys(),
        memory: Int = Self.defaultMemory, reserve: Int64 = Self.defaultReserve,
        bodyLimit: Int = Self.defaultBodyLimit,
        now: @escaping @Sendable () -> Timestamp = SystemClock.now,
        boot: @escaping @Sendable () -> Int64 = SystemClock.sinceBoot, acceptsClock: Bool = false,
        timerWait: TimeSpan = TimeSpan(milliseconds: 60_000), earliest: Timestamp = Event.usualEarliest,
        zone: @escaping @Sendable (String) -> TimeZoneRules?
    ) throws(ServiceConfigurationError) {
        guard (0...65_535).contains(port) else { throw .port(port) }
        guard bodyLimit > 0 else { throw .bodyLimit(bodyLimit) }
        guard !keys.haveEmptyKey else { throw .emptyKey }
        guard !keys.areMissing || Loopback.isHost(host) else { throw .keyRequired(host: host) }
        self.host = host
        self.port = port
        self.keys = keys
        self.memory = memory
        self.boot = boot
        self.reserve = reserve
        self.acceptsClock = acceptsClock
        self.timerWait = timerWait
        self.bodyLimit = bodyLimit
        self.now = now
        self.earliest = earliest
        self.zone = zone
    }

    /// Returns the address at which clients find the service, with an IPv6 address in brackets (RFC 3986).
    public func address(port: Int) -> String {
        "http://\(host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host):\(port)"
    }
}

/// An error of an invalid configuration.
public enum ServiceConfigurationError: Error, Equatable, CustomStringConvertible {
    /// Other machines could reach the service, and there is no key.
    case keyRequired(host: String)
    /// A key is the empty text.
    case emptyKey
    /// The port does not exist.
    case port(Int)
    /// The limit of a body is not above 0.
    case bodyLimit(Int)

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .keyRequired(let host):
            "listening on \(host) needs keys, since others than this machine may reach it"
        case .emptyKey: "a key is empty"
        case .port(let port): "the port \(port) does not exist; expected 0 to 65535"
        case .bodyLimit(let limit): "a limit of \(limit) bytes is too small for a request"
        }
    }
}
