import Glibc
import LimpetEvents

/// The reading of files without Foundation.
enum SystemFile {
    /// An error of a file that cannot be read.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    /// Returns the bytes of a file of at most `limit` bytes.
    static func contents(_ path: String, limit: Int) throws(Problem) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw problem(path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe read(file, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw problem(path) }
            guard count > 0 else { return bytes }
            bytes += block[..<count]
            guard bytes.count <= limit else {
                throw Problem(description: "\(path): more than \(limit) bytes")
            }
        }
    }

    private static func problem(_ path: String) -> Problem {
        let number = errno
        let text = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        return Problem(description: "\(path): \(text)")
    }
}

/// The time zones of the system, one of which a model of event histories names.
enum SystemZone {
    static func rules(_ name: String) -> TimeZoneRules? {
        guard name != "UTC" else { return .utc }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
        guard let bytes = try? SystemFile.contents("/usr/share/zoneinfo/\(name)", limit: 1 << 20) else {
            return nil
        }
        return try? TimeZoneRules(name: name, compiledFile: bytes)
    }
}
