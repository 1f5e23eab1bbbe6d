import LimpetNumerics
import LimpetTestSupport
import Testing

@Suite struct NearestDoubleTests {
    private func expect(_ digits: UInt64, scale: Int) throws {
        let found = try #require(NearestDouble.value(digits, scale: scale))
        #expect(found == Double("\(digits)e\(-scale)"), "\(digits)e\(-scale)")
    }

    @Test("decimal numbers of any scale are rounded as the system does")
    func randomNumbers() throws {
        var random = TestRandom(seed: 3)
        for _ in 0..<100_000 {
            let digits = random.next() >> UInt64(random.below(64))
            try expect(
                digits, scale: random.below(2 * NearestDouble.scaleLimit + 1) - NearestDouble.scaleLimit)
        }
    }

    @Test("ties and their neighbours, and the ends of the range")
    func ties() throws {
        for digits in [1 << 53 - 1, 1 << 53, 1 << 53 + 1, 1 << 54 + 2, 1 << 63, .max, 0, 1] as [UInt64] {
            for scale in -NearestDouble.scaleLimit...NearestDouble.scaleLimit {
                try expect(digits, scale: scale)
            }
        }
        // Halfway between two doubles, and a last digit more or less.
        for bits in 40...52 {
            let tie = (UInt64(1) << UInt64(bits) + 1) * 5 << UInt64(53 - bits)
            for digits in tie - 1...tie + 1 { try expect(digits, scale: 1) }
        }
        #expect(NearestDouble.value(1, scale: NearestDouble.scaleLimit + 1) == nil)
        #expect(NearestDouble.value(1, scale: -NearestDouble.scaleLimit - 1) == nil)
    }
}
