import LimpetDocuments
import LimpetEvents
import Testing

@Suite struct EventLogTests {
    private func log(_ values: [String?]) throws -> EventLog {
        var builder = EventLogBuilder(textColumns: ["value"])
        for (index, value) in values.enumerated() {
            try builder.append(
                Event(
                    user: "a", name: "e", time: Timestamp(milliseconds: Int64(index)),
                    properties: value.map { ["value": $0] } ?? [:]))
        }
        return builder.finish()
    }

    @Test("a text column can be read as amounts afterwards, the same as at once")
    func readingAmounts() throws {
        let log = try log(["12.5", nil, "-3", "12.5", ""]).readingAmounts(["value": 1, "absent": 2])
        let column = try #require(log.numbers["value"])
        #expect(column.decimals == 1)
        #expect(column.units == [125, NumberColumn.missing, -30, 125, NumberColumn.missing])
        #expect(log.numbers["absent"] == nil)
        #expect(log.texts["value"] != nil && log.times == [0, 1, 2, 3, 4])
    }

    @Test("amounts are read anew when other decimals are requested")
    func otherDecimals() throws {
        let log = try log(["1.25"]).readingAmounts(["value": 2]).readingAmounts(["value": 1])
        #expect(log.numbers["value"]?.units == [12])
    }

    @Test("the first text that is no amount is named")
    func notAnAmount() throws {
        let log = try log(["1", "one", "two"])
        #expect(throws: EventRowError.notAnAmount(property: "value", text: "one", decimals: 2)) {
            try log.readingAmounts(["value": 2])
        }
    }
}
