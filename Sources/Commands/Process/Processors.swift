import Glibc

/// The processors that this process may use.
enum Processors {
    static let count: Int = max(1, min(256, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
