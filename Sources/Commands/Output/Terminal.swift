import Glibc
import LimpetFiles

/// The output of commands: messages on standard error, results on standard output.
enum Terminal {
    /// True when standard error is a terminal, so that progress may be drawn and redrawn.
    static let isInteractive = isatty(STDERR_FILENO) == 1

    /// The terminal's width in columns, 80 where there is none.
    static let width: Int = {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 80 }
        return min(Int(size.ws_col), 120)
    }()

    /// Writes to standard error what Limpet itself draws, which may move the cursor.
    static func draw(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes a message to standard error.
    static func writeError(_ text: String) { write(text.printable, to: STDERR_FILENO) }

    /// Prints a line on standard output; failures to write it are ignored.
    static func print(_ text: String) {
        write(text.printable + "\n", to: STDOUT_FILENO)
    }

    /// Writes the command's result to standard output.
    ///
    /// - Throws: `FileError` when it cannot be written; a reader that has seen enough, such as a pager that
    ///   was closed, is no error.
    static func result(_ text: String) throws(FileError) {
        guard let code = write(text.printable + "\n", to: STDOUT_FILENO), code != EPIPE else { return }
        throw .cannotWrite(path: "standard output", problem: String(cString: strerror(code)))
    }

    /// Writes a message for the person at the terminal; never part of the result.
    static func note(_ text: String) { writeError(text + "\n") }

    /// Writes all of a text; returns the system's error code when that fails.
    @discardableResult
    private static func write(_ text: String, to descriptor: CInt) -> CInt? {
        var text = text
        return text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(
                    descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                let code = errno
                guard count >= 0 || code == EINTR else { return code }
                written += max(0, count)
            }
            return nil
        }
    }
}

extension String {
    /// The text with control characters escaped, but for line ends and tabs: names and values come from
    /// users' files, and a terminal obeys what they hold.
    var printable: String {
        guard unicodeScalars.contains(where: Self.isControl) else { return self }
        return unicodeScalars.map { Self.isControl($0) ? $0.escaped(asASCII: true) : String($0) }.joined()
    }

    private static func isControl(_ scalar: UnicodeScalar) -> Bool {
        scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
    }
}
