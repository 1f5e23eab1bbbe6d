import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// The types of a table's columns, and the columns that are left out.
@Suite final class ColumnProfileTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    private func source(_ header: String, rows: Int = 60, _ row: (Int) -> String) throws -> TableSource {
        let text = ([header] + (0..<rows).map(row)).joined(separator: "\n") + "\n"
        var source = TableSource(try folder.write(text, as: "table.csv"), observer: observer)
        source.target = "left"
        return source
    }

    private func mixed() throws -> TableSource {
        try source("row,code,customer_id,amount,plan,name,joined,same,empty,left") { row in
            [
                "\(row + 1)", "\(row * row)", "\(row * row + 7)", "\(row * row).5", "p\(row % 3)", "n\(row)",
                "\(row % 28 + 1)/11/2024", "x", "", row % 3 == 0 ? "yes" : "no",
            ].joined(separator: ",")
        }
    }

    @Test("each column has a type, and those that name rows are left out")
    func kinds() async throws {
        let profile = try await TableProfile.read(try mixed(), threads: 1)
        #expect(
            profile.columns.map(\.kind) == [
                .id, .id, .id, .number, .category, .id, .date, .constant, .constant, .category,
            ])
        #expect(
            profile.columns.map(\.role) == [
                .left, .left, .left, .input, .input, .left, .input, .input, .input, .named,
            ])
        #expect(profile.columns[6].example == "2024-11-01" && profile.columns[3].different == 60)
        #expect(profile.isComplete && profile.target?.positive == "yes")
        let input = try await TrainingInput.read(try mixed(), threads: 1)
        #expect(input.data.inputs.map(\.name) == ["amount", "plan", "joined", "same", "empty"])
        #expect(observer.notes.last?.contains("row, code, customer_id, name have a value of its own") == true)
        #expect(observer.notes.last?.contains("--keep row") == true)
    }

    @Test("columns that are kept, and few rows, are inputs")
    func kept() async throws {
        var kept = try mixed()
        (kept.keep, kept.categorical) = (["row"], ["name"])
        let input = try await TrainingInput.read(kept, threads: 1)
        #expect(
            input.data.inputs.map(\.name) == ["row", "amount", "plan", "name", "joined", "same", "empty"])
        let few = try source("x,left", rows: 40) { "\($0),\($0 % 2)" }
        #expect(try await TrainingInput.read(few, threads: 1).data.inputs.map(\.name) == ["x"])
    }

    @Test("levels in few rows are counted")
    func rare() async throws {
        let profile = try await TableProfile.read(
            try source("x,left") { "\($0 < 50 ? "a" : "b\($0 / 3)"),\($0 % 2)" }, threads: 1)
        #expect(profile.columns[0].different == 5)
        #expect(profile.columns[0].rare == (levels: 4, rows: 10))
    }

    private func days(_ input: TrainingInput) throws -> [Double] {
        if case .numbers(let days) = input.data.columns[2] { return days }
        throw NoNumbers()
    }

    private struct NoNumbers: Error {}

    @Test("days are counted before the latest date, or the moment that is given")
    func days() async throws {
        let input = try await TrainingInput.read(try mixed(), threads: 1)
        #expect(try days(input)[0] == 27)
        #expect(try days(input)[27] == 0)
        var moved = try mixed()
        moved.datesBefore = TimeParser().parse("2024-12-01")?.timestamp
        let later = try await TrainingInput.read(moved, threads: 1)
        #expect(try days(later)[0] == 30)
        #expect(try days(later)[27] == 3)
        #expect(later.data.inputs[2].notation != input.data.inputs[2].notation)
    }

    @Test(
        "the value that counts as 1 is found among the usual ones",
        arguments: [
            (["1", "0"], "1"), (["True", "False"], "True"), (["no", "YES"], "YES"), (["N", "Y"], "Y"),
            (["Existing Customer", "Attrited Customer"], "Attrited Customer"),
            (["stayed", "Churned"], "Churned"),
            (["1.0", "0.0"], "1.0"),
        ])
    func usual(values: [String], positive: String) async throws {
        let table = try source("x,left") { "\($0 % 7),\(values[$0 % 2])" }
        let target = try await TrainingInput.read(table, threads: 1).target
        #expect(target?.positive == positive && target?.positives == 30)
    }

    @Test("unusual values are shown, with the flags that help")
    func unusual() async throws {
        for values in [["A", "B"], ["1", "2"], ["yes", "no", "maybe"], ["churned", "lost"]] {
            let table = try source("x,left") { "\($0 % 7),\(values[$0 % values.count])" }
            let error = await #expect(throws: InputError.self) {
                _ = try await TrainingInput.read(table, threads: 1)
            }
            #expect(error?.problem.contains("\(values[0].quoted) (\(60 / values.count) rows)") == true)
            #expect(error?.problem.contains("--positive, or give --target-filled") == true)
        }
    }

    @Test("a target may be 1 where there is any value")
    func filled() async throws {
        var table = try source("x,left") { "\($0 % 7),\($0 % 4 == 0 ? "2024-01-0\($0 % 9 + 1)" : "")" }
        table.positive = ""
        let input = try await TrainingInput.read(table, threads: 1)
        #expect(input.target?.positives == 15 && input.data.labels.count { $0 } == 15)
        #expect(input.target?.text == "left: 1 is any value (15 rows); 0 is none (45 rows)")
        #expect(input.source == .table(target: "left", positive: ""))
    }
}
