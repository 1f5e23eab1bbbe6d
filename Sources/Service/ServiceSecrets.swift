import LimpetDocuments
import LimpetStorage

/// The secrets of a database, which are made with it and never leave it.
struct ServiceSecrets: Sendable {
    /// The key of the codes in deliveries' ids.
    let delivery: [UInt8]
    /// The function under which ids are found.
    let ids: KeyedHash
    /// The function under which messages are found.
    let messages: KeyedHash

    private static let setting = "secrets"
    private static let length = 64

    /// Reads the secrets of a database, or makes them.
    ///
    /// - Throws: `StorageError` when they cannot be read or stored.
    init(_ log: RecordLog) throws(StorageError) {
        var bytes = try log.setting(Self.setting) ?? []
        if bytes.isEmpty {
            var random = SystemRandomNumberGenerator()
            bytes = (0..<Self.length).map { _ in UInt8.random(in: 0...255, using: &random) }
            try log.set(LogSetting(key: Self.setting, value: bytes))
        }
        guard bytes.count == Self.length else { throw .failed("the database's secrets are damaged") }
        delivery = Array(bytes[0..<32])
        ids = KeyedHash(key: Array(bytes[32..<48]))
        messages = KeyedHash(key: Array(bytes[48..<64]))
    }
}
