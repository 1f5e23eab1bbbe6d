import Glibc
import LimpetFiles

/// What a person sees: messages on standard error, results on standard output.
enum Terminal {
    /// Whether standard error is a terminal, so that progress may be drawn and redrawn.
    static let isInteractive = isatty(STDERR_FILENO) == 1

    /// The terminal's width in columns, 80 where there is none.
    static let width: Int = {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 80 }
        return min(Int(size.ws_col), 120)
    }()

    static func writeError(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    static func print(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// A remark for the person at the terminal; never part of the result.
    static func note(_ text: String) { writeError(text + "\n") }

    private static func write(_ text: String, to descriptor: CInt) {
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(
                    descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                guard count >= 0 || errno == EINTR else { return }
                written += max(0, count)
            }
        }
    }
}
