import Foundation

/// The public data sets, where they are.
package enum PublicData {
    /// The folder named by `LIMPET_DATA`, else the one beside the project.
    package static let folder: String =
        ProcessInfo.processInfo.environment["LIMPET_DATA"]
        ?? Project.root.appending(path: "../shared/data").standardized.path

    /// Returns true if a file exists; prints a message when it does not.
    package static func has(_ file: String) -> Bool {
        if FileManager.default.fileExists(atPath: "\(folder)/\(file)") { return true }
        print("SKIPPED: \(folder)/\(file) is not there; set LIMPET_DATA to test on public data")
        return false
    }
}
