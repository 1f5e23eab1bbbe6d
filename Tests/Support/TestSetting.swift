#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The settings of long tests, from the environment.
package enum TestSetting {
    /// Returns the number that an environment variable holds; nil where it is not set.
    package static func number(_ setting: String) -> UInt64? {
        guard let text = getenv(setting).map({ String(cString: $0) }), !text.isEmpty else { return nil }
        guard let number = UInt64(text) else {
            preconditionFailure("\(setting)=\(text): expected a whole number")
        }
        return number
    }
}
