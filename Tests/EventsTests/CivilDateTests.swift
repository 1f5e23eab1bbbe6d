import LimpetEvents
import Testing

@Suite struct CivilDateTests {
    @Test(
        "known dates have their day number and weekday",
        arguments: [
            (1600, 1, 1, -135_140, 6), (1600, 2, 29, -135_081, 2), (1700, 2, 28, -98_557, 0),
            (1700, 3, 1, -98_556, 1), (1752, 9, 14, -79_366, 4), (1899, 12, 31, -25_568, 0),
            (1900, 2, 28, -25_509, 3), (1900, 3, 1, -25_508, 4), (1969, 12, 31, -1, 3), (1970, 1, 1, 0, 4),
            (1972, 2, 29, 789, 2), (1999, 12, 31, 10_956, 5), (2000, 2, 29, 11_016, 2),
            (2000, 3, 1, 11_017, 3), (2024, 2, 29, 19_782, 4), (2038, 1, 19, 24_855, 2),
            (2100, 2, 28, 47_540, 0), (2100, 3, 1, 47_541, 1), (2400, 2, 29, 157_113, 2),
            (2400, 12, 31, 157_419, 0),
        ] as [(Int, Int, Int, Int64, Int)])
    func knownDates(year: Int, month: Int, day: Int, number: Int64, weekday: Int) throws {
        let date = try #require(CivilDate(year: year, month: month, day: day))
        #expect(date.dayNumber == number)
        #expect(date.weekday == weekday)
        #expect(CivilDate(dayNumber: number) == date)
    }

    @Test("every day from 1600 to 2400 follows the one before it, there and back")
    func everyDay() throws {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var number: Int64 = -135_140
        var weekday = 6
        for year in 1600...2400 {
            let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
            for month in 1...12 {
                for day in 1...(lengths[month - 1] + (isLeap && month == 2 ? 1 : 0)) {
                    let date = CivilDate(dayNumber: number)
                    try #require((date.year, date.month, date.day) == (year, month, day))
                    try #require(date.dayNumber == number && date.weekday == weekday)
                    number += 1
                    weekday = (weekday + 1) % 7
                }
            }
        }
        #expect(number == 157_420)
    }

    @Test(
        "days that do not exist are refused",
        arguments: [
            (1900, 2, 29), (2023, 2, 29), (2024, 2, 30), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1),
            (2024, 1, 0), (2024, 1, 32), (2024, -1, 1), (2024, 1, -1), (100_001, 1, 1), (-100_001, 1, 1),
        ])
    func refused(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test(
        "a date prints as ISO 8601 writes it",
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (-719_528, "0000-01-01"), (-719_162, "0001-01-01"),
            (11_016, "2000-02-29"),
        ] as [(Int64, String)])
    func printing(number: Int64, text: String) {
        #expect(CivilDate(dayNumber: number).description == text)
    }
}
