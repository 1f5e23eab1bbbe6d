import LimpetDocuments
import LimpetEvents
import Testing

@Suite struct InputErrorTests {
    @Test("an error names file, line and column before the problem")
    func printing() {
        let place = InputPlace(file: "a.csv", line: 7, field: "time")
        #expect(InputError(place, "is late").description == "a.csv:7: time: is late")
        #expect(InputPlace(file: "a.csv").description == "a.csv")
        #expect(InputPlace(file: "-", line: 1).description == "-:1")
    }

    @Test("quoted text is short and free of control characters")
    func quoting() {
        #expect("plain é".quoted == "\"plain é\"")
        #expect("a\u{1b}[31m\n\"".quoted == "\"a\\u{1B}[31m\\n\\\"\"")
        let long = String(repeating: "x", count: 61).quoted
        #expect(long == "\"" + String(repeating: "x", count: 60) + "…\"")
        #expect(String(repeating: "x", count: 60).quoted.count == 62)
    }
}
