import LimpetDecisions
import LimpetScoring
import Testing

@Suite struct HoldoutTests {
    private func members(_ share: Double, key: String, count: Int = 100_000) -> [Bool] {
        let holdout = Holdout(share: share, key: key)
        return (0..<count).map { holdout.contains("user-\($0)") }
    }

    @Test("the share is kept", arguments: [0.01, 0.1, 0.5])
    func theShareIsKept(share: Double) {
        let count = members(share, key: "a key").count { $0 }
        let sigma = (100_000 * share * (1 - share)).squareRoot()
        #expect((Double(count) - 100_000 * share).magnitude <= 3 * sigma)
    }

    @Test("holdouts of two keys are independent")
    func holdoutsOfTwoKeysAreIndependent() {
        let both = zip(members(0.3, key: "one"), members(0.3, key: "two")).count { $0 && $1 }
        let share = 0.09
        let sigma = (100_000 * share * (1 - share)).squareRoot()
        #expect((Double(both) - 100_000 * share).magnitude <= 3 * sigma)
    }

    @Test("members stay when the share grows")
    func membersStayWhenTheShareGrows() {
        let (small, large) = (members(0.1, key: "k", count: 10_000), members(0.2, key: "k", count: 10_000))
        #expect(zip(small, large).allSatisfy { !$0 || $1 })
    }

    @Test("the edges are nobody and everybody")
    func theEdgesAreNobodyAndEverybody() {
        #expect(members(0, key: "k", count: 1_000).allSatisfy { !$0 })
        #expect(members(1, key: "k", count: 1_000).allSatisfy { $0 })
    }

    /// Test cases 1, 2 and 6 of RFC 4231.
    @Test("message authentication follows its standard")
    func messageAuthenticationFollowsItsStandard() {
        func code(_ key: [UInt8], _ message: String) -> String {
            MessageAuthentication.code(of: Array(message.utf8), key: key)
                .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        #expect(
            code([UInt8](repeating: 0x0b, count: 20), "Hi There")
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            code(Array("Jefe".utf8), "what do ya want for nothing?")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            code(
                [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First"
            )
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }
}
