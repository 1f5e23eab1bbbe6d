import Foundation
import Glibc
import LimpetTestSupport

/// A PostgreSQL server of a test's own: its data and its socket stand in a folder that vanishes.
final class PostgresServer {
    private let folder: URL
    private let binaries: String

    /// Starts one; nil, and says so aloud, where PostgreSQL is not installed.
    init?() throws {
        let versions = "/usr/lib/postgresql"
        let newest = try? FileManager.default.contentsOfDirectory(atPath: versions).max()
        guard let newest, FileManager.default.fileExists(atPath: "\(versions)/\(newest)/bin/initdb") else {
            print("SKIPPED: PostgreSQL is not there; scripts/setup --engines installs it")
            return nil
        }
        binaries = "\(versions)/\(newest)/bin"
        folder = FileManager.default.temporaryDirectory.appending(
            path: "limpet-pg-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try run("chown -R postgres \(folder.path)", asServer: false)
        try run(
            "\(binaries)/initdb -D \(folder.path)/data -A trust -U limpet -E UTF8 --no-locale -N > /dev/null")
        // The server outlives this command: it must keep nothing open at which the command's end is waited for.
        try run(
            "for file in /proc/$$/fd/*; do n=${file##*/}; [ $n -le 2 ] || eval \"exec $n>&-\"; done; "
                + "\(binaries)/pg_ctl -D \(folder.path)/data -l \(folder.path)/log -w "
                + "-o \"-k \(folder.path) -h '' -c fsync=off\" start > \(folder.path)/start 2>&1 < /dev/null "
                + "|| { cat \(folder.path)/start >&2; exit 1; }")
    }

    /// What `psql` needs to find it.
    var environment: [String: String] {
        ["PGHOST": folder.path, "PGUSER": "limpet", "PGDATABASE": "postgres"]
    }

    /// The server refuses to run as root, where tests of a container run.
    private func run(_ command: String, asServer: Bool = true) throws {
        let isRoot = getuid() == 0
        guard isRoot || asServer else { return }
        let arguments =
            isRoot && asServer ? ["-u", "postgres", "--", "bash", "-c", command] : ["-c", command]
        let program = isRoot && asServer ? "/usr/sbin/runuser" : "/bin/bash"
        let result = try CommandLineTool.run(arguments, program: URL(filePath: program))
        guard result.status == 0 else { throw Failure(command: command, errors: result.errors) }
    }

    private struct Failure: Error, CustomStringConvertible {
        let command: String
        let errors: String
        var description: String { "\(command): \(errors)" }
    }

    deinit {
        try? run("\(binaries)/pg_ctl -D \(folder.path)/data -m immediate stop > /dev/null")
        try? FileManager.default.removeItem(at: folder)
    }
}
