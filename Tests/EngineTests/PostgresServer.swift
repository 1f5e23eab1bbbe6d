import Foundation
import Glibc
import LimpetTestSupport

/// A PostgreSQL server of a test's own: its data and its socket stand in a folder that vanishes.
struct PostgresServer {
    private let folder: String
    private let binaries: String

    /// Runs one for the time of the body, which gets the arguments with which `psql` finds it; where
    /// PostgreSQL is not installed, the body is skipped with a message.
    static func run(_ body: (_ environment: [String: String]) async throws -> Void) async throws {
        let versions = "/usr/lib/postgresql"
        let newest = try? FileManager.default.contentsOfDirectory(atPath: versions).max()
        guard let newest, FileManager.default.fileExists(atPath: "\(versions)/\(newest)/bin/initdb") else {
            print("SKIPPED: PostgreSQL is not there; scripts/setup --engines installs it")
            return
        }
        // A socket's path must be short.
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "limpet-pg-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let server = PostgresServer(folder: folder.path, binaries: "\(versions)/\(newest)/bin")
        do {
            try await server.start()
            try await body(["PGHOST": folder.path, "PGUSER": "limpet", "PGDATABASE": "postgres"])
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    private func start() async throws {
        try await run("chown -R postgres \(folder)", asServer: false)
        try await run(
            "\(binaries)/initdb -D \(folder)/data -A trust -U limpet -E UTF8 --no-locale -N > /dev/null")
        // The server outlives this command: it must keep nothing open on which the command's end is awaited.
        try await run(
            "for file in /proc/$$/fd/*; do n=${file##*/}; [ $n -le 2 ] || eval \"exec $n>&-\"; done; "
                + "\(binaries)/pg_ctl -D \(folder)/data -l \(folder)/log -w "
                + "-o \"-k \(folder) -h '' -c fsync=off\" start > \(folder)/start 2>&1 < /dev/null "
                + "|| { cat \(folder)/start >&2; exit 1; }")
    }

    private func stop() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await run("\(binaries)/pg_ctl -D \(folder)/data -m immediate stop > /dev/null")
    }

    /// The server refuses to run as root, where tests of a container run.
    private func run(_ command: String, asServer: Bool = true) async throws {
        let isRoot = getuid() == 0
        guard isRoot || asServer else { return }
        let user = isRoot && asServer ? ["/usr/sbin/runuser", "-u", "postgres", "--"] : []
        try await ChildProcess.succeed(user + ["bash", "-c", command])
    }
}
