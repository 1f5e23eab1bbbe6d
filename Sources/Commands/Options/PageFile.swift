import LimpetFiles

/// The page of a report, written to a file.
enum PageFile {
    /// Writes a page where a file is named, and says so.
    static func write(_ page: @autoclosure () -> String, to path: String?) throws {
        guard let path else { return }
        try FileWriter.write(Array(page().utf8), to: path)
        Terminal.note("the page is \(path)")
    }
}
