public import LimpetEvents

/// Where the service listens, who may use it, and what it takes as given.
public struct ServiceConfiguration: Sendable {
    /// The address to listen on.
    public let host: String
    /// The port to listen on; 0 for any free one.
    public let port: Int
    /// What clients must know; nil for no key, which only a loopback address allows.
    public let writeKey: String?
    /// The most bytes of a request's body.
    public let bodyLimit: Int
    /// The clock.
    public let now: @Sendable () -> Timestamp
    /// Gives the rules of a time zone by its name in the tz database, for events that name theirs.
    public let zone: @Sendable (String) -> TimeZoneRules?

    /// The default of ``host``.
    public static let defaultHost = "127.0.0.1"
    /// The default of ``port``.
    public static let defaultPort = 8_080
    /// The default of ``bodyLimit``: 1 MiB.
    public static let defaultBodyLimit = 1 << 20

    /// Makes a configuration.
    ///
    /// - Throws: ``ServiceConfigurationError`` when a value is out of range, or others than this machine
    ///   could reach a service without a key.
    public init(
        host: String = Self.defaultHost, port: Int = Self.defaultPort, writeKey: String? = nil,
        bodyLimit: Int = Self.defaultBodyLimit, now: @escaping @Sendable () -> Timestamp = SystemClock.now,
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
        self.zone = zone
    }
}

/// Why a service is not started with a configuration.
public enum ServiceConfigurationError: Error, Equatable, CustomStringConvertible {
    /// Others than this machine could reach the service, and there is no key.
    case writeKeyRequired(host: String)
    /// The key is the empty text.
    case emptyWriteKey
    /// No such port.
    case port(Int)
    /// No room for a body.
    case bodyLimit(Int)

    /// What is wrong.
    public var description: String {
        switch self {
        case .writeKeyRequired(let host):
            "listening on \(host) needs a write key, since others than this machine may reach it"
        case .emptyWriteKey: "the write key is empty"
        case .port(let port): "the port \(port) does not exist; expected 0 to 65535"
        case .bodyLimit(let limit): "a limit of \(limit) bytes leaves no room for a request"
        }
    }
}
