import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFiles
import LimpetScoring

/// `limpet models`.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "A registry of models in a folder: versions and aliases.",
        discussion: """
            limpet models add model.json --name shop --to challenger
            limpet models list
            limpet models diff shop@champion shop@challenger --events log.csv
            limpet models promote shop@challenger --to champion --reason "AUC +0.01"
            limpet models rollback shop --alias champion

            Every command that takes --model takes shop@champion or shop@3 too. The
            registry is the folder models, or LIMPET_REGISTRY, or --registry.
            """,
        subcommands: [
            ModelsListCommand.self, ModelsShowCommand.self, ModelsAddCommand.self, ModelsDiffCommand.self,
            ModelsPromoteCommand.self, ModelsRollbackCommand.self,
        ])
}

/// Which registry.
struct RegistryOptions: ParsableArguments {
    @Option(help: "Folder of the registry (default: LIMPET_REGISTRY, or models).")
    var registry: String?

    var models: ModelRegistry { ModelRegistry(folder: registry ?? ModelReference.usualRegistry) }

    /// A reference such as `name@champion` within this registry.
    func registered(_ text: String) throws -> (name: String, version: Int) {
        guard let sign = text.lastIndex(of: "@") else {
            throw ValidationError("\(text): expected a model and a version or an alias, such as \(text)@1")
        }
        let name = String(text[..<sign])
        return (name, try models.version(of: name, String(text[text.index(after: sign)...])))
    }
}

/// `limpet models list`.
struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All models with their versions and aliases.",
        discussion: """
            limpet models list
            Every file is read and verified; a damaged one is named, and the exit
            code is 65 then.
            """)

    @OptionGroup var registry: RegistryOptions

    @Option(help: "How the list is printed: text or json.")
    var format = OutputFormat.text

    func run() async throws {
        var table = TextTable([
            ("model", .left), ("kind", .left), ("trained on", .right), ("until", .left), ("AUC", .right),
            ("hash", .left), ("aliases", .left),
        ])
        var (documents, problems): ([JSON], [String]) = ([], [])
        for name in registry.models.names() {
            var ledger = RegistryLedger()
            do { ledger = try registry.models.ledger(of: name) } catch { problems.append("\(error)") }
            for version in registry.models.versions(of: name) {
                let aliases = ledger.aliases(of: version)
                do {
                    let verified = try ModelFile.read(registry.models.path(of: name, version: version))
                    let line = ModelLine(verified)
                    table.append(
                        ["\(name)@\(version)"] + line.cells + [aliases.joined(separator: ", ")])
                    documents.append(line.document(name: name, version: version, aliases: aliases))
                } catch {
                    problems.append("\(error)")
                    table.append(
                        ["\(name)@\(version)", "DAMAGED", "", "", "", "", aliases.joined(separator: ", ")])
                }
            }
        }
        if format == .json {
            try Terminal.result(JSON.object(["models": .array(documents)]).pretty)
        } else if documents.isEmpty, problems.isEmpty {
            Terminal.note(
                "no models in \(registry.models.folder); limpet models add model.json --name NAME puts one there"
            )
        } else {
            try Terminal.result(table.text)
        }
        guard problems.isEmpty else {
            for problem in problems { Terminal.note("limpet: \(problem)") }
            throw ExitCode(ExitStatus.badData.rawValue)
        }
    }
}

/// What one line of a list says of a model.
struct ModelLine {
    let verified: ModelFile.Verified

    init(_ verified: ModelFile.Verified) { self.verified = verified }

    private var model: Model { verified.scorer.model }

    /// The AUC out of sample, where the file says one.
    var auc: Double? { model.evaluation["auc"]?.double ?? model.evaluation["outOfFold"]?["auc"]?.double }

    var cells: [String] {
        [
            model.kind.rawValue, "\(Format.count(model.training.rows)) rows",
            model.training.dataUntil.map { String($0.description.prefix(10)) } ?? "",
            auc.map { Format.fixed($0, 4) } ?? "", String(verified.hash.prefix(12)),
        ]
    }

    func document(name: String, version: Int, aliases: [String]) -> JSON {
        .object([
            "name": .string(name), "version": .number(version), "hash": .string(verified.hash),
            "kind": .string(model.kind.rawValue), "trainingRows": .number(model.training.rows),
            "dataUntil": model.training.dataUntil.map { .string($0.description) } ?? .null,
            "auc": auc.map { .number($0) } ?? .null,
            "aliases": .array(aliases.map { .string($0) }),
        ])
    }
}

