import LimpetEvents
import Testing

@Suite struct TimestampTests {
    @Test(
        "a time prints in UTC, with milliseconds only if there are any",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (1_314_835_200_000, "2011-09-01T00:00:00Z"), (1_314_835_200_007, "2011-09-01T00:00:00.007Z"),
            (951_868_799_000, "2000-02-29T23:59:59Z"), (-86_400_000, "1969-12-31T00:00:00Z"),
        ] as [(Int64, String)])
    func printing(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test(
        "floored quotients round towards minus infinity",
        arguments: [(7, 2, 3), (-7, 2, -4), (-8, 2, -4), (0, 5, 0), (-1, 86_400_000, -1)]
            as [(Int64, Int64, Int64)])
    func flooring(value: Int64, divisor: Int64, quotient: Int64) {
        #expect(value.flooredQuotient(by: divisor) == quotient)
    }

    @Test("a span moves a time forth and back")
    func arithmetic() {
        let noon = Timestamp(milliseconds: 43_200_000)
        #expect((noon + .hour).milliseconds == 46_800_000)
        #expect((noon + .hour) - .hour == noon)
        #expect(noon - .hour < noon)
    }
}
