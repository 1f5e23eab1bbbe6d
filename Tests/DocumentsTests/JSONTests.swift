import LimpetDocuments
import LimpetTestSupport
import Testing

@Suite struct JSONTests {
    private func read(_ text: String) throws -> JSON { try JSONReader.read(Array(text.utf8)[...]) }

    @Test(
        "values are read as they stand",
        arguments: [
            ("null", .null), (" true ", .boolean(true)), ("\n\tfalse\r", .boolean(false)),
            ("0", .number("0")),
            ("-0", .number("-0")), ("-12.50", .number("-12.50")), ("1e5", .number("1e5")),
            ("1E-5", .number("1E-5")), ("0.1e+10", .number("0.1e+10")), ("\"\"", .string("")),
            ("[]", .array([])),
            ("[1, [2]]", .array([.number("1"), .array([.number("2")])])), ("{}", .object([:])),
            ("{\"a\" : {\"b\": null}}", .object(["a": .object(["b": .null])])),
            ("123456789012345678901234567890", .number("123456789012345678901234567890")),
        ] as [(String, JSON)])
    func reading(text: String, value: JSON) throws {
        #expect(try read(text) == value)
    }

    @Test(
        "escapes are read",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0041\u00e9\u00E9""#, "Aéé"),
            (#""\ud83d\ude00""#, "\u{1F600}"), (#""\uFFFF""#, "\u{FFFF}"), (#""\u0000""#, "\u{0}"),
            (#""é漢""#, "é漢"),
        ])
    func escapes(text: String, value: String) throws {
        #expect(try read(text) == .string(value))
    }

    @Test(
        "what is not in the grammar is refused",
        arguments: [
            "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-Infinity", "-", "+1", "01", "-01", "00",
            "1.",
            ".5", "-.5", "1.e5", "1e", "1e+", "1.5.2", "0x1", "1_0", "'a'", "\"a", "\"", "[", "[1", "[1,",
            "[1,]",
            "[,1]", "[1 2]", "]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}",
            "{1:1}",
            "{\"a\" 1}", "{\"a\":1 \"b\":2}", "}", "1 2", "{} x", "[] ]", "null,", "// x\n1", "1 /* x */",
            "\u{feff}1", "\"\n\"", "\"\t\"", "\"\u{1}\"", #""\x41""#, #""\u00e""#, #""\u00g0""#, #""\u+041""#,
            #""\"#,
            #""\ud800""#, #""\ud800x""#, #""\ud800\n""#, #""\ud800\u0041""#, #""\ud800\ud800""#, #""\udc00""#,
            #""\udc00\ud800""#,
        ])
    func refusing(text: String) {
        #expect(throws: JSONError.self) { try read(text) }
    }

    @Test(
        "an error names the first byte that is wrong",
        arguments: [("[1, x]", 4), ("{\"a\":tru}", 8), ("[1] 2", 4), ("[012]", 2), ("", 0), ("[1.x]", 3)])
    func positions(text: String, byte: Int) {
        let error = #expect(throws: JSONError.self) { try read(text) }
        guard case .unexpected(let found, _, _) = error else {
            Issue.record("\(text): \(String(describing: error))")
            return
        }
        #expect(found == byte)
    }

    @Test(
        "text that is not UTF-8 is refused",
        arguments: [
            [0xff], [0xc3], [0xc3, 0x28], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80],
            [0xe2, 0x82], [0x5c, 0x6e, 0xff],
        ] as [[UInt8]])
    func invalidText(bytes: [UInt8]) {
        let quoted = [0x22] + bytes + [0x22]
        #expect(throws: JSONError.invalidText(byte: 1)) { try JSONReader.read(quoted[...]) }
        #expect(throws: JSONError.self) { try JSONReader.read(bytes[...]) }
    }

