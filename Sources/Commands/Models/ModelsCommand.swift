import ArgumentParser

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
