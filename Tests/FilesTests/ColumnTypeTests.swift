import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

@Suite struct ColumnTypeTests {
    private func read(
        _ text: String, missing: VerbatimSet = EventSchema.usualMissing, textColumns: VerbatimSet = [],
        limit: Int = 0
    ) async throws -> FlatTable {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, as: "table.csv")
        let reader = TableReader(missing: missing, rejection: try RowRejection(limit: limit), threads: 2)
        return try await reader.table(path, columns: textColumns.map { TableColumn($0, .texts) })
    }

    /// A column's values, `·` for missing.
    private func values(_ table: FlatTable, _ name: String) throws -> [String] {
        switch try table.column(name, flag: "--target").values {
        case .numbers(let numbers): numbers.map { $0.isNaN ? "·" : "\($0)" }
        case .texts(let dictionary, let codes): codes.map { $0 == 0 ? "·" : dictionary[Int($0)] }
        }
    }

    private func isNumber(_ table: FlatTable, _ name: String) throws -> Bool {
        if case .numbers = try table.column(name, flag: "--target").values { true } else { false }
    }

    @Test("columns hold numbers or texts")
    func columnsHoldNumbersOrTexts() async throws {
        let table = try await read("id,age,city\na1,30,Delft\na2,-1.5e2,\na3,,Delft\n")
        #expect(table.count == 3)
        #expect(table.columns.map(\.name) == ["id", "age", "city"])
        #expect(table.lines == [2, 3, 4])
        #expect(try isNumber(table, "age"))
        #expect(try values(table, "age") == ["30.0", "-150.0", "·"])
        #expect(try !isNumber(table, "city"))
        #expect(try values(table, "city") == ["Delft", "·", "Delft"])
    }

    @Test("missing texts are missing in both")
    func missingTextsAreMissingInBoth() async throws {
        let table = try await read("a,b\nNA,NA\n1,x\nNaN,NaN\n , \n?,?\n", missing: ["NA", "NaN", "?"])
        #expect(try isNumber(table, "a"))
        #expect(try values(table, "a") == ["·", "1.0", "·", "·", "·"])
        #expect(try values(table, "b") == ["·", "x", "·", "·", "·"])
    }

    @Test("a text within the sample makes a column of texts")
    func aTextWithinTheSampleMakesAColumnOfTexts() async throws {
        let table = try await read("a,b\n007,1\n,1\n1.50,1\nx,1\n2,1\n")
        #expect(try values(table, "a") == ["007", "·", "1.50", "x", "2"])
    }

    @Test("columns can be texts by order")
    func columnsCanBeTextsByOrder() async throws {
        let table = try await read("a\n007\n7\n", textColumns: ["a"])
        #expect(try values(table, "a") == ["007", "7"])
        #expect(try table.column("a", flag: "--id").texts == ["007", "7"])
    }

    @Test("a text after the sample is a bad row")
    func aTextAfterTheSampleIsABadRow() async throws {
        let numbers = String(repeating: "1,x\n", count: TableReader.sampleSize)
        let error = await #expect(throws: TooManyBadRows.self) { try await read("a,b\n" + numbers + "y,x\n") }
        #expect(error?.last.place.line == TableReader.sampleSize + 2)
        #expect(error?.last.place.field == "a")
        #expect(error?.last.problem.contains("--categorical a") == true)
        // A tolerated one leaves no value in any column.
        let table = try await read("a,b\n" + numbers + "y,z\n2,w\n", limit: 1)
        #expect(table.count == TableReader.sampleSize + 1)
        for column in table.columns { #expect(column.texts.count == table.count) }
        #expect(try values(table, "b").last == "w")
        #expect(try table.column("b", flag: "--id").texts.contains("z") == false)
    }

    @Test("the last row of the sample decides too")
    func theLastRowOfTheSampleDecidesToo() async throws {
        let texts = String(repeating: "y,x\n", count: TableReader.sampleSize / 10)
        let numbers = String(repeating: "1,x\n", count: TableReader.sampleSize * 9 / 10 - 1)
        let table = try await read("a,b\n" + texts + numbers + "y,x\n2,x\n")
        #expect(try values(table, "a").suffix(3) == ["1", "y", "2"])
        let error = await #expect(throws: TooManyBadRows.self) {
            try await read("a,b\n" + texts + numbers + "2,x\n")
        }
        #expect(error?.last.place.line == 2)
        #expect(error?.last.problem.contains("as 9000 of the first 10000 values are") == true)
    }

    /// A table with a column of the given numbers of numbers, missing values and texts.
    private func mixture(numbers: Int, missing: Int, texts: Int) -> String {
        let rows =
            (0..<numbers).map { "\($0).5,x" } + (0..<missing).map { _ in " ,x" }
            + (0..<texts).map { "word\($0),x" }
        return "a,b\n" + rows.joined(separator: "\n") + "\n"
    }

    @Test(
        "nine of ten numbers make a column of numbers",
        arguments: [(10, 0, 1), (90, 0, 10), (18, 50, 2), (10, 1, 0), (1, 5, 0), (9, 0, 1)])
    func nineOfTenNumbersMakeAColumnOfNumbers(numbers: Int, missing: Int, texts: Int) async throws {
        let text = mixture(numbers: numbers, missing: missing, texts: texts)
        guard texts > 0, numbers >= 10 else {
            #expect(try await isNumber(read(text), "a") == (texts == 0))
            return
        }
        let error = await #expect(throws: TooManyBadRows.self) { try await read(text) }
        #expect(error?.last.place.line == numbers + missing + 2)
        #expect(error?.last.place.field == "a")
        #expect(
            error?.last.problem
                == "found \"word0\", expected a number as \(numbers) of the first "
                + "\(numbers + texts) values are; does it mean missing (--missing), "
                + "or are these texts (--categorical a)?")
        // Tolerated rows are left out; named as texts or as missing, they stay.
        let tolerated = try await read(text, limit: texts)
        #expect(try isNumber(tolerated, "a"))
        #expect(tolerated.count == numbers + missing)
        #expect(try await !isNumber(read(text, textColumns: ["a"]), "a"))
        let words = VerbatimSet((0..<texts).map { "word\($0)" })
        let named = try await read(text, missing: words)
        #expect(try isNumber(named, "a"))
        #expect(named.count == numbers + missing + texts)
    }

    @Test(
        "fewer numbers leave a column of texts",
        arguments: [(89, 0, 11), (17, 50, 2), (9, 0, 1), (1, 0, 9), (5, 0, 5)])
    func fewerNumbersLeaveAColumnOfTexts(numbers: Int, missing: Int, texts: Int) async throws {
        let table = try await read(mixture(numbers: numbers, missing: missing, texts: texts))
        #expect(try !isNumber(table, "a"))
        #expect(try values(table, "a").first == "0.5")
        #expect(table.count == numbers + missing + texts)
    }

    @Test("bad rows come in the order of the file")
    func badRowsComeInTheOrderOfTheFile() async throws {
        let folder = try TemporaryFolder()
        let numbers = String(repeating: "1,x\n", count: 20)
        let path = try folder.write("a,b\n" + numbers + "y,x\n1\nz,x\n", as: "table.csv")
        let errors = Errors()
        let rejection = try RowRejection(limit: 3) { errors.all.append($0) }
        #expect(try await TableReader(rejection: rejection, threads: 2).table(path).count == 20)
        #expect(errors.all.map(\.place.line) == [22, 23, 24])
    }

    private final class Errors { var all: [InputError] = [] }

    @Test("a column that is missing all through the sample may become texts")
    func aColumnThatIsMissingAllThroughTheSampleMayBecomeTexts() async throws {
        let blanks = String(repeating: ",1\n", count: TableReader.sampleSize + 5)
        let table = try await read("a,b\n" + blanks + "x,1\n,1\n")
        #expect(try values(table, "a").suffix(3) == ["·", "x", "·"])
        #expect(try values(table, "a").count == table.count)
    }

    @Test("a number that is too large is a bad row", arguments: ["1e400", "-1e400", "1.1e100", "-2e100"])
    func aNumberThatIsTooLargeIsABadRow(value: String) async throws {
        let text = "a,b\n1,2\n3,\(value)\n"
        let error = await #expect(throws: TooManyBadRows.self) { try await read(text) }
        #expect(error?.last.place.line == 3)
        #expect(error?.last.place.field == "b")
        #expect(
            error?.last.problem
                == "found \"\(value)\", expected a finite number of at most 1e+100 in magnitude")
        #expect(try await values(read(text, textColumns: ["b"]), "b") == ["2", value])
    }

    @Test(
        "numbers are decimal within the limit",
        arguments: [("1e100", 1e100), ("-1E+100", -1e100), ("1e-400", 0), ("+.5", 0.5), ("5.", 5)])
    func numbersAreDecimalWithinTheLimit(text: String, number: Double) async throws {
        #expect(try await values(read("a,b\nx,1\ny,\(text)\n"), "b") == ["1.0", "\(number)"])
    }

    @Test(
        "other spellings are texts",
        arguments: ["nan", "0x1F", "0x1p3", "1_000", "1e", ".", "1,5,0", "1 00", "٣"])
    func otherSpellingsAreTexts(value: String) async throws {
        #expect(try await values(read("a,b\nx,1\ny,\"\(value)\"\n"), "b") == ["1", value])
        let numbers = String(repeating: "x,1\n", count: 10)
        let error = await #expect(throws: TooManyBadRows.self) {
            try await read("a,b\n" + numbers + "y,\"\(value)\"\n")
        }
        #expect(error?.last.problem.hasPrefix("found \"\(value)\", expected a number") == true)
    }

    @Test("infinities among numbers are bad rows", arguments: ["inf", "-Infinity", "+INF"])
    func infinitiesAmongNumbersAreBadRows(value: String) async throws {
        let error = await #expect(throws: TooManyBadRows.self) { try await read("a,b\nx,1\ny,\(value)\n") }
        #expect(error?.last.place.line == 3)
        #expect(try await values(read("a,b\nx,\(value)\ny,word\n"), "b") == [value, "word"])
    }

    @Test("a row of another length is a bad row", arguments: ["1\n", "1,2,3\n"])
    func aRowOfAnotherLengthIsABadRow(row: String) async throws {
        let error = await #expect(throws: TooManyBadRows.self) { try await read("a,b\n1,2\n" + row) }
        #expect(error?.last.place.line == 3)
        #expect(error?.last.problem.hasSuffix("the header has 2") == true)
        #expect(try await read("a,b\n1,2\n" + row, limit: 1).count == 1)
    }

    @Test("a name that occurs twice is refused")
    func aNameThatOccursTwiceIsRefused() async {
        let error = await #expect(throws: InputError.self) { try await read("a,b,a\n1,2,3\n") }
        #expect(error?.place.field == "column 3")
        #expect(error?.problem == "the name \"a\" occurs twice")
    }

    @Test("a table without rows is refused", arguments: ["", "\n", "a,b\n", "a,b"])
    func aTableWithoutRowsIsRefused(text: String) async {
        let error = await #expect(throws: InputError.self) { try await read(text) }
        #expect(error?.place.file.hasSuffix("/table.csv") == true)
    }

    @Test("an unknown column is answered with the columns there are")
    func anUnknownColumnIsAnsweredWithTheColumnsThereAre() async throws {
        let table = try await read("a,b\n1,2\n")
        let error = #expect(throws: InputError.self) { try table.column("A", flag: "--target") }
        #expect(error?.problem == "there is no such column; --target must be one of a, b")
    }

    @Test("bytes that are no text are a bad row")
    func bytesThatAreNoTextAreABadRow() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([97, 44, 98, 10, 49, 44, 0xff, 10], as: "table.csv")
        let error = await #expect(throws: TooManyBadRows.self) {
            try await TableReader(rejection: RowRejection(), threads: 2).table(path)
        }
        #expect(error?.last == InputError(InputPlace(file: path, line: 2, field: "b"), "is not valid UTF-8"))
    }

    @Test("lines are those of the file")
    func linesAreThoseOfTheFile() async throws {
        #expect(try await read("a,b\n\n1,\"x\ny\"\n\n2,z\n").lines == [3, 6])
    }
}
