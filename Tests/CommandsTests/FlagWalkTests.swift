import Foundation
import LimpetNumerics
import LimpetTestSupport
import Testing

/// A flag that is taken is used or refused: every flag of every command is run, from the list that the parser
/// itself gives.
@Suite(.serialized, .timeLimit(.minutes(30))) struct FlagWalkTests {
    /// The result of a run, with the files that it wrote.
    private struct Outcome: Hashable {
        let status: Int32
        let output: String
        let errors: String
        let files: [String: String]
    }

    /// A run; two repetitions of one command tell whether it always says the same.
    private struct Run: Hashable {
        let arguments: [String]
        var repetition = 0
    }

    private static let walk = FlagWalk(FlagWalkTable.text)

    /// The flags that the parser answers itself, the same in each command.
    private static let general: Set<String> = ["--help", "--version"]

    /// Returns the flags of each command, as the parser lists them.
    private static func flags() async throws -> [String: Set<String>] {
        let help = try await CommandLineTool.run(["--experimental-dump-help"])
        var found: [String: Set<String>] = [:]
        func add(_ command: HelpDump.Command, _ path: [String]) {
            for inner in command.subcommands ?? [] { add(inner, path + [inner.commandName]) }
            guard command.subcommands?.isEmpty ?? true, command.commandName != "help" else { return }
            found[path.joined(separator: " ")] = Set(command.flags)
        }
        add(try JSONDecoder().decode(HelpDump.self, from: Data(help.output.utf8)).command, [])
        return found
    }

    @Test("the table names each flag of each command, and no other")
    func everyFlag() async throws {
        let flags = try await Self.flags()
        let known = Dictionary(grouping: Self.walk.entries, by: \.command).mapValues { Set($0.map(\.flag)) }
        #expect(flags.count > 20)
        for (command, flags) in flags {
            let missing = flags.subtracting(known[command] ?? []).subtracting(Self.general)
            #expect(missing.isEmpty, "\(command): say in FlagWalkTable what \(missing.sorted()) change")
        }
        for (command, known) in known {
            let gone = known.subtracting(flags[command] ?? [])
            #expect(gone.isEmpty, "\(command): FlagWalkTable has \(gone.sorted()), which the command has not")
        }
    }

    @Test("a flag that is taken changes what is printed or written, or is refused")
    func effects() async throws {
        let folder = try TemporaryFolder()
        try FlagWalkFiles.write(to: folder)
        try await Self.train(folder.path)
        let bases = Self.walk.bases.flatMap { base in
            (0..<2).map { Run(arguments: base.command.words + base.arguments, repetition: $0) }
        }
        let general = Self.walk.bases.flatMap { base in
            Self.general.map { Run(arguments: base.command.words + base.arguments + [$0]) }
        }
        let pairs = Self.walk.entries.compactMap { entry in
            entry.runs.map { runs in
                (
                    entry: entry, with: Run(arguments: entry.command.words + runs.with),
                    without: Run(arguments: entry.command.words + runs.without)
                )
            }
        }
        let runs = Set(bases + general + pairs.flatMap { [$0.with, $0.without] })
        #expect(pairs.count > 500)
        let outcomes = try await Self.outcomes(of: runs, files: folder.path)

        for base in bases where base.repetition == 0 {
            let again = Run(arguments: base.arguments, repetition: 1)
            let isSame = outcomes[base] == outcomes[again]
            #expect(isSame, "\(base.arguments) says something else each time")
            // The service is given an address that it cannot listen on.
            let expected: Int32 = base.arguments[0] == "serve" ? 69 : 0
            #expect(outcomes[base]?.status == expected, "\(base.arguments): \(outcomes[base]?.errors ?? "")")
        }
        for run in general {
            #expect(outcomes[run]?.status == 0 && outcomes[run]?.output.isEmpty == false, "\(run.arguments)")
        }
        for pair in pairs where outcomes[pair.with]?.status != 64 {
            let isUsed = outcomes[pair.with] != outcomes[pair.without]
            #expect(
                isUsed, "\(pair.with.arguments.joined(separator: " ")): \(pair.entry.flag) changes nothing")
        }
    }

    /// The number of pairs of flags, from the environment variable `LIMPET_FLAG_PAIRS`.
    private static let pairCount =
        ProcessInfo.processInfo.environment["LIMPET_FLAG_PAIRS"].flatMap { Int($0) } ?? 60

    @Test("two flags together are used or refused, and what was refused leaves no file")
    func pairs() async throws {
        let folder = try TemporaryFolder()
        try FlagWalkFiles.write(to: folder)
        try await Self.train(folder.path)
        let seed = UInt64.random(in: 0...UInt64.max)
        print("\(Self.pairCount) pairs of flags from seed \(seed)")
        var random = RandomGenerator(seed: seed)
        var runs: Set<Run> = []
        while runs.count < Self.pairCount {
            guard let one = Self.walk.entries.randomElement(using: &random),
                let other = Self.walk.entries.randomElement(using: &random), one.flag != other.flag,
                let arguments = one.run(beside: other)
            else { continue }
            runs.insert(Run(arguments: one.command.words + arguments))
        }
        for (run, outcome) in try await Self.outcomes(of: runs, files: folder.path) {
            let text = run.arguments.joined(separator: " ")
            // 1 is what monitor and features check say of a difference; an engine need not be there.
            let codes: [Int32] = [0, 1, 64, 65, 66, 69, 73, 78] + (text.contains(" --sql ") ? [70] : [])
            let isStated = codes.contains(outcome.status)
            #expect(isStated, "\(text): \(outcome.status), \(outcome.errors)")
            guard outcome.status > 1 else { continue }
            #expect(!outcome.errors.isEmpty, "\(text)")
            let kept = ["registry", "rejected", "database"]
            let left = outcome.files.keys.filter { name in !kept.contains { name.hasPrefix($0) } }
            #expect(left.isEmpty, "\(text): \(outcome.status), but \(left)")
        }
    }

    /// Trains the models that other commands read, and puts two into a registry.
    private static func train(_ folder: String) async throws {
        let table = "--table \(folder)/table.csv --target left --positive yes --drop id left2 grp w"
        let log = "--events \(folder)/log.csv --churn-after 7d --every 7d"
        for (name, data) in [("table", table), ("model", log)] {
            let stumps = "train \(data) --folds 0 --bootstrap 0 --rounds 20 --output \(folder)/\(name).json"
            try await succeed(stumps.words)
            let lines = "train \(data) --folds 0 --bootstrap 0 --model logistic"
            try await succeed((lines + " --output \(folder)/\(name)2.json").words)
        }
        for model in ["model", "model2"] {
            let add = "models add \(folder)/\(model).json --name shop --to champion"
            try await succeed((add + " --registry \(folder)/registry").words)
        }
    }

    private static func succeed(_ arguments: [String]) async throws {
        let result = try await CommandLineTool.run(arguments)
        try #require(result.isGood, "\(arguments): \(result.errors)")
    }

    private static func outcomes(of runs: Set<Run>, files: String) async throws -> [Run: Outcome] {
        try await withThrowingTaskGroup(of: (Run, Outcome).self) { group in
            for run in runs { group.addTask { (run, try await outcome(of: run, files: files)) } }
            var outcomes: [Run: Outcome] = [:]
            for try await (run, outcome) in group { outcomes[run] = outcome }
            return outcomes
        }
    }

    /// Runs a command in a folder of its own, which holds a copy of the registry.
    private static func outcome(of run: Run, files: String) async throws -> Outcome {
        let folder = try TemporaryFolder()
        let path = folder.path
        let manager = FileManager.default
        try manager.copyItem(atPath: files + "/registry", toPath: path + "/registry")
        let arguments = run.arguments.map { argument in
            switch argument.first {
            case "@": files + "/" + argument.dropFirst()
            case "%": path + "/" + argument.dropFirst()
            default: argument
            }
        }
        let result = try await CommandLineTool.run(
            arguments, environment: ["LIMPET_REGISTRY": path + "/other"])
        var written: [String: String] = [:]
        for name in try manager.subpathsOfDirectory(atPath: path) {
            guard let data = manager.contents(atPath: path + "/" + name) else { continue }
            // A database begins with secrets of its own.
            if name.hasPrefix("database/") {
                written[name] = ""
                continue
            }
            // The changes of an alias are kept with the time of the clock.
            let text = String(decoding: data, as: UTF8.self)
            written[name] =
                name.hasSuffix("aliases.json") ? text.replacing(/"time": "[^"]*"/, with: "") : text
        }
        // On a busy machine a run takes over a second, and then says how long.
        let texts = [result.output, result.errors].map {
            $0.replacing(path, with: "").replacing(/Took [0-9.]+ s: [^\n]*\n+/, with: "")
        }
        return Outcome(status: result.status, output: texts[0], errors: texts[1], files: written)
    }

    @Test(
        "a column that does not exist is an error of the data",
        arguments: ["evaluate", "monitor", "recalibrate"], ["--weight", "--group", "--id", "--target"])
    func noSuchColumn(command: String, flag: String) async throws {
        let folder = try TemporaryFolder()
        try FlagWalkFiles.write(to: folder)
        let model = folder.file("model.json")
        try await Self.succeed(
            ["import-model", folder.file("lightgbm.txt"), "--target", "left", "--output", model])
        let table = try folder.write("visits,age,left\n1,30,1\n3,40,0\n", as: "small.csv")
        let output = command == "recalibrate" ? ["--output", folder.file("new.json")] : []
        let result = try await CommandLineTool.run(
            [command, "--model", model, "--table", table, flag, "nowhere"] + output)
        #expect(result.status == 65 && result.errors.contains("nowhere"), "\(result.errors)")
    }
}

/// The list of commands and flags that the parser prints.
private struct HelpDump: Decodable {
    struct Command: Decodable {
        let commandName: String
        let subcommands: [Command]?
        let arguments: [Argument]?

        /// The names of the flags, long ones where there are several.
        var flags: [String] {
            (arguments ?? []).compactMap { argument in
                guard argument.kind != "positional", let names = argument.names else { return nil }
                let name = names.first { $0.kind == "long" } ?? names.first
                return name.map { ($0.kind == "long" ? "--" : "-") + $0.name }
            }
        }
    }

    struct Argument: Decodable {
        let kind: String
        let names: [Name]?
    }

    struct Name: Decodable {
        let kind: String
        let name: String
    }

    let command: Command
}

extension String {
    fileprivate var words: [String] { split(separator: " ").map(String.init) }
}
