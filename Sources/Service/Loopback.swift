import LimpetDocuments

/// The names and addresses by which a machine reaches only itself.
enum Loopback {
    /// Returns true if a host is `localhost`, `::1` or within 127.0.0.0/8.
    static func isHost(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Returns true if the host of `host:port` is a loopback host.
    static func isAuthority(_ authority: String) -> Bool {
        if isHost(authority) { return true }
        guard let colon = authority.lastIndex(of: ":") else { return false }
        return isHost(String(authority[..<colon]))
    }

    /// Returns true if the host of `http://host:port` is a loopback host.
    static func isOrigin(_ origin: String) -> Bool {
        for scheme in ["http://", "https://"] where origin.begins(with: scheme) {
            return isAuthority(String(origin.dropFirst(scheme.count)))
        }
        return false
    }
}
