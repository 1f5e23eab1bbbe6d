import LimpetDocuments
import ArgumentParser

/// The parser of memory sizes on the command line.
enum MemorySize {
    /// Returns the bytes of `512MB` or `2GB`; units are powers of 1,024.
    static func bytes(_ text: String, flag: String) throws -> Int {
        for (unit, size) in [("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)] where text.ends(with: unit) {
            if let count = Int(text.dropLast(2)), (1...1_000_000).contains(count) { return count * size }
        }
        throw ValidationError("\(flag) \(text): expected a size such as 512MB or 2GB")
    }
}
