import ArgumentParser
import LimpetFiles

/// The rule for the names of aliases: names of models that are no number.
enum AliasName {
    static func check(_ alias: String?, flag: String) throws {
        guard let alias else { return }
        guard ModelRegistry.isName(alias), Int(alias) == nil else {
            throw ValidationError(
                "\(flag) \(alias): expected a name of letters, digits, '.', '-' and '_' that is no number")
        }
    }
}
