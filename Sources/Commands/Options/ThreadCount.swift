import ArgumentParser

/// The check of `--threads`, the same in every command.
enum ThreadCount {
    /// Refuses a number of threads that no command can work with.
    static func check(_ threads: Int) throws {
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected a number from 1 to 256")
        }
    }
}
