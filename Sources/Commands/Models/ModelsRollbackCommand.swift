import ArgumentParser
import LimpetFiles

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
