import ArgumentParser
import LimpetDocuments
import LimpetFiles
import LimpetScoring

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