/// `limpet models show`.
struct ModelsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "A model of the registry, and what its aliases went through.",
        discussion: """
            limpet models show shop
            limpet models show shop@champion
            """)

    @OptionGroup var registry: RegistryOptions

    @Argument(help: "A model's name, or one version such as shop@3.")
    var reference: String

    @Option(help: "How it is printed: text or json.")
    var format = OutputFormat.text

    func run() async throws {
        guard reference.contains("@") else { return try showName() }
        let (name, version) = try registry.registered(reference)
        let verified = try ModelFile.read(registry.models.path(of: name, version: version))
        let aliases = try registry.models.ledger(of: name).aliases(of: version)
        let line = ModelLine(verified)
        guard format == .text else {
            return try Terminal.result(line.document(name: name, version: version, aliases: aliases).pretty)
        }
        let model = verified.scorer.model
        let terms = model.terms.sorted { $0.importance > $1.importance }.prefix(10)
        let names = TermNames(model)
        var lines = [
            "\(name)@\(version)  \(line.cells.filter { !$0.isEmpty }.joined(separator: "  "))",
            "  file \(registry.models.path(of: name, version: version))",
            "  aliases \(aliases.isEmpty ? "none" : aliases.joined(separator: ", "))",
            "  \(model.inputs.count) inputs, \(model.terms.count) terms; base rate in training "
                + Format.percent(Double(model.training.positives) / Double(max(1, model.training.rows))),
            "  strongest terms:",
        ]
        lines += terms.map { "    \(Format.fixed($0.importance, 3))  \(names.name(of: $0))" }
        try Terminal.result(lines.joined(separator: "\n"))
    }

    private func showName() throws {
        let versions = registry.models.versions(of: reference)
        guard !versions.isEmpty else {
            _ = try registry.models.version(of: reference, "1")
            return
        }
        let ledger = try registry.models.ledger(of: reference)
        guard format == .text else {
            return try Terminal.result(
                JSON.object([
                    "name": .string(reference), "versions": .array(versions.map { .number($0) }),
                    "aliases": .object(
                        ledger.stacks.keys.sorted().map { alias in
                            JSONMember(name: alias, value: .number(ledger.version(of: alias) ?? 0))
                        }),
                    "changes": .array(ledger.changes.map(\.report)),
                ]).pretty)
        }
        var lines = ["\(reference): versions \(versions.map(String.init).joined(separator: ", "))"]
        for alias in ledger.stacks.keys.sorted() {
            lines.append("  \(alias) → \(ledger.version(of: alias).map(String.init) ?? "")")
        }
        if !ledger.changes.isEmpty { lines += ["", "changes:"] }
        for change in ledger.changes {
            let before = change.before.map { "\($0) → " } ?? "new, "
            let how = change.isRollback ? " (taken back)" : ""
            let reason = change.reason.isEmpty ? "" : "  \(change.reason)"
            lines.append("  \(change.time)  \(change.alias) \(before)\(change.version)\(how)\(reason)")
        }
        try Terminal.result(lines.joined(separator: "\n"))
    }
}

extension RegistryLedger.Change {
    fileprivate var report: JSON {
        .object([
            "time": .string(time.description), "alias": .string(alias), "version": .number(version),
            "before": before.map { .number($0) } ?? .null, "rollback": .boolean(isRollback),
            "reason": .string(reason),
        ])
    }
}

/// `limpet models add`.
struct ModelsAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Put a model file into the registry as the next version.",
        discussion: """
            limpet models add model.json --name shop
            limpet models add model.json --name shop --to challenger
            """)

    @OptionGroup var registry: RegistryOptions

    @Argument(help: "Model file.")
    var file: String

    @Option(help: "The model's name: letters, digits, '.', '-' and '_'.")
    var name: String

    @Option(help: "An alias that shall point to it.")
    var to: String?

    @Option(help: "Why; kept with the change of the alias.")
    var reason = ""

    func validate() throws {
        guard ModelRegistry.isName(name) else {
            throw ValidationError("--name \(name): expected letters, digits, '.', '-' and '_'")
        }
        try AliasName.check(to, flag: "--to")
    }

    func run() async throws {
        let bytes = try ByteSource(path: file).readAll(limit: JSONReader.Limits().bytes)
        _ = try ModelFile.read(file)
        let (version, isNew) = try registry.models.add(bytes, name: name)
        Terminal.note(
            isNew ? "\(name)@\(version) added" : "\(name)@\(version) is the same file; nothing was added")
        guard let to else { return }
        let before = try registry.models.promote(
            name, version: version, to: to, at: Clock.now, reason: reason)
        Terminal.note("\(to): \(before.map { "\($0) → " } ?? "")\(version)")
    }
}

/// What an alias may be called.
enum AliasName {
    static func check(_ alias: String?, flag: String) throws {
        guard let alias else { return }
        guard ModelRegistry.isName(alias), Int(alias) == nil else {
            throw ValidationError(
                "\(flag) \(alias): expected a name of letters, digits, '.', '-' and '_' that is no number")
        }
    }
}

/// `limpet models promote`.
struct ModelsPromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Point an alias to a version, at once for all readers.",
        discussion: """
            limpet models promote shop@3 --to champion --reason "AUC +0.01 in May"
            limpet models promote shop@challenger --to champion

            The version is read and verified first. Services that run keep the model
            that they loaded; start them anew.
            """)

    @OptionGroup var registry: RegistryOptions

    @Argument(help: "A version, such as shop@3 or shop@challenger.")
    var reference: String

    @Option(help: "The alias that shall point to it.")
    var to: String

    @Option(help: "Why; kept with the change.")
    var reason = ""

    func validate() throws { try AliasName.check(to, flag: "--to") }

    func run() async throws {
        let (name, version) = try registry.registered(reference)
        _ = try ModelFile.read(registry.models.path(of: name, version: version))
        let before = try registry.models.promote(
            name, version: version, to: to, at: Clock.now, reason: reason)
        Terminal.note(
            before == version
                ? "\(name)@\(to) is version \(version) already"
                : "\(name)@\(to): \(before.map { "\($0) → " } ?? "")\(version)")
        if let before, before != version {
            Terminal.note("to take it back: limpet models rollback \(name) --alias \(to)")
        }
    }
}

/// `limpet models rollback`.
struct ModelsRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Take an alias' last promotion back.",
        discussion: "limpet models rollback shop --alias champion --reason \"complaints\"")

    @OptionGroup var registry: RegistryOptions

    @Argument(help: "The model's name.")
    var name: String

    @Option(help: "The alias.")
    var alias = "champion"

    @Option(help: "Why; kept with the change.")
    var reason = ""

    func run() async throws {
        let change = try registry.models.rollBack(name, alias: alias, at: Clock.now, reason: reason)
        Terminal.note("\(name)@\(alias): \(change.before.map { "\($0) → " } ?? "")\(change.version)")
    }
}
