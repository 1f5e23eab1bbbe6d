import Foundation
import LimpetFiles

/// A folder of its own for one test, removed at the end.
struct TemporaryFolder: ~Copyable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "limpet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The names of the files there are.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    func file(_ name: String) -> String { path + "/" + name }

    /// Writes bytes as they are, whatever the name, and returns the path.
    func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: file(name)))
        return file(name)
    }

    func write(_ text: String, as name: String) throws -> String { try write(text.utf8, as: name) }

    /// The bytes packed as one member of gzip.
    func packed(_ bytes: some Collection<UInt8>) throws -> [UInt8] {
        let path = file("packed-\(UUID().uuidString).gz")
        try FileWriter.write(Array(bytes), to: path)
        return try contents(path)
    }

    /// The bytes of a file as they lie on the disk.
    func contents(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    func text(_ path: String) throws -> String { String(decoding: try contents(path), as: UTF8.self) }
}
