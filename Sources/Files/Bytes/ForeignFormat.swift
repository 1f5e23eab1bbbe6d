/// A format that is not text in lines, recognised by its first bytes, so that an error can name it.
struct ForeignFormat: Hashable, Sendable {
    /// The format's name with its article, e.g. `a zip archive`.
    let name: String
    /// The command or the step that makes a table or a log of it; `FILE` stands for the file's name.
    let remedy: String

    /// The number of bytes at the start of a file that decide.
    static let headLength = 512

    /// Returns the format of a file by its first bytes, decompressed; nil for text in UTF-8, or where nothing
    /// is recognised.
    init?(head: [UInt8]) {
        guard let format = Self.byMark(head) ?? Self.byText(head) ?? Self.wideText(head) else { return nil }
        self = format
    }

    private init(_ name: String, _ remedy: String) { (self.name, self.remedy) = (name, remedy) }

    /// Returns the reason why a file is not read, with the step that helps.
    func problem(file: String) -> String {
        "is \(name), expected lines of text; \(remedy.replacing("FILE", with: file == "-" ? "FILE" : file))"
    }

    // MARK: Marks

    private static let marks: [(bytes: [UInt8], format: ForeignFormat)] = [
        ([0x1f, 0x8b], ForeignFormat("gzip within gzip", "unpack it once: gunzip -c FILE > once.gz")),
        (ascii("BZh"), packed("bzip2", "bzip2 -dc")),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], packed("xz", "xz -dc")),
        ([0x28, 0xb5, 0x2f, 0xfd], packed("Zstandard", "zstd -dc")),
        ([0x04, 0x22, 0x4d, 0x18], packed("LZ4", "lz4 -dc")),
        (
            [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
            ForeignFormat("a 7z archive", "unpack it: 7z e -so FILE > text.csv")
        ),
        (
            ascii("PAR1"),
            ForeignFormat(
                "a Parquet file",
                "write it as CSV: duckdb -c \"COPY (FROM read_parquet('FILE')) TO 'text.csv' (HEADER)\"")
        ),
        (ascii("ARROW1"), ForeignFormat("an Arrow file", arrow)),
        (ascii("FEA1"), ForeignFormat("a Feather file", arrow)),
        (ascii("ORC"), ForeignFormat("an ORC file", arrow)),
        (ascii("Obj\u{1}"), ForeignFormat("an Avro file", "write it as NDJSON: avro-tools tojson FILE")),
        (
            ascii("SQLite format 3\0"),
            ForeignFormat(
                "an SQLite database",
                "export a table: sqlite3 -header -csv FILE 'SELECT * FROM …' > table.csv")
        ),
        ([0xd0, 0xcf, 0x11, 0xe0], ForeignFormat("an old Office document", sheet)),
        ([0x89, 0x48, 0x44, 0x46], ForeignFormat("an HDF5 file", "write it as CSV, e.g. by pandas")),
        (ascii("%PDF"), ForeignFormat("a PDF document", "export its table as CSV")),
        ([0, 0, 0xfe, 0xff], encoding("UTF-32BE")), ([0xff, 0xfe, 0, 0], encoding("UTF-32LE")),
        ([0xfe, 0xff], encoding("UTF-16")), ([0xff, 0xfe], encoding("UTF-16")),
    ]

    private static let arrow = "write it as CSV, e.g. by pyarrow.csv.write_csv"
    private static let sheet = "save its sheet as CSV in UTF-8"

    private static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func packed(_ name: String, _ command: String) -> ForeignFormat {
        ForeignFormat("compressed by \(name)", "unpack it: \(command) FILE > text.csv")
    }

    private static func encoding(_ name: String) -> ForeignFormat {
        ForeignFormat("text in \(name)", "convert it: iconv -f \(name) -t UTF-8 FILE > text.csv")
    }

    private static func byMark(_ head: [UInt8]) -> ForeignFormat? {
        guard !head.starts(with: [0x50, 0x4b, 3, 4]) else { return archive(head) }
        // A header may begin with the letters of a mark, as `ORCID` or `PAR1` do.
        let isBinary = head.contains { $0 < 9 || (14...31).contains($0) }
        return marks.first { mark in
            head.starts(with: mark.bytes) && (isBinary || !mark.bytes.allSatisfy { $0 >= 32 && $0 < 127 })
        }?.format
    }

    /// Returns the format of a zip archive, of which workbooks are a kind.
    private static func archive(_ head: [UInt8]) -> ForeignFormat {
        let isWorkbook = ["[Content_Types].xml", "_rels/", "xl/"].contains { name in
            head.indices.contains { head[$0...].starts(with: name.utf8) }
        }
        return isWorkbook
            ? ForeignFormat("an Excel workbook", sheet)
            : ForeignFormat("a zip archive", "unpack it: unzip -p FILE > text.csv")
    }

    // MARK: Texts

    private static func byText(_ head: [UInt8]) -> ForeignFormat? {
        let text = head.drop { $0 <= 32 || [0xef, 0xbb, 0xbf].contains($0) }
        let start = text.prefix(64).map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }
        func begins(_ word: String) -> Bool { start.starts(with: word.utf8) }
        if begins("<!doctype html") || begins("<html") {
            return ForeignFormat(
                "an HTML page",
                "look at it in a browser: a download may end at a page that asks to sign in")
        }
        if begins("<?xml") {
            return ForeignFormat("an XML document", "convert its records to CSV, or to an object a line")
        }
        if begins("version https://git-lfs") {
            return ForeignFormat("a pointer of Git LFS, not the file itself", "fetch the file: git lfs pull")
        }
        // A list of objects; a header may begin with a bracket too.
        if text.first == UInt8(ascii: "["),
            text.dropFirst().first(where: { $0 > 32 }) == UInt8(ascii: "{")
        {
            return ForeignFormat(
                "one JSON array", "write an object a line: jq -c '.[]' FILE > text.ndjson")
        }
        return nil
    }

    /// Returns the encoding of text in units of two or four bytes without a mark: most of it is ASCII, whose
    /// other bytes are 0.
    private static func wideText(_ head: [UInt8]) -> ForeignFormat? {
        guard head.count >= 8 else { return nil }
        /// The share of zeros among the bytes with a remainder.
        func zeros(_ remainder: Int, of width: Int) -> Double {
            let places = stride(from: remainder, to: head.count - head.count % width, by: width)
            return Double(places.count { head[$0] == 0 }) / Double(head.count / width)
        }
        if zeros(1, of: 4) > 0.9, zeros(2, of: 4) > 0.9 {
            return encoding(zeros(0, of: 4) > 0.9 ? "UTF-32BE" : "UTF-32LE")
        }
        if zeros(1, of: 2) > 0.8, zeros(0, of: 2) < 0.1 { return encoding("UTF-16LE") }
        if zeros(0, of: 2) > 0.8, zeros(1, of: 2) < 0.1 { return encoding("UTF-16BE") }
        return nil
    }
}
