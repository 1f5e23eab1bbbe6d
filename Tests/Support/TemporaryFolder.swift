import Foundation

/// A folder of its own for one test, removed at the end.
package struct TemporaryFolder: ~Copyable {
    package let path: String

    package init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "limpet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The names of the files there are.
    package var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    package func file(_ name: String = "limpet.sqlite") -> String { path + "/" + name }

    /// Writes bytes as they are, whatever the name, and returns the path.
    package func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: file(name)))
        return file(name)
    }

    package func write(_ text: String, as name: String) throws -> String {
        try write(text.utf8, as: name)
    }

    /// The bytes of a file as they lie on the disk.
    package func contents(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path)))
    }

    package func text(_ path: String) throws -> String { String(decoding: try contents(path), as: UTF8.self) }
}
