import Glibc

/// The memory of this process, compared with its memory before the work.
struct RaceMemory {
    /// The resident memory before the work, in bytes.
    let baseBytes: Int

    init() {
        baseBytes = (Self.field("VmRSS") ?? 0) * 1_024
        // Resets the peak, so that it counts from here on.
        if let file = fopen("/proc/self/clear_refs", "w") {
            fputs("5", file)
            fclose(file)
        }
    }

    /// The peak of resident memory since the start of the work, in bytes.
    var peakBytes: Int { (Self.field("VmHWM") ?? 0) * 1_024 }

    private static func field(_ name: String) -> Int? {
        guard let file = fopen("/proc/self/status", "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let count = fread(&bytes, 1, bytes.count, file)
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix(name) }.flatMap { Int($0.filter(\.isNumber)) }
    }
}
