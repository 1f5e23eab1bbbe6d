import Glibc

/// A program that is run to its end; its standard error is the terminal's.
package enum ChildProcess {
    /// The error of a program that could not be started, or that ended with an error.
    package struct Failure: Error, CustomStringConvertible {
        package let program: String
        package let problem: String

        package var description: String { "\(program): \(problem)" }
    }

    /// Runs a program, looked up in `PATH`.
    ///
    /// - Throws: ``Failure`` with the system's reason, the exit code or the signal.
    package static func run(_ program: String, _ arguments: [String]) throws(Failure) {
        var identifier = pid_t()
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        let problem = posix_spawnp(&identifier, program, nil, nil, words, environ)
        guard problem == 0 else {
            throw Failure(program: program, problem: String(cString: strerror(problem)))
        }
        var status: CInt = 0
        while waitpid(identifier, &status, 0) < 0 {
            guard errno == EINTR else {
                throw Failure(program: program, problem: String(cString: strerror(errno)))
            }
        }
        let signal = status & 0x7f
        guard signal == 0 else { throw Failure(program: program, problem: "ended by signal \(signal)") }
        let code = (status >> 8) & 0xff
        guard code == 0 else { throw Failure(program: program, problem: "ended with exit code \(code)") }
    }
}
