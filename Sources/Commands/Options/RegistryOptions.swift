import ArgumentParser
import LimpetFiles

/// The flag that names the registry.
struct RegistryOptions: ParsableArguments {
    @Option(help: "Folder of the registry (default: LIMPET_REGISTRY, or models).")
    var registry: String?

    var models: ModelRegistry { ModelRegistry(folder: registry ?? ModelReference.usualRegistry) }

    /// Returns the model and the version of a reference within this registry, such as `name@champion`.
    func registered(_ text: String) throws -> (name: String, version: Int) {
        guard let sign = text.lastIndex(of: "@") else {
            throw ValidationError("\(text): expected a model and a version or an alias, such as \(text)@1")
        }
        let name = String(text[..<sign])
        return (name, try models.version(of: name, String(text[text.index(after: sign)...])))
    }
}
