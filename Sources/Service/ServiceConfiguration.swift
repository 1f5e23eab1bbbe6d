public import LimpetEvents

/// The configuration of the service: its address, its write key, and its limits.
public struct ServiceConfiguration: Sendable {
    /// The address to listen on.
    public let host: String
    /// The port to listen on; 0 for any free one.
    public let port: Int
    /// The key that clients must send; nil for none, which only a loopback address allows.
    public let writeKey: String?
    /// The maximum number of bytes in a request's body.
    public let bodyLimit: Int
    /// The clock that returns the current time.
    public let now: @Sendable () -> Timestamp
    /// The earliest plausible time of an event; earlier ones are refused.
    public let earliest: Timestamp
    /// The lookup of a time zone's rules by its name in the tz database, for events that name a zone.
    public let zone: @Sendable (String) -> TimeZoneRules?

    /// The default of ``host``.
    public static let defaultHost = "127.0.0.1"
    /// The default of ``port``.
    public static let defaultPort = 8_080
    /// The default of ``bodyLimit``: 1 MiB.
    public static let defaultBodyLimit = 1 << 20

    /// Creates a configuration.
    ///
    /// - Throws: ``ServiceConfigurationError`` when a value is out of range, or when other machines could
    ///   reach a service without a key.
    public init(
        host: String = Self.defaultHost, port: Int = Self.defaultPort, writeKey: String? = nil,
        bodyLimit: Int = Self.defaultBodyLimit, now: @escaping @Sendable () -> Timestamp = SystemClock.now,
        earliest: Timestamp = Event.usualEarliest,
        zone: @escaping @Sendable (String) -> TimeZoneRules?
    ) throws(ServiceConfigurationError) {
        guard (0...65_535).contains(port) else { throw .port(port) }
        guard bodyLimit > 0 else { throw .bodyLimit(bodyLimit) }
        guard writeKey.map({ !$0.isEmpty }) ?? true else { throw .emptyWriteKey }
        guard writeKey != nil || Loopback.isHost(host) else { throw .writeKeyRequired(host: host) }
        self.host = host
        self.port = port
        self.writeKey = writeKey
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
    case writeKeyRequired(host: String)
    /// The key is the empty text.
    case emptyWriteKey
    /// The port does not exist.
    case port(Int)
    /// The limit of a body is not above 0.
    case bodyLimit(Int)

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .writeKeyRequired(let host):
            "listening on \(host) needs a write key, since others than this machine may reach it"
        case .emptyWriteKey: "the write key is empty"
        case .port(let port): "the port \(port) does not exist; expected 0 to 65535"
        case .bodyLimit(let limit): "a limit of \(limit) bytes is too small for a request"
        }
    }
}
