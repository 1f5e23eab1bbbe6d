import ArgumentParser
import LimpetFiles
import LimpetScoring

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
