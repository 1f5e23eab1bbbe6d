import Glibc
import LimpetEvents

/// A reference to a model: a file, or a version or an alias in a registry.
public enum ModelReference: Hashable, Sendable {
    /// A path.
    case file(String)
    /// `name@3` or `name@champion`; with a folder in front, `folder/name@3`.
    case registered(RegisteredModel)

    /// A model of a registry, with a version or an alias.
    public struct RegisteredModel: Hashable, Sendable {
        /// The registry's folder.
        public var registry: String
        /// The model's name.
        public var name: String
        /// The number of a version, or an alias.
        public var selector: String

        /// Makes a reference.
        public init(registry: String, name: String, selector: String) {
            (self.registry, self.name, self.selector) = (registry, name, selector)
        }
    }

    /// The registry of references that name no folder: the value of `LIMPET_REGISTRY`, or `models`.
    public static var usualRegistry: String {
        guard let folder = getenv("LIMPET_REGISTRY") else { return "models" }
        return String(cString: folder)
    }

    /// Parses a reference. A text that is the path of an existing file always refers to that file.
    public init(_ text: String) {
        guard access(text, F_OK) != 0, let sign = text.lastIndex(of: "@") else {
            self = .file(text)
            return
        }
        let path = text[..<sign]
        let selector = String(text[text.index(after: sign)...])
        let slash = path.lastIndex(of: "/")
        let name = String(slash.map { path[path.index(after: $0)...] } ?? path)
        guard ModelRegistry.isName(name), ModelRegistry.isName(selector) else {
            self = .file(text)
            return
        }
        self = .registered(
            RegisteredModel(
                registry: slash.map { String(path[..<$0]) } ?? Self.usualRegistry, name: name,
                selector: selector))
    }

    /// Returns the path of the model's file.
    ///
    /// - Throws: `InputError` when the registry has no such model; ``FileError`` when it cannot be read.
    public func path() throws -> String {
        switch self {
        case .file(let path): path
        case .registered(let model):
            try ModelRegistry(folder: model.registry).path(of: model.name, model.selector)
        }
    }
}
