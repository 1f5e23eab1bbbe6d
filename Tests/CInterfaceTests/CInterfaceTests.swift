import LimpetDocuments
import Foundation
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

/// The shared library as C and Python use it: built by `scripts/build-c`, and called from programs of their own.
@Suite(.serialized) struct CInterfaceTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let model = root.appendingPathComponent("models/cancellation.json").path
    private static let product = root.appendingPathComponent("out/c").path

    private static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:])
        throws -> (status: Int32, output: String)
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let folder = try TemporaryFolder()
        let output = try folder.write("", as: "output")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        (process.standardOutput, process.standardError) = (handle, handle)
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try folder.text(output))
    }

    /// Builds the library; the second time this is a look.
    private static func build() throws {
        let built = try run("/usr/bin/env", ["bash", "scripts/build-c"])
        try #require(built.status == 0, "\(built.output.suffix(2_000))")
    }

    private static func loaded() throws -> Scorer {
        try ModelFile.decode(Array(try Data(contentsOf: URL(fileURLWithPath: model)))).scorer
    }

    /// Random values of each input: numbers of all sizes, levels, texts that no term knows, missing ones.
    private static func rows(_ flat: FlatScorer, count: Int) -> [[JSON]] {
        var random = TestRandom(seed: 8)
        return (0..<count).map { _ in
            flat.scorer.model.inputs.enumerated().map { place, input in
                guard random.below(6) > 0 else { return .null }
                guard input.isCategorical else { return .number(Double(random.below(4_000)) / 8 - 50) }
                let texts = flat.levels(of: place) + ["unseen"]
                return .string(texts[random.below(texts.count)])
            }
        }
    }

    private static func expected(_ scorer: Scorer, _ rows: [[JSON]]) -> [UInt64] {
        rows.flatMap { row in
            var vector = FeatureVector(count: row.count)
            for (input, value) in row.enumerated() {
                if let number = value.double { vector.numbers[input] = number }
                if let text = value.text { vector.categories[input] = TextKey(text) }
            }
            let score = scorer.score(vector)
            return [score.logOdds.bitPattern, score.probability.bitPattern]
        }
    }

    private static func words(_ bytes: [UInt8]) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: 8).map { start in
            (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        }
    }

    @Test("a C program scores to the bit on eight threads, and no argument ends it")
    func fromC() throws {
        try Self.build()
        let flat = FlatScorer(try Self.loaded())
        let rows = Self.rows(flat, count: 20_000)
        let folder = try TemporaryFolder()
        let numbers = rows.flatMap { row in
            row.enumerated().map { input, value in
                value.double ?? value.text.map { flat.code(of: $0, input: input) } ?? .nan
            }
        }
        _ = try folder.write(
            numbers.flatMap { number in
                (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
            },
            as: "rows.bin")
        let program = folder.file("c_interface")
        let compiled = try Self.run(
            "/usr/bin/env",
            [
                "cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-I", Self.product + "/include",
                "scripts/engines/c_interface.c", "-o", program, "-L", Self.product + "/lib", "-llimpet",
                "-lpthread", "-lm", "-Wl,-rpath," + Self.product + "/lib",
            ])
        try #require(compiled.status == 0, "\(compiled.output)")
        let result = try Self.run(program, [Self.model, folder.path])
        #expect(result.status == 0, "\(result.output)")
        #expect(
            Self.words(try folder.contents(folder.file("scores.bin"))) == Self.expected(flat.scorer, rows))
    }

    @Test("the library needs the C and C++ runtimes alone, and shows its interface alone")
    func symbols() throws {
        try Self.build()
        let library = Self.product + "/lib/liblimpet.so"
        let dynamic = try Self.run("/usr/bin/env", ["readelf", "-d", library])
        let needed = dynamic.output.split(separator: "\n").filter { $0.contains("(NEEDED)") }
        #expect(!needed.isEmpty)
        for line in needed {
            #expect(
                ["libc.", "libm.", "libstdc++.", "libgcc_s.", "ld-linux", "libpthread"].contains {
                    line.contains($0)
                }, "\(line)")
        }
        let symbols = try Self.run("/usr/bin/env", ["nm", "-D", "--defined-only", library]).output
            .split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count == 3 }
        let functions = symbols.filter { $0[1] == "T" }.map { String($0[2]) }
        #expect(functions.count >= 20 && functions.allSatisfy { $0.hasPrefix("limpet_") }, "\(functions)")
    }

    @Test("Python scores to the bit")
    func fromPython() throws {
        let python = Self.root.appendingPathComponent("out/engines/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: python) else {
            print("SKIPPED: there is no \(python); scripts/setup --engines makes it")
            return
        }
        try Self.build()
        let flat = FlatScorer(try Self.loaded())
        let rows = Self.rows(flat, count: 5_000)
        let folder = try TemporaryFolder()
        let header = flat.scorer.model.inputs.map { "\"\($0.name)\"" }.joined(separator: ",")
        let lines = rows.map { row in
            row.map { $0.double.map { "\($0)" } ?? $0.text.map { "\"\($0)\"" } ?? "" }.joined(separator: ",")
        }
        let table = try folder.write(([header] + lines).joined(separator: "\n") + "\n", as: "table.csv")
        let result = try Self.run(
            python,
            ["scripts/engines/python_interface.py", Self.product + "/python", Self.model, table, folder.path])
        try #require(result.status == 0, "\(result.output)")
        #expect(
            Self.words(try folder.contents(folder.file("scores.bin"))) == Self.expected(flat.scorer, rows))
    }
}
