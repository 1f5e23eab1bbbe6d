import LimpetDocuments
import LimpetDecisions
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct YAMLDocumentTests {
    private func json(_ text: String) throws -> JSON {
        try YAMLDocument(text: text, file: "a.yaml").root.value
    }

    @Test(
        "scalars are resolved as the core schema has it",
        arguments: [
            ("1", JSON.number("1")), ("-17", .number("-17")), ("0", .number("0")), ("1.5", .number("1.5")),
            ("1e-05", .number("1e-05")), ("2.5e3", .number("2.5e3")), ("true", .boolean(true)),
            ("False", .boolean(false)), ("null", .null), ("~", .null), ("", .null), ("text", .string("text")),
            ("\"1\"", .string("1")), ("'true'", .string("true")), ("\"\"", .string("")),
            ("yes", .string("yes")),
            ("No", .string("No")), ("on", .string("on")), ("21:00", .string("21:00")),
            ("30d", .string("30d")),
            ("2025-01-31", .string("2025-01-31")), ("1_000", .string("1_000")), ("a: b", nil),
            (".inf", .string(".inf")), ("12345678901234567890123", .number("12345678901234567890123")),
            ("!!str 12", .string("12")),
        ])
    func scalarsAreResolvedAsTheCoreSchemaHasIt(text: String, expected: JSON?) throws {
        guard let expected else {
            #expect(throws: InputError.self) { try json("key: \(text)") }
            return
        }
        #expect(try json("key: \(text)")["key"] == expected)
        #expect(try json("- \(text)") == .array([expected]))
    }

    @Test(
        "numbers keep their text and their value",
        arguments: [
            ("19.90", 19.9), ("05.50", 5.5), ("01234", 1234), ("+5", 5), (".5", 0.5), ("5.", 5), ("-0", 0),
            ("1E+2", 100),
        ])
    func numbersKeepTheirTextAndTheirValue(text: String, value: Double) throws {
        let node = try #require(try YAMLDocument(text: "key: \(text)", file: "a.yaml").root.optional("key"))
        #expect(node.value == .number(text))
        #expect(try node.double() == value)
    }

    @Test(
        "what is no decimal number is a text",
        arguments: ["0x1F", "0o17", "1e", "e5", ".", "+", "1.2.3", "1e5.5", "nan", "Infinity", "1,5"])
    func whatIsNoDecimalNumberIsAText(text: String) throws {
        #expect(try json("key: \(text)")["key"] == .string(text))
    }

    @Test("whole numbers may have a sign or zeros in front")
    func wholeNumbersMayHaveASignOrZerosInFront() throws {
        let root = try YAMLDocument(text: "a: 012\nb: +7\nc: 1.0\n", file: "a.yaml").root
        #expect(try root.required("a").integer(in: 0...100) == 12)
        #expect(try root.required("b").integer(in: 0...100) == 7)
        #expect(throws: DocumentError.self) { try root.required("c").integer(in: 0...100) }
    }

    @Test("properties are compared with numbers as they are written")
    func propertiesAreComparedWithNumbersAsTheyAreWritten() throws {
        let text = "property: {event: buy, name: price, is: [05.50, 01234, 19.90]}\n"
        let document = try YAMLDocument(text: text, file: "p.yaml")
        let condition = try document.read { node throws(DocumentError) in try Condition(node) }
        #expect(condition.document["property"]?["is"] == json(of: ["05.50", "01234", "19.90"]))
    }

    private func json(of texts: [String]) -> JSON { .array(texts.map { .string($0) }) }

    /// Lists of aliases of lists of aliases: 10 to the power of `levels` values in a few lines.
    private func bomb(levels: Int) -> String {
        let names = "abcdefghijklmnop".prefix(levels).map(String.init)
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (name, earlier) in zip(names.dropFirst(), names) {
            text += "\(name): &\(name) [\(repeatElement("*\(earlier)", count: 10).joined(separator: ", "))]\n"
        }
        return text
    }

    @Test("aliases that multiply are refused at once")
    func aliasesThatMultiplyAreRefusedAtOnce() throws {
        var error: InputError?
        let duration = processorTime {
            error = #expect(throws: InputError.self) { try json(bomb(levels: 9)) }
        }
        #expect(error?.place.file == "a.yaml")
        #expect(error?.problem == "more than 100000 values, with each alias written out")
        #expect(duration < .seconds(1))
    }

    @Test("aliases are written out within the limit")
    func aliasesAreWrittenOutWithinTheLimit() throws {
        let value = try json(bomb(levels: 3))
        #expect(value["c"]?.array?.count == 10)
        #expect(value["c"]?.array?.last?.array?.last == value["a"])
    }

    @Test("levels are bounded")
    func levelsAreBounded() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + "1" + String(repeating: "]", count: levels)
        }
        #expect(throws: Never.self) { try json(nested(64)) }
        let error = #expect(throws: InputError.self) { try json(nested(65)) }
        #expect(error?.problem == "more than 64 levels within each other")
    }

    @Test("long names above many values cost no more than their text")
    func longNamesAboveManyValuesCostNoMoreThanTheirText() throws {
        let name = String(repeating: "x", count: 1_000_000)
        let list = repeatElement("1", count: 10_000).joined(separator: ", ")
        var count: Int?
        let duration = try processorTime {
            count = try json("? \(name)\n: [\(list)]\n")[name]?.array?.count
        }
        #expect(count == 10_000)
        #expect(duration < .seconds(20))
    }

    @Test(
        "lines are found by path",
        arguments: [
            ("a.b", 3), ("a.b.c", 3), ("a", 1), ("a.x", 1), ("list[1].d", 6), ("list[0]", 5),
            ("list[7].d", 5),
            ("none", 1), ("list[x]", 5),
        ])
    func linesAreFoundByPath(path: String, line: Int) throws {
        let text = "a: {e: 1}\na.b:\n  c: 1\nlist:\n  - d: 1\n  - d: 2\n"
        let document = try YAMLDocument(text: text, file: "a.yaml")
        let error = #expect(throws: InputError.self) {
            try document.read { _ throws(DocumentError) in
                throw DocumentError(path: path, problem: "is wrong")
            }
        }
        #expect(error?.place.line == line)
    }

    private static let strings = [
        "", " ", "a", "purchase", "yes", "No", "on", "y", "true", "null", "~", "1d", "30d", "007", "7", "1.5",
        "1e5", "0x1F", ".inf", "nan", "a: b", "a:b", "- a", "#a", "a #b", "{a}", "[a", "a, b", "*", "page_*",
        "&a", "!a", "|", ">", "%", "@a", "`a", "?", "? a", "-", "--- a", "...", "'", "\"", "\\", "a\"b",
        "two\nlines", "tab\there", "\r\n", "ä", "🙂", "\u{0}", "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}",
        "a\u{feff}", "\u{fffe}", "\u{1b}[0m", "2025-01-31", "21:00", "=", "<<", "Europe/Amsterdam", "/home",
        "1_000", "+1", "-1", "e5", "_x", "x y",
    ]

    @Test("strings read back as they were", arguments: strings)
    func stringsReadBackAsTheyWere(text: String) throws {
        let inline = JSON.object(["a": .string(text), "b": .array([.string(text), .null])])
        let block = JSON.object(["a": .array([.object(["b": .object(["c": .string(text)])])])])
        for value in [.string(text), .array([.string(text)]), inline, block] {
            #expect(try json(value.yaml) == value, "\(value.yaml)")
        }
        let named = JSON.object([JSONMember(name: text, value: .number(1))])
        let outer = JSON.object(["a": named, "b": .object(["c": named])])
        for value in [named, outer] { #expect(try json(value.yaml) == value, "\(value.yaml)") }
    }

    @Test(
        "values read back as they were",
        arguments: [
            JSON.null, .boolean(true), .number(0), .number(-5), .number(1.5), .number(1e-5), .number(1e22),
            .number(0.1), .array([]), .object([JSONMember]()), .array([.array([]), .object([JSONMember]())]),
            .array([.array([.number(1), .number(2)]), .array([.array([.number(3)])])]),
            .object(["a": .array([.object(["b": .array([.object(["c": .null])])])])]),
            .object(["a": .object(["b": .object(["c": .object(["d": .boolean(false)])])])]),
            .array([.object(["a": .object(["b": .number(1)]), "c": .number(2)]), .number(3)]),
        ])
    func valuesReadBackAsTheyWere(value: JSON) throws {
        #expect(try json(value.yaml) == value, "\(value.yaml)")
    }

    @Test("feature sets read back as they were")
    func featureSetsReadBackAsTheyWere() throws {
        let set = FeatureSet(
            timeZone: "Europe/Amsterdam", systemEvents: ["offer: shown", "yes"],
            decimals: ["value": 2, "7": 0],
            features: [
                Feature(kind: .count, events: EventPattern(names: ["page", "on", "x,y"]), window: .days(30)),
                Feature(name: "007", kind: .sum, window: .days(7), property: "value"),
                Feature(name: "no", kind: .recency),
                Feature(kind: .trend, window: .days(7), against: .days(28)),
                Feature(
                    kind: .difference, events: EventPattern(names: ["a"]),
                    other: EventPattern(names: ["b", "~"])),
            ])
        let document = try YAMLDocument(text: set.document.yaml, file: "features.yaml")
        let again = try document.read { node throws(DocumentError) in try FeatureSet(node) }
        #expect(again == set)
    }

    private static let features = """
        # A feature set.
        version: 1
        timeZone: UTC
        features:
          - kind: recency

          - {kind: count, events: [page], window: 30d}
          - kind: sum
            of: value
            window: soon
        """

    @Test(
        "what is wrong is told with its line",
        arguments: [
            ("window: soon", "window: 7d", nil, nil),
            ("", "", 10, "features[2].window"),
            ("kind: recency", "kind: recentcy", 5, "features[0].kind"),
            ("window: 30d", "windo: 30d", 7, "features[1].windo"),
            ("version: 1", "version: 2", 2, "version"),
            ("version: 1\n", "", 2, "version"),
            ("    of: value\n", "", 9, "features[2].window"),
        ])
    func whatIsWrongIsToldWithItsLine(old: String, new: String, line: Int?, path: String?) throws {
        let text = old.isEmpty ? Self.features : Self.features.replacing(old, with: new)
        let document = try YAMLDocument(text: text, file: "f.yaml")
        guard let line else {
            _ = try document.read { node throws(DocumentError) in try FeatureSet(node) }
            return
        }
        let error = #expect(throws: InputError.self) {
            try document.read { node throws(DocumentError) in try FeatureSet(node) }
        }
        #expect(error?.place == InputPlace(file: "f.yaml", line: line, field: path))
    }

    @Test(
        "text that is no YAML is told with its line",
        arguments: [
            ("a: [1, 2\nb: 3\n", 2), ("a: 1\n\tb: 2\n", 2), ("a: 1\n b: 2\n", 2), ("a: \"x\n\n", 3),
            ("a: 1\nb: *none\n", 2), ("a: 1\nb: 2\na: 3\n", 1),
        ])
    func textThatIsNoYAMLIsToldWithItsLine(text: String, line: Int) {
        let error = #expect(throws: InputError.self) { try json(text) }
        #expect(error?.place.file == "a.yaml")
        #expect(error?.place.line == line, "\(error?.description ?? "")")
    }

    @Test("an empty document is refused", arguments: ["", "\n\n", "# only a comment\n"])
    func anEmptyDocumentIsRefused(text: String) {
        let error = #expect(throws: InputError.self) { try json(text) }
        #expect(error == InputError(InputPlace(file: "a.yaml"), "is empty"))
    }

    @Test("a file that is no text is refused")
    func aFileThatIsNoTextIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([97, 58, 32, 0xff], as: "a.yaml")
        let error = #expect(throws: InputError.self) { try YAMLDocument(path: path) }
        #expect(error == InputError(InputPlace(file: path), "is not valid UTF-8"))
        #expect(throws: FileError.self) { try YAMLDocument(path: folder.file("none.yaml")) }
    }
}
