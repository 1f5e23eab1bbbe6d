import LimpetEvents
import Testing

/// Numbers and dates that are written otherwise than as plain decimals.
@Suite struct NotationTests {
    private func number(
        _ text: String, _ mark: NumberNotation.Mark, _ thousands: NumberNotation.Thousands = .none,
        sign: String = ""
    ) -> Double? {
        NumberNotation(mark: mark, thousands: thousands, sign: sign).value(text)
    }

    @Test("numbers are read with their decimal mark, separators of thousands and sign")
    func numbers() {
        #expect(number("1.234,5", .comma, .opposite) == 1_234.5)
        #expect(number("-1.234.567", .comma, .opposite) == -1_234_567)
        #expect(number("1,234.5", .point, .opposite) == 1_234.5)
        #expect(number("1 234,5", .comma, .space) == 1_234.5)
        #expect(number("1\u{202f}234\u{a0}567,5", .comma, .space) == 1_234_567.5)
        #expect(number("1'234", .point, .apostrophe) == 1_234)
        #expect(number("12,5", .comma) == 12.5)
        #expect(number(",5", .comma) == 0.5)
        #expect(number("−€1.234,50", .comma, .opposite, sign: "€") == -1_234.5)
        #expect(number("€-12,50", .comma, sign: "€") == -12.5)
        #expect(number("12,5 %", .comma, sign: "%") == 12.5)
        #expect(number("12.50 EUR", .point, sign: "EUR") == 12.5)
        #expect(number("$950", .point, .opposite, sign: "$") == 950)
    }

