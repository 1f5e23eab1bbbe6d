import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

@Suite struct RecordReaderTests {
    private struct Record: Equatable {
        var line: Int
        var fields: [String?]
    }

    private func records(_ path: String, delimiter: Delimiter? = nil) throws -> [Record] {
        var reader = RecordReader(try ByteSource(path: path), delimiter: delimiter)
        var records: [Record] = []
        while try reader.next() {
            records.append(Record(line: reader.line, fields: (0..<reader.fieldCount).map { reader.text($0) }))
        }
        return records
    }

    private func fields(of text: String, delimiter: Delimiter? = nil) throws -> [[String?]] {
        let folder = try TemporaryFolder()
        return try records(folder.write(text, as: "a.csv"), delimiter: delimiter).map(\.fields)
    }

    @Test(
        "records are split as RFC 4180 has it",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2\r", [["a", "b"], ["1", "2"]]),
            ("\u{feff}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n\n\r\n1,2\n\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n,\n1,\n,2\n", [["a", "b"], ["", ""], ["1", ""], ["", "2"]]),
            ("a,b\n\"x,y\",\"\"\n", [["a", "b"], ["x,y", ""]]),
            ("a,b\n\"x \"\"y\"\" z\",\"\"\"\"\n", [["a", "b"], ["x \"y\" z", "\""]]),
            ("a,b\n\"x\ny\",2\n3,4\n", [["a", "b"], ["x\ny", "2"], ["3", "4"]]),
            ("a,b\n\"x\r\ny\",2\r\n3,4\r\n", [["a", "b"], ["x\r\ny", "2"], ["3", "4"]]),
            ("a,b\n5\" pipe,2\n3,4\"\n", [["a", "b"], ["5\" pipe", "2"], ["3", "4\""]]),
            ("a,b\nit \"is\" so,2\n", [["a", "b"], ["it \"is\" so", "2"]]),
            ("a,b\n 1 ,\t2\n", [["a", "b"], [" 1 ", "\t2"]]),
            ("a,b,c\n1,2\n1,2,3,4\n", [["a", "b", "c"], ["1", "2"], ["1", "2", "3", "4"]]),
            ("a\n\"x\"\n", [["a"], ["x"]]),
            ("", []),
            ("\n\r\n\n", []),
            ("a,b\n1,2\n\r\r\n3,4\n\r", [["a", "b"], ["1", "2"], ["3", "4"]]),
        ])
    func recordsAreSplitAsRFC4180HasIt(text: String, expected: [[String?]]) throws {
        #expect(try fields(of: text, delimiter: .byte(44)) == expected)
    }

    @Test(
        "the delimiter is guessed from the header",
        arguments: [
            ("a,b;c,d\n", Delimiter.byte(44)), ("a;b;c,d\n", .byte(59)), ("a\tb\tc,d\n", .byte(9)),
            ("a|b|c\n", .byte(124)), ("a b  c\n", .spaces), ("alone\n", .spaces),
            ("\"x,y,z\";b\n", .byte(59)), ("\u{feff}a;b\n", .byte(59)),
        ])
    func theDelimiterIsGuessedFromTheHeader(text: String, expected: Delimiter) throws {
        let folder = try TemporaryFolder()
        var reader = RecordReader(try ByteSource(path: folder.write(text, as: "a.csv")))
        #expect(try reader.next())
        #expect(reader.usedDelimiter == expected)
    }

    @Test(
        "delimiters are set by name or as they are",
        arguments: [
            ("comma", Delimiter.byte(44)), ("tab", .byte(9)), ("\\t", .byte(9)), ("semicolon", .byte(59)),
            ("pipe", .byte(124)), ("spaces", .spaces), (" ", .spaces), (",", .byte(44)), ("^", .byte(94)),
            ("\"", nil), ("\n", nil), ("\r", nil), ("", nil), ("ab", nil), ("ä", nil),
        ])
    func delimitersAreSetByNameOrAsTheyAre(setting: String, expected: Delimiter?) {
        #expect(Delimiter(setting: setting) == expected)
    }

    @Test("runs of spaces are one delimiter also in front")
    func runsOfSpacesAreOneDelimiterAlsoInFront() throws {
        // The shape of CDNOW's file.
        let text =
            " 00001 19970101  1   11.77\n 00002 19970112  1   12.00  \n   \t\n 00002\t19970112  5   77.00\n"
        #expect(
            try fields(of: text) == [
                ["00001", "19970101", "1", "11.77"], ["00002", "19970112", "1", "12.00"],
                ["00002", "19970112", "5", "77.00"],
            ])
    }

    @Test("quotes mean nothing between spaces")
    func quotesMeanNothingBetweenSpaces() throws {
        #expect(
            try fields(of: "a \"b c\n\"d e\n", delimiter: .spaces) == [["a", "\"b", "c"], ["\"d", "e"]])
    }

    @Test("lines are counted through quotes and empty lines")
    func linesAreCountedThroughQuotesAndEmptyLines() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a,b\n\n\"x\n\ny\",1\r\n\r\n2,3\n", as: "a.csv")
        #expect(try records(path).map(\.line) == [1, 3, 7])
    }

    @Test("text that is not UTF-8 is no text")
    func textThatIsNotUTF8IsNoText() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            [97, 44, 98, 10, 0xff, 44, 98, 10, 0xc3, 0xa4, 44, 0xc3, 10], as: "a.csv")
        #expect(try records(path).map(\.fields) == [["a", "b"], [nil, "b"], ["ä", nil]])
    }

    @Test(
        "text after a closing quote spoils its record only",
        arguments: [
            ("a,b\n\"x\"y,2\n3,4\n", 2, "column 1", "\"x\"y,2"),
            ("a,b\n1,\"x\" \r\n3,4\n", 2, "column 2", "1,\"x\" "),
            ("a,b\n\n1,\"x\ny\"z,\"u\nv\"\n3,4", 3, "column 2", "1,\"x\ny\"z,\"u\nv\""),
        ])
    func textAfterAClosingQuoteSpoilsItsRecordOnly(
        text: String, line: Int, field: String, record: String
    ) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, as: "a.csv")
        var reader = RecordReader(try ByteSource(path: path))
        #expect(try reader.next())
        #expect(try reader.next())
        #expect(reader.fieldCount == 0)
        #expect(reader.recordText == record)
        #expect(
            reader.problem
                == InputError(
                    InputPlace(file: path, line: line, field: field),
                    "text follows the closing quote, expected the delimiter"))
        #expect(try reader.next())
        #expect(reader.problem == nil)
        #expect((0..<reader.fieldCount).map { reader.text($0) } == ["3", "4"])
        #expect(try !reader.next())
    }

    @Test("lines that end in returns alone are refused", arguments: ["a,b\r1,2\r", "\u{feff}a,b\r1,2"])
    func linesThatEndInReturnsAloneAreRefused(text: String) {
        let error = #expect(throws: InputError.self) { try fields(of: text) }
        #expect(error?.place.line == 1)
        #expect(error?.problem == "lines end in CR alone, expected LF or CR LF")
    }

    @Test("a return within a line is text")
    func aReturnWithinALineIsText() throws {
        #expect(try fields(of: "a,b\n1,x\ry\n3,4\r5") == [["a", "b"], ["1", "x\ry"], ["3", "4\r5"]])
    }

    @Test("a quote that is never closed is told where it opens")
    func aQuoteThatIsNeverClosedIsToldWhereItOpens() throws {
        let error = #expect(throws: InputError.self) { try fields(of: "a,b\n1,2\n3,\"x\ny\nz") }
        #expect(error?.place.line == 3)
        #expect(error?.problem.contains("never closed") == true)
    }

    @Test(
        "a record may have as many bytes as the limit",
        arguments: [(0, false, true), (1, false, false), (0, true, true), (1, true, false)])
    func aRecordMayHaveAsManyBytesAsTheLimit(more: Int, hasLineEnd: Bool, isRead: Bool) throws {
        let folder = try TemporaryFolder()
        var bytes = Array("a\n".utf8)
        bytes += [UInt8](repeating: 120, count: RecordReader.recordLimit + more)
        if hasLineEnd { bytes += Array("\nb\n".utf8) }
        let path = try folder.write(bytes, as: "long.csv")
        if isRead {
            #expect(try records(path).map(\.line) == (hasLineEnd ? [1, 2, 3] : [1, 2]))
        } else {
            let error = #expect(throws: InputError.self) { try records(path) }
            #expect(error?.place == InputPlace(file: path, line: 2))
            #expect(error?.problem.contains("longer than 16777216 bytes") == true)
        }
    }

    @Test("a line without end is not read to its end")
    func aLineWithoutEndIsNotReadToItsEnd() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([UInt8](repeating: 120, count: 40 << 20), as: "endless.csv")
        let source = try ByteSource(path: path)
        var reader = RecordReader(source)
        #expect(throws: InputError.self) { try reader.next() }
        #expect(source.bytesRead < 20 << 20)
    }

    /// A text with everything that a border between two chunks could break.
    private static let tricky =
        "\u{feff}ä,\"b \"\"c\"\"\"\r\n\"x\r\ny,\",ü\r\n\r\n\"\",\"\"\"\"\n5\" €,\"\n\"\n\"a\"\"b\",🙂"

    @Test("a border between chunks changes nothing", arguments: 0...tricky.utf8.count)
    func aBorderBetweenChunksChangesNothing(split: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = Array(Self.tricky.utf8)
        let whole = try records(folder.write(bytes, as: "whole.csv"))
        #expect(whole.map(\.fields.count) == [2, 2, 2, 2, 2])
        // Each member of gzip is unpacked on its own: the first read ends at the split.
        let members = try folder.packed(bytes[..<split]) + folder.packed(bytes[split...])
        #expect(try records(folder.write(members, as: "split.csv.gz")) == whole)
    }

    @Test("chunks of single bytes change nothing")
    func chunksOfSingleBytesChangeNothing() throws {
        let folder = try TemporaryFolder()
        let bytes = Array(Self.tricky.utf8)
        let whole = try records(folder.write(bytes, as: "whole.csv"))
        let members = try bytes.flatMap { try folder.packed([$0]) }
        #expect(try records(folder.write(members, as: "bytes.csv.gz")) == whole)
    }

    @Test("a border between reads of a plain file changes nothing", arguments: 1...tricky.utf8.count)
    func aBorderBetweenReadsOfAPlainFileChangesNothing(place: Int) throws {
        let folder = try TemporaryFolder()
        let text = Array(Self.tricky.utf8.dropFirst(3))
        let whole = try records(folder.write(text, as: "whole.csv"), delimiter: .byte(44))
        // The first read takes 65,536 bytes.
        let filling = [UInt8](repeating: 120, count: (1 << 16) - 1 - min(place, text.count)) + [10]
        let path = try folder.write(filling + text, as: "filled.csv")
        #expect(try records(path, delimiter: .byte(44)).dropFirst().map(\.fields) == whole.map(\.fields))
    }
}
