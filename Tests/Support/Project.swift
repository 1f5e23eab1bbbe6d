package import Foundation

/// Where the project's files stand, and what was built of them.
package enum Project {
    /// The project's folder, found from this file.
    package static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The path of a file of the project, whose name is relative to its folder.
    package static func path(_ name: String) -> String { root.appending(path: name).path }

    /// The program that was built with the tests.
    package static let limpet = path(".build/release/limpet")

    /// The Python of `scripts/setup --engines`, with the libraries that scores are compared with.
    package static let enginePython = path("out/engines/bin/python")

    /// The model that ships.
    package static let shippedModel = path("models/cancellation.json")
}