    @Test("units stand behind numbers, and brackets are a minus")
    func units() {
        #expect(number("1.912 kr", .comma, .opposite, sign: "kr") == 1_912)
        #expect(number("92.7 GB", .point, sign: "GB") == 92.7 && number("15min", .point, sign: "min") == 15)
        #expect(number("(1,305.72)", .point, .opposite) == -1_305.72)
        #expect(number("($12.50)", .point, sign: "$") == -12.5)
        #expect(number("5 months ago", .point, sign: "ago") == nil)
        #expect(
            sample(["92.7 GB", "3 GB", "0.5 GB"]).notation
                == .number(NumberNotation(mark: .point, sign: "GB")))
        #expect(sample(["92.7 GB", "3 MB"]).notation == nil)
        let grouped = NumberNotation(mark: .comma, thousands: .opposite, sign: "kr")
        #expect(sample(["1.912 kr", "850 kr"]).notation == .number(grouped))
    }

    private func plain(_ texts: [String]) -> Notation? {
        var sample = NotationSample()
        for text in texts { sample.add(plain: text) }
        return sample.plainNotation
    }

    @Test("plain decimals that are thousands or dates are told by all of them")
    func plainDecimals() {
        let thousands = (1...60).map { "\($0).\(100 + $0)" }
        let expected = Notation.number(NumberNotation(mark: .comma, thousands: .opposite))
        #expect(plain(thousands + ["850"]) == expected)
        // Without small whole numbers, with other fractions, or with longer whole numbers they are decimals.
        #expect(plain(thousands) == nil && plain(thousands + ["850", "1.5"]) == nil)
        #expect(plain(thousands + ["850", "1912"]) == nil && plain(thousands + ["850", "0.125"]) == nil)
        #expect(plain(Array(thousands.prefix(20)) + ["850"]) == nil)
        let dates = (10...40).flatMap { ["2024\($0 % 3 + 10)\($0 % 18 + 10)", "20250131"] }
        #expect(plain(dates)?.isDate == true && plain(dates + ["20251345"]) == nil)
        #expect(plain(Array(repeating: "20250131", count: 80)) == nil)
    }

    @Test("dates far ahead stand for none")
    func farDates() {
        let date = Notation.date(.yearFirst, before: Timestamp(milliseconds: 0))
        #expect(date.value("9999-12-31")?.isNaN == true && date.value("2199-12-31")?.isNaN == false)
        #expect(sample(["2025-01-31", "9999-12-31"]).farDate == "9999-12-31")
        #expect(sample(["2025-01-31"]).farDate == nil)
    }

    @Test(
        "texts that only look like numbers are refused",
        arguments: [
            "", "-", ",", "1,", "1.2.3", "1,23,456", "1,2345", "0,125", "1234", "12,34,567", "a1", "1a",
            "1 234",
            "$1,234", "1,234%", "1--2",
        ])
    func refused(text: String) { #expect(number(text, .point, .opposite) == nil) }

    @Test("the sign of a number is found at either end")
    func signs() {
        #expect(NumberNotation.sign(of: "$1.5") == "$" && NumberNotation.sign(of: "-£3") == "£")
        #expect(NumberNotation.sign(of: "5 %") == "%" && NumberNotation.sign(of: "EUR 5") == "EUR")
        #expect(NumberNotation.sign(of: "plan 5") == "" && NumberNotation.sign(of: "") == "")
    }

    private func day(_ text: String, _ notation: DateNotation) -> String? {
        notation.time(text).map { String($0.description.prefix(19)) }
    }

    @Test("dates are read with the day, the month or the year first, with names of months and times of day")
    func dates() {
        #expect(day("31/01/2025", .dayFirst) == "2025-01-31T00:00:00")
        #expect(day("31.1.25", .dayFirst) == "2025-01-31T00:00:00")
        #expect(day("1/31/1999", .monthFirst) == "1999-01-31T00:00:00")
        #expect(day("1/31/68", .monthFirst) == "2068-01-31T00:00:00")
        #expect(day("1/31/69", .monthFirst) == "1969-01-31T00:00:00")
        #expect(day("31-Jan-2025", .dayFirst) == "2025-01-31T00:00:00")
        #expect(day("Jan 31, 2025", .monthFirst) == "2025-01-31T00:00:00")
        #expect(day("31 January 2025 10:30", .dayFirst) == "2025-01-31T10:30:00")
        #expect(day("12/31/2024 11:05 PM", .monthFirst) == "2024-12-31T23:05:00")
        #expect(day("12/31/2024 12:00:30 AM", .monthFirst) == "2024-12-31T00:00:30")
        #expect(day("2025-01-31", .yearFirst) == "2025-01-31T00:00:00")
        #expect(day("2025-01", .yearFirst) == "2025-01-01T00:00:00")
        #expect(day("Dec-1999", .monthFirst) == "1999-12-01T00:00:00")
        #expect(day("01/2025", .dayFirst) == "2025-01-01T00:00:00")
    }

    @Test(
        "texts that only look like dates are refused",
        arguments: [
            "", "31/01", "31/02/2025", "13/13/2025", "31/01-2025", "/31/01/2025", "31/01/2025 25:00",
            "31 01 2025",
            "Jan", "31 Foo 2025", "1-1000", "10:30", "1.2.3.4", "31/01/025", "31//01/2025",
        ])
    func refusedDates(text: String) {
        #expect(DateNotation.dayFirst.time(text) == nil && DateNotation.monthFirst.time(text) == nil)
    }

    @Test("days before a moment have the same bits however the moment was reached")
    func moved() throws {
        let zero = Notation.date(.yearFirst, before: Timestamp(milliseconds: 0))
        let moment = Timestamp(milliseconds: 1_735_689_600_123)
        let direct = Notation.date(.yearFirst, before: moment)
        for text in ["2024-12-31T23:59:59.999Z", "1950-01-01", "2024-02-29T12:34:56.789Z", "2100-01-01"] {
            let moved = zero.moving(try #require(zero.value(text)), before: moment)
            #expect(moved == direct.value(text))
        }
        #expect(zero.moving(.nan, before: moment).isNaN)
    }

    private func sample(
        _ texts: [String], mark: NumberNotation.Mark? = nil, order: DateNotation? = nil
    ) -> NotationSample {
        var sample = NotationSample(mark: mark, order: order)
        for text in texts {
            if Double(text) != nil, mark != .comma || !text.contains(".") {
                sample.add(plain: text)
            } else {
                sample.add(text)
            }
        }
        return sample
    }

    @Test("the notation of a column is the one in which all values are written")
    func found() {
        func number(
            _ mark: NumberNotation.Mark, _ thousands: NumberNotation.Thousands = .none, _ sign: String = ""
        ) -> Notation {
            .number(NumberNotation(mark: mark, thousands: thousands, sign: sign))
        }
        let zero = Timestamp(milliseconds: 0)
        #expect(sample(["12,5", "7", "1,125"]).notation == number(.comma))
        #expect(sample(["1.234,5", "1.234", "7"]).notation == number(.comma, .opposite))
        #expect(sample(["950", "1,173.58"]).notation == number(.point, .opposite))
        #expect(sample(["950", "1,173", "12.5"]).notation == number(.point, .opposite))
        #expect(sample(["$950", "$1,173"]).notation == number(.point, .opposite, "$"))
        #expect(sample(["0,125", "1,173"]).notation == number(.comma))
        #expect(sample(["1 234", "2 000 000"]).notation == number(.point, .space))
        #expect(sample(["5%", "12.5%"]).notation == number(.point, .none, "%"))
        #expect(sample(["31/01/2025", "01/02/2025"]).notation == .date(.dayFirst, before: zero))
        #expect(sample(["01/02/2025", "01/31/2025"]).notation == .date(.monthFirst, before: zero))
        #expect(sample(["2025-01-31", "2025-02-01 10:00"]).notation == .date(.yearFirst, before: zero))
        #expect(sample(["01/01/2025", "02/02/2025"]).notation == .date(.dayFirst, before: zero))
        #expect(sample(["1,234", "2,345"], mark: .comma).notation == number(.comma))
        #expect(sample(["1,234", "2,345"], mark: .point).notation == number(.point, .opposite))
        #expect(sample(["1.234", "12.345"], mark: .comma).notation == number(.comma, .opposite))
        #expect(
            sample(["01/02/2025"], order: .monthFirst).notation == .date(.monthFirst, before: zero))
    }

    @Test("where values disagree there is no notation, and where two fit it is in doubt")
    func doubtful() {
        for texts in [
            ["12,5", "1,173.58"], ["5%", "5"], ["$5", "€5"], ["2025-01-31", "31/01/2025"],
            ["31/01/2025", "soon"],
            ["1950", "1,173"], ["Month-to-month", "One year"], ["2025-01-31", "7"], ["1e5", "1,173.5"],
        ] {
            // `1950` beside `1,173` can only have a decimal comma.
            let expected: Notation? = texts[0] == "1950" ? .number(NumberNotation(mark: .comma)) : nil
            #expect(sample(texts).notation == expected && sample(texts).doubt == nil, "\(texts)")
        }
        #expect(sample(["1,234", "12,345"]).doubt == .decimalMark)
        #expect(sample(["1,234", "12,345"]).notation == nil)
        #expect(sample(["01/02/2025", "03/04/2025"]).doubt == .dayOrMonth)
        #expect(sample(["01/02/2025", "03/04/2025"]).notation == nil)
        #expect(sample([]).notation == nil && sample(["1", "2.5"]).notation == nil)
    }

    @Test("values are shown as people write them")
    func shown() {
        let date = Notation.date(.dayFirst, before: Timestamp(milliseconds: 86_400_000 * 30))
        #expect(date.text(2) == "1970-01-29" && date.text(1.5) == "1970-01-29T12:00:00Z")
        #expect(Notation.number(NumberNotation(mark: .comma, sign: "€")).text(12.5) == "12.5 €")
        #expect(date.expectation == "a date such as 31/01/2025")
        #expect(
            Notation.number(NumberNotation(mark: .comma, thousands: .opposite)).expectation
                == "a number such as 1.234,5")
    }
}
