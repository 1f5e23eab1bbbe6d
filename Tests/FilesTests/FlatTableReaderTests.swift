import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

@Suite struct FlatTableReaderTests {
    private func read(
        _ text: String, missing: Set<String> = EventSchema.usualMissing, textColumns: Set<String> = [],
        limit: Int = 0
    ) throws -> FlatTable {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, as: "table.csv")
        return try FlatTableReader(
            missing: missing, textColumns: textColumns, rejection: RowRejection(limit: limit)
        ).read(path)
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

    @Test func columnsHoldNumbersOrTexts() throws {
        let table = try read("id,age,city\na1,30,Delft\na2,-1.5e2,\na3,,Delft\n")
        #expect(table.count == 3)
        #expect(table.columns.map(\.name) == ["id", "age", "city"])
        #expect(table.lines == [2, 3, 4])
        #expect(try isNumber(table, "age"))
        #expect(try values(table, "age") == ["30.0", "-150.0", "·"])
        #expect(try !isNumber(table, "city"))
        #expect(try values(table, "city") == ["Delft", "·", "Delft"])
    }

    @Test func missingTextsAreMissingInBoth() throws {
        let table = try read("a,b\nNA,NA\n1,x\nNaN,NaN\n , \n?,?\n", missing: ["NA", "NaN", "?"])
        #expect(try isNumber(table, "a"))
        #expect(try values(table, "a") == ["·", "1.0", "·", "·", "·"])
        #expect(try values(table, "b") == ["·", "x", "·", "·", "·"])
    }

    @Test func aTextWithinTheSampleMakesAColumnOfTexts() throws {
        let table = try read("a,b\n007,1\n,1\n1.50,1\nx,1\n2,1\n")
        #expect(try values(table, "a") == ["007", "·", "1.50", "x", "2"])
    }

    @Test func columnsCanBeTextsByOrder() throws {
        let table = try read("a\n007\n7\n", textColumns: ["a"])
        #expect(try values(table, "a") == ["007", "7"])
        #expect(try table.column("a", flag: "--id").texts == ["007", "7"])
    }

    @Test func aTextBehindTheSampleIsABadRow() throws {
        let numbers = String(repeating: "1,x\n", count: FlatTableReader.sampleSize)
        let error = #expect(throws: TooManyBadRows.self) { try read("a,b\n" + numbers + "y,x\n") }
        #expect(error?.last.place.line == FlatTableReader.sampleSize + 2)
        #expect(error?.last.place.field == "a")
        #expect(error?.last.problem.contains("--categorical a") == true)
        // Borne, it leaves nothing behind in any column.
        let table = try read("a,b\n" + numbers + "y,z\n2,w\n", limit: 1)
        #expect(table.count == FlatTableReader.sampleSize + 1)
        for column in table.columns { #expect(column.texts.count == table.count) }
        #expect(try values(table, "b").last == "w")
        #expect(try table.column("b", flag: "--id").texts.contains("z") == false)
    }

    @Test func theLastRowOfTheSampleMayStillBeAText() throws {
        let numbers = String(repeating: "1,x\n", count: FlatTableReader.sampleSize - 1)
        let table = try read("a,b\n" + numbers + "y,x\n2,x\n")
        #expect(try values(table, "a").suffix(3) == ["1", "y", "2"])
    }

    @Test func aColumnThatIsMissingAllThroughTheSampleMayBecomeTexts() throws {
        let blanks = String(repeating: ",1\n", count: FlatTableReader.sampleSize + 5)
        let table = try read("a,b\n" + blanks + "x,1\n,1\n")
        #expect(try values(table, "a").suffix(3) == ["·", "x", "·"])
        #expect(try values(table, "a").count == table.count)
    }

    @Test(arguments: ["inf", "-Infinity", "1e999", "nan"])
    func aValueThatIsNotFiniteIsABadRow(value: String) {
        let error = #expect(throws: TooManyBadRows.self) { try read("a,b\n1,2\n3,\(value)\n") }
        #expect(error?.last.place.line == 3)
        #expect(error?.last.place.field == "b")
        #expect(error?.last.problem == "found \"\(value)\", expected a finite number")
    }

    @Test(arguments: ["1\n", "1,2,3\n"])
    func aRowOfAnotherLengthIsABadRow(row: String) throws {
        let error = #expect(throws: TooManyBadRows.self) { try read("a,b\n1,2\n" + row) }
        #expect(error?.last.place.line == 3)
        #expect(error?.last.problem.hasSuffix("the header has 2") == true)
        #expect(try read("a,b\n1,2\n" + row, limit: 1).count == 1)
    }

    @Test func aNameThatOccursTwiceIsRefused() {
        let error = #expect(throws: InputError.self) { try read("a,b,a\n1,2,3\n") }
        #expect(error?.place.field == "column 3")
        #expect(error?.problem == "the name \"a\" occurs twice")
    }

    @Test(arguments: ["", "\n", "a,b\n", "a,b"])
    func aTableWithoutRowsIsRefused(text: String) {
        let error = #expect(throws: InputError.self) { try read(text) }
        #expect(error?.place.file.hasSuffix("/table.csv") == true)
    }

    @Test func anUnknownColumnIsAnsweredWithTheColumnsThereAre() throws {
        let table = try read("a,b\n1,2\n")
        let error = #expect(throws: InputError.self) { try table.column("A", flag: "--target") }
        #expect(error?.problem == "there is no such column; --target must be one of a, b")
    }

    @Test func bytesThatAreNoTextAreABadRow() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([97, 44, 98, 10, 49, 44, 0xff, 10], as: "table.csv")
        let error = #expect(throws: TooManyBadRows.self) {
            try FlatTableReader(rejection: RowRejection()).read(path)
        }
        #expect(error?.last == InputError(InputPlace(file: path, line: 2, field: "b"), "is not valid UTF-8"))
    }

    @Test func linesAreThoseOfTheFile() throws {
        #expect(try read("a,b\n\n1,\"x\ny\"\n\n2,z\n").lines == [3, 6])
    }
}
