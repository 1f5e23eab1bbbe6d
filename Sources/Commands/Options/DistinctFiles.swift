import LimpetDocuments
import ArgumentParser
import Glibc

/// A check that the files which a command reads and writes differ. An output takes its name when all of it is
/// written, so of two outputs of one name only the last would be left, and an output could replace its own
/// input.
enum DistinctFiles {
    static func check(
        inputs: [(flag: String, path: String?)], outputs: [(flag: String, path: String?)]
    ) throws {
        var inputOfFile: VerbatimDictionary<String> = [:]
        var outputOfFile: VerbatimDictionary<String> = [:]
        for (flag, path) in inputs {
            guard let path, path != "-", let file = Self.identity(path) else { continue }
            inputOfFile[file] = flag
        }
        for (flag, path) in outputs {
            guard let path, let file = path == "-" ? path : Self.identity(path) else { continue }
            if let input = inputOfFile[file] {
                throw ValidationError("\(flag) \(path) is the file of \(input); it would be replaced")
            }
            if let other = outputOfFile.updateValue(flag, forKey: file) {
                throw ValidationError("\(flag) \(path) is the file of \(other) too; give each its own")
            }
        }
    }

    /// Returns one text for all names of a file; nil for devices and pipes, which may be used twice.
    private static func identity(_ path: String) -> String? {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { return nil }
            return resolved(path)
        }
        // A new file: its folder has one name, if it exists.
        let (folder, name) = split(path)
        return resolved(folder).map { "\($0)/\(name)" } ?? path
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        return (folder, String(path[path.index(after: slash)...]))
    }

    private static func resolved(_ path: String) -> String? {
        guard let name = realpath(path, nil) else { return nil }
        defer { free(name) }
        return String(cString: name)
    }
}

extension EventOptions {
    /// The files of the log, with their flag.
    var inputFiles: [(flag: String, path: String?)] {
        paths.map { ("--events", $0) } + attributes.map { ("--attributes", $0) }
    }
    var rejectFiles: [(flag: String, path: String?)] { [("--rejects", rows.rejects)] }
}
