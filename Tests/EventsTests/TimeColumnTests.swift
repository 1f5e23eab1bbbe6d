import LimpetEvents
import LimpetTestSupport
import Testing

/// Times that are read eight bytes at a time are those of the parser of single times.
@Suite struct TimeColumnTests {
    private static let parsers = [
        TimeParser(), TimeParser(format: .unix(unitsPerSecond: 1)),
        TimeParser(format: .pattern("%Y-%m-%dT%H:%M:%SZ")),
    ]

    @Test("texts in any sequence, with any byte changed", arguments: 0..<3)
    func sameTimes(place: Int) {
        let parser = Self.parsers[place]
        var column = TimeColumn(parser)
        var random = TestRandom(seed: UInt64(place))
        func pick(_ below: Int) -> Int { .random(in: 0..<below, using: &random) }
        func two(_ below: Int) -> String {
            let number = pick(below)
            return (number < 10 ? "0" : "") + "\(number)"
        }
        var read = 0
        for _ in 0..<20_000 {
            var text: [UInt8]
            switch pick(6) {
            case 2: text = Array("2024-01-02T03:04:05Z".utf8.prefix(pick(20)))
            case 0: text = Array("\(1_700_000_000 + pick(99))".utf8)
            case 1: text = Array("\(1_700_000_000_000 + pick(9_999))".utf8)
            default:
                let clock = "\(two(25)):\(two(61)):\(two(62))"
                text = Array(
                    "2024-0\(1 + pick(2))-2\(pick(10))\("T "[pick(2)])\(clock)\(["", "Z"][pick(2)])".utf8)
            }
            if pick(4) == 0, !text.isEmpty { text[pick(text.count)] = UInt8(pick(256)) }
            let found = column.parse(text.span)
            let expected = parser.parse(bytes: text.span)
            #expect(found == expected, "\(text)")
            read += found == nil ? 0 : 1
        }
        #expect(read > 1_000)
    }
}

extension String {
    fileprivate subscript(place: Int) -> String { String(self[index(startIndex, offsetBy: place)]) }
}
