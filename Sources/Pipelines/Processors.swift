import Glibc

/// The processors that this process may use.
public enum Processors {
    /// The number of them, at most 256.
    public static let count: Int = max(1, min(256, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
