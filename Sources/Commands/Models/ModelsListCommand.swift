import ArgumentParser
import LimpetDocuments
import LimpetFiles
import LimpetScoring

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
                "no models in \(registry.models.folder); limpet models add model.json --name NAME puts "
                    + "one there")
        } else {
            try Terminal.result(table.text)
        }
        guard problems.isEmpty else {
            for problem in problems { Terminal.note("limpet: \(problem)") }
            throw ExitCode(ExitStatus.badData.rawValue)
        }
    }
}
