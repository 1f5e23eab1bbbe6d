import Foundation
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

/// Files that are not lines of text are named by their first bytes, with the step that helps.
@Suite struct ForeignFormatTests {
    private static let text = "user,time,event\n" + String(repeating: "ü1,2025-01-01,buy\n", count: 20)

    private static func units(_ text: String, _ bytes: Int, bigEndian: Bool) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar in
            let unit = (0..<bytes).map { UInt8(truncatingIfNeeded: scalar.value >> (8 * $0)) }
            return bigEndian ? unit.reversed() : unit
        }
    }

    static let files: [(bytes: [UInt8], words: String)] = [
        (
            [0x50, 0x4b, 3, 4] + Array("....table.csv".utf8),
            "a zip archive, expected lines of text; unpack it: unzip -p"
        ),
        ([0x50, 0x4b, 3, 4] + Array("....[Content_Types].xml".utf8), "an Excel workbook"),
        ([0x1f, 0x8b, 8, 0, 0], "gzip within gzip"), (Array("BZh91AY".utf8) + [0x26, 1], "bzip2 -dc"),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0], "xz -dc"), ([0x28, 0xb5, 0x2f, 0xfd, 4], "zstd -dc"),
        (Array("PAR1".utf8) + [0x15, 4], "a Parquet file, expected lines of text; write it as CSV: duckdb"),
        (Array("SQLite format 3\0".utf8), "sqlite3 -header -csv"),
        ([0xff, 0xfe] + units(text, 2, bigEndian: false), "text in UTF-16,"),
        ([0xfe, 0xff] + units(text, 2, bigEndian: true), "text in UTF-16,"),
        ([0xff, 0xfe, 0, 0] + units(text, 4, bigEndian: false), "iconv -f UTF-32LE"),
        (units(text, 2, bigEndian: false), "iconv -f UTF-16LE"),
        (units(text, 2, bigEndian: true), "iconv -f UTF-16BE"),
        (units(text, 4, bigEndian: true), "iconv -f UTF-32BE"),
        (Array("\n <!DOCTYPE HTML>\n<html>".utf8), "an HTML page"),
        (Array("<?xml version=\"1.0\"?>".utf8), "an XML document"),
        (Array("version https://git-lfs.github.com/spec/v1\noid sha256:4d\n".utf8), "git lfs pull"),
        (Array("[\n  {\"user\": 1}]".utf8), "jq -c '.[]'"),
        (Array("%PDF-1.7\n%".utf8) + [0xe2, 3], "a PDF document"),
    ]

    @Test("what is not lines of text is named, in tables, in logs and within gzip", arguments: files)
    func named(_ file: (bytes: [UInt8], words: String)) async throws {
        let folder = try TemporaryFolder()
        let plain = try folder.write(file.bytes, as: "file.csv")
        let packed = try folder.write(folder.packed(file.bytes), as: "packed.csv.gz")
        for path in [plain, packed] where !(path == plain && file.bytes.starts(with: [0x1f, 0x8b])) {
            let ofTable = await #expect(throws: InputError.self) {
                try await TableReader(rejection: RowRejection(), threads: 1).table(path)
            }
            let ofLog = #expect(throws: InputError.self) {
                try EventLogReader(schema: EventSchema(), rejection: RowRejection()).read([path])
            }
            for error in [ofTable, ofLog] {
                #expect(error?.place.file == path)
                #expect(error?.problem.contains(file.words) == true, "\(error as Any)")
            }
        }
    }

    @Test(
        "texts that begin like another format are read",
        arguments: [
            "[id],x\n1,2\n", "Object,x\n1,2\n", "version,x\nhttps,2\n", "PAR1,x\n1,2\n", "BZh,x\n1,2\n",
            "ORCID,x\n1,2\n", "FEA1,FEA2\n1,2\n", "<p>,x\n1,2\n", "ü,日本\n1,2\n", "\u{feff}a,b\n1,2\n",
        ])
    func texts(_ text: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, as: "table.csv")
        #expect(try await TableReader(rejection: RowRejection(), threads: 1).table(path).count == 1)
    }
}