    @Test("a name may stand only once in an object, however it is written")
    func repeatedNames() throws {
        #expect(throws: JSONError.repeatedName("a", byte: 8)) { try read(#"{"a":1, "a":2}"#) }
        #expect(throws: JSONError.self) { try read(#"{"a":1, "\u0061":2}"#) }
        #expect(throws: JSONError.self) { try read(#"[{"b":{"a":1,"a":1}}]"#) }
        #expect(try read(#"{"a":{"a":1}, "b":{"a":1}}"#)["b"]?["a"]?.integer == 1)
        let many = (0..<20).map { "\"n\($0)\":\($0)" }.joined(separator: ",")
        #expect(try read("{\(many)}")["n19"]?.integer == 19)
        for repeated in ["n0", "n8", "n9", "n19"] {
            #expect(throws: JSONError.repeatedName(repeated, byte: many.utf8.count + 2)) {
                try read("{\(many),\"\(repeated)\":1}")
            }
        }
    }

    @Test("arrays and objects go as deep as the limit, and no deeper")
    func depth() throws {
        func nested(_ levels: Int, _ inner: String = "") -> [UInt8] {
            Array(
                (String(repeating: "[", count: levels) + inner + String(repeating: "]", count: levels)).utf8)
        }
        let limits = JSONReader.Limits(depth: 5)
        #expect(throws: Never.self) { try JSONReader.read(nested(5)[...], limits: limits) }
        #expect(throws: Never.self) { try JSONReader.read(nested(5, "1")[...], limits: limits) }
        #expect(throws: JSONError.tooDeep(limit: 5)) { try JSONReader.read(nested(6)[...], limits: limits) }
        #expect(throws: JSONError.tooDeep(limit: 5)) {
            try JSONReader.read(nested(5, "{}")[...], limits: limits)
        }
        #expect(throws: JSONError.tooDeep(limit: 64)) { try JSONReader.read(nested(1_000_000)[...]) }
    }

    @Test("an array has as many values as the limit, and no more")
    func items() {
        let limits = JSONReader.Limits(items: 3)
        #expect(throws: Never.self) { try JSONReader.read(Array("[1,[1,2,3],3]".utf8)[...], limits: limits) }
        #expect(throws: JSONError.tooManyItems(limit: 3)) {
            try JSONReader.read(Array("[1,[1,2,3,4]]".utf8)[...], limits: limits)
        }
    }

    @Test("a document longer than the limit is refused")
    func length() throws {
        let limits = JSONReader.Limits(bytes: 4)
        #expect(try JSONReader.read(Array("[12]".utf8)[...], limits: limits).array?.count == 1)
        #expect(throws: JSONError.tooLong(bytes: 5, limit: 4)) {
            try JSONReader.read(Array("[123]".utf8)[...], limits: limits)
        }
    }

    @Test("a part of an array is read, with positions counted from its start")
    func slices() throws {
        let bytes = Array("xx[1]yy".utf8)
        #expect(try JSONReader.read(bytes[2..<5]) == .array([.number("1")]))
        #expect(throws: JSONError.unexpected(byte: 3, found: "byte 121", expected: "the end of the document"))
        {
            try JSONReader.read(bytes[2..<6])
        }
    }

    @Test("what is written is read back as the same value")
    func roundTrip() throws {
        var random = TestRandom(seed: 7)
        for _ in 0..<2_000 {
            let value = randomValue(depth: 0, using: &random)
            #expect(try read(value.compact) == value)
            #expect(try read(value.pretty) == value)
        }
    }

    private func randomValue(depth: Int, using random: inout TestRandom) -> JSON {
        switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .boolean(.random(using: &random))
        case 2: return .number(Int.random(in: .min ... .max, using: &random))
        case 3:
            let number = Double(bitPattern: random.next())
            return .number(number.isFinite ? number : 0)
        case 4: return .string(randomText(using: &random))
        case 5:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    randomValue(depth: depth + 1, using: &random)
                })
        default:
            let members = (0..<Int.random(in: 0...4, using: &random)).map { index in
                JSONMember(
                    name: "\(index)" + randomText(using: &random),
                    value: randomValue(depth: depth + 1, using: &random))
            }
            return .object(members)
        }
    }

    private func randomText(using random: inout TestRandom) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let ranges: [ClosedRange<UInt32>] = [0...0x7f, 0x20...0x7f, 0xa0...0x2fff, 0xe000...0x10_ffff]
            let range = ranges[Int.random(in: 0..<4, using: &random)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }

    @Test("every finite number is written so that the same bits are read")
    func numbers() throws {
        for number in [
            0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e22, 1e-7, 123_456_789.123, 1.0 / 3,
        ] {
            #expect(JSON.number(number).double?.bitPattern == number.bitPattern)
            #expect(try read(JSON.number(number).compact).double?.bitPattern == number.bitPattern)
        }
        #expect(JSON.number(Double.nan) == .null && JSON.number(Double.infinity) == .null)
        #expect(try read("1e400").double == nil)
        #expect(try read("1.0").integer == nil)
        #expect(try read("9223372036854775808").integer == nil)
    }

    @Test("the members of an object keep their order, and nothing gives its type away wrongly")
    func accessors() throws {
        let value = try read(#"{"b": 1, "a": [true, "x", null]}"#)
        #expect(value.members?.map(\.name) == ["b", "a"])
        #expect(value["c"] == nil && value["a"]?["b"] == nil)
        #expect(value["a"]?.array?[0].boolean == true && value["a"]?.array?[1].text == "x")
        #expect(value["a"]?.text == nil && value["b"]?.text == nil && value["b"]?.boolean == nil)
        #expect(value["b"]?.double == 1 && value["b"]?.array == nil && value.array == nil)
        #expect(JSON.object(["a": nil, "b": .null]).compact == #"{"b":null}"#)
    }

    @Test("lists of plain values stay in one line, the rest is indented")
    func pretty() throws {
        let value = try read(#"{"a":[1,2],"b":[[1],{}],"c":{},"d":[]}"#)
        let expected = """
            {
              "a": [1,2],
              "b": [
                [1],
                {}
              ],
              "c": {},
              "d": []
            }
            """
        #expect(value.pretty == expected)
        #expect(value.compact == #"{"a":[1,2],"b":[[1],{}],"c":{},"d":[]}"#)
    }
}
