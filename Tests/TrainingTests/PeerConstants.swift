import Foundation

/// Numbers that scripts/peers has written beside its scripts.
struct PeerConstants {
    private let root: Any

    /// Reads `scripts/peers/<name>.json`.
    init(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../scripts/peers")
        root = try JSONSerialization.jsonObject(
            with: Data(contentsOf: folder.appending(path: "\(name).json")))
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
