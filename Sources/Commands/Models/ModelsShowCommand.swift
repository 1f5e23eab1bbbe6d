import ArgumentParser
import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetPipelines
import LimpetScoring

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
                + Format.percent(model.training.baseRate),
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
