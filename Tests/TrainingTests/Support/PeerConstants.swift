import Foundation
import LimpetTestSupport

/// Numbers that scripts/peers has written beside its scripts.
struct PeerConstants {
    private let root: Any

    /// Reads `scripts/peers/<name>.json`.
    init(_ name: String) throws {
        root = try JSONSerialization.jsonObject(
            with: Data(contentsOf: Project.root.appending(path: "scripts/peers/\(name).json")))
    }

    /// The value under a path of member names.
    private func value(_ path: [String]) -> Any? {
        path.reduce(root as Any?) { ($0 as? [String: Any])?[$1] }
    }

    func number(_ path: String...) -> Double {
        (value(path) as? NSNumber)?.doubleValue ?? .nan
    }

    func numbers(_ path: String...) -> [Double] {
        (value(path) as? [NSNumber])?.map(\.doubleValue) ?? []
    }

    func rows(_ path: String...) -> [[Double]] {
        (value(path) as? [[NSNumber]])?.map { $0.map(\.doubleValue) } ?? []
    }
}
