public import LimpetDocuments
public import LimpetEvents
import Synchronization

/// The time zones of the system's tz database, each read on first use.
public final class ZoneDirectory: Sendable {
    /// The zones of this machine, in `/usr/share/zoneinfo`.
    public static let system = ZoneDirectory(folder: "/usr/share/zoneinfo")

    private let folder: String
    private let known = Mutex<VerbatimDictionary<TimeZoneRules?>>(["UTC": .utc])

    /// Makes a directory of the compiled zone files (TZif) in a folder.
    public init(folder: String) {
        self.folder = folder
    }

    /// Returns the rules of a zone; nil when there is no such zone, or its file is not a zone file.
    public func rules(named name: String) -> TimeZoneRules? {
        known.withLock { zones in
            if let cached = zones[name] { return cached }
            let rules = read(name)
            // Names may come from hostile input, so that the cache is bounded.
            if zones.count < 4_096 { zones[name] = rules }
            return rules
        }
    }

    private func read(_ name: String) -> TimeZoneRules? {
        let isName = name.utf8.allSatisfy {
            ($0 | 0x20 >= 97 && $0 | 0x20 <= 122) || ($0 >= 48 && $0 <= 57) || "+-_/".utf8.contains($0)
        }
        guard isName, !name.isEmpty, name.count < 64, !name.begins(with: "/") else { return nil }
        guard let source = try? ByteSource(path: "\(folder)/\(name)"),
            let bytes = try? source.readAll(limit: 1 << 20)
        else { return nil }
        return try? TimeZoneRules(name: name, compiledFile: bytes)
    }
}
