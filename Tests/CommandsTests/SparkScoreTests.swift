import Foundation
import LimpetTestSupport
import Testing

/// The Spark that `scripts/spark-score` starts, and its arguments: stubs that print their arguments stand in
/// its place.
@Suite struct SparkScoreTests {
    /// A copy of the script, away from the engines that the project may have installed.
    private struct Copy: ~Copyable {
        let folder: TemporaryFolder
        var script: String { folder.file("scripts/spark-score") }
        var job: String { folder.file("scripts/spark_score.py") }

        init() throws {
            let folder = try TemporaryFolder()
            let source = Project.root.appending(path: "scripts")
            try Self.makeFolder(folder.file("scripts"))
            for name in ["spark-score", "spark_score.py"] {
                try FileManager.default.copyItem(
                    atPath: source.appendingPathComponent(name).path, toPath: folder.file("scripts/" + name))
            }
            try Self.linkTools(into: folder.file("tools"))
            self.folder = folder
        }

        /// Makes a folder of what the script calls, which holds no Spark for sure.
        private static func linkTools(into tools: String) throws {
            try makeFolder(tools)
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            for tool in ["bash", "dirname", "readlink"] {
                let found = path.split(separator: ":").map { "\($0)/\(tool)" }
                    .first { FileManager.default.isExecutableFile(atPath: $0) }
                try FileManager.default.createSymbolicLink(
                    atPath: tools + "/" + tool, withDestinationPath: #require(found, "\(tool)"))
            }
        }

        private static func makeFolder(_ path: String) throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        /// Writes a program that prints a name and its arguments, one a line.
        func stub(_ path: String, says name: String) throws {
            let file = folder.file(path)
            try Self.makeFolder((file as NSString).deletingLastPathComponent)
            try "#!/bin/sh\nprintf '%s\\n' \(name) \"$@\"\necho \"$PYSPARK_PYTHON\" >&2\n".write(
                toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        }

        func run(_ arguments: [String], _ environment: [String: String] = [:], script: String? = nil)
            async throws
            -> ChildProcess.Result
        {
            let none = [
                "SPARK_HOME": "", "LIMPET_PYTHON": "", "PYSPARK_PYTHON": "", "PATH": folder.file("tools"),
            ]
            return try await ChildProcess.run(
                script ?? self.script, arguments, environment: none.merging(environment) { $1 })
        }
    }

    private static let arguments = ["--sql", "a b.sql", "--events", "e.csv", "--at", "2025-05-01"]
    /// The options given to Spark when standard error is no terminal.
    private static let quiet = ["--conf", "spark.ui.showConsoleProgress=false"]

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { String($0) }
    }

    @Test("the Spark that was named is taken: by LIMPET_PYTHON, SPARK_HOME, the PATH, else the project's own")
    func order() async throws {
        let copy = try Copy()
        try copy.stub("engines/bin/python", says: "python")
        try copy.stub("engines/bin/spark-submit", says: "of-python")
        try copy.stub("home/bin/spark-submit", says: "of-home")
        try copy.stub("path/spark-submit", says: "of-path")
        try copy.stub("out/engines/bin/python", says: "python")
        try copy.stub("out/engines/bin/spark-submit", says: "own")
        var environment = [
            "LIMPET_PYTHON": copy.folder.file("engines/bin/python"), "SPARK_HOME": copy.folder.file("home"),
            "PATH": copy.folder.file("path") + ":" + copy.folder.file("tools"),
        ]
        for (name, variable) in [
            ("of-python", "LIMPET_PYTHON"), ("of-home", "SPARK_HOME"), ("of-path", "PATH"),
        ] {
            let result = try await copy.run(Self.arguments, environment)
            #expect(result.status == 0, "\(result.errors)")
            #expect(Self.lines(result.output) == [name] + Self.quiet + [copy.job] + Self.arguments)
            let python = variable == "LIMPET_PYTHON" ? environment[variable] : nil
            #expect(Self.lines(result.errors).first == python)
            environment[variable] = nil
        }
        let result = try await copy.run(Self.arguments, environment)
        #expect(Self.lines(result.output).first == "own")
    }

    @Test("options before -- are Spark's, whatever comes after, and a link to the script does as well")
    func options() async throws {
        let copy = try Copy()
        try copy.stub("home/bin/spark-submit", says: "of-home")
        let home = ["SPARK_HOME": copy.folder.file("home")]
        let spark = ["--master", "local[2]", "--name", "two words"]
        let link = copy.folder.file("linked")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: copy.script)
        for script in [copy.script, link] {
            let result = try await copy.run(
                spark + ["--"] + Self.arguments + ["--", "x"], home, script: script)
            let expected = ["of-home"] + Self.quiet + spark + [copy.job] + Self.arguments + ["--", "x"]
            #expect(Self.lines(result.output) == expected)
        }
        let path = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        let help = try await copy.run(["--help"], path)
        #expect(help.status == 0 && help.output.hasPrefix("usage: "))
    }

    @Test("without a Spark it says what to do")
    func none() async throws {
        let copy = try Copy()
        let result = try await copy.run(Self.arguments)
        #expect(result.status == 69)
        #expect(result.errors.contains("scripts/setup --engines"))
    }
}
