import LimpetDecisions
import LimpetEvents
import Testing

@Suite struct SteadyClockTests {
    private let noon = Bench.noon

    @Test("time follows the time since boot, whatever the wall clock is set to")
    func followsBoot() throws {
        var clock = try SteadyClock(wall: noon, boot: 1_000, last: nil)
        let value1 = clock.now(wall: noon + 500, boot: 1_500)
        #expect(value1 == noon + 500)
        let value2 = clock.now(wall: noon + -.hours(2), boot: 2_000)
        #expect(value2 == noon + 1_000)
        #expect(!clock.isTrusted)
        let value3 = clock.now(wall: noon + 61_000, boot: 2_000)
        #expect(value3 == noon + 1_000)
        #expect(clock.isTrusted)
        let value4 = clock.now(wall: noon + 61_001, boot: 2_000)
        #expect(value4 == noon + 1_000)
        #expect(!clock.isTrusted)
    }

    @Test("an accepted clock that is behind lets time stand still")
    func accepted() throws {
        var clock = try SteadyClock(wall: noon, boot: 0, last: nil)
        _ = clock.now(wall: noon + 10_000, boot: 10_000)
        clock.accept(wall: noon, boot: 10_000)
        #expect(clock.isTrusted)
        let value5 = clock.now(wall: noon + 5_000, boot: 15_000)
        #expect(value5 == noon + 10_000)
        let value6 = clock.now(wall: noon + 11_000, boot: 21_000)
        #expect(value6 == noon + 11_000)
    }

    @Test("a start up to five minutes before the last record goes on from it, an earlier one is refused")
    func starts() throws {
        var clock = try SteadyClock(wall: noon, boot: 0, last: noon + .minutes(5))
        let value7 = clock.now(wall: noon, boot: 0)
        #expect(value7 == noon + .minutes(5))
        let last = noon + (.minutes(5) + 1)
        #expect(throws: SteadyClockError.self) { try SteadyClock(wall: noon, boot: 0, last: last) }
        #expect(throws: Never.self) { try SteadyClock(wall: noon, boot: 0, last: last, isAccepted: true) }
    }

    @Test("a time ahead of its sending is set back to the arrival")
    func clamped() {
        let timing = EventTiming(timestamp: noon + .hours(14 * 24), sent: noon, received: noon + 200)
        #expect(timing.time == noon + 200)
        #expect(timing.original == noon + .hours(14 * 24))
        #expect(timing.flags == .clamped)
    }

    @Test("a sender's wrong clock is corrected by its time of sending")
    func corrected() {
        let wrong = EventTiming(
            timestamp: noon + .hours(5), sent: noon + (.hours(5) + 3_000), received: noon + 4_000)
        #expect(wrong.time == noon + 1_000)
        #expect(wrong.flags == .corrected)
        let right = EventTiming(timestamp: noon, sent: noon + 60_000, received: noon + 60_000)
        #expect(right == EventTiming(timestamp: noon, sent: nil, received: noon + 60_000))
        let small = EventTiming(timestamp: noon, sent: noon, received: noon + 60_000)
        #expect(small.time == noon + 60_000 && small.flags.isEmpty)
        let far = EventTiming(
            timestamp: Timestamp(milliseconds: .max), sent: Timestamp(milliseconds: .min), received: noon)
        #expect(far.time == noon)
    }

    @Test("a token counts only for its profile and under its secret")
    func tokens() {
        let receipt = ReceiptID(epoch: 3, record: 1_048, index: 0)
        let token = DeliveryToken(receipt, profile: 7, secret: [1, 2, 3]).description
        #expect(DeliveryToken.receipt(of: token, profile: 7, secret: [1, 2, 3]) == receipt)
        #expect(DeliveryToken.receipt(of: token, profile: 8, secret: [1, 2, 3]) == nil)
        #expect(DeliveryToken.receipt(of: token, profile: 7, secret: [1, 2, 4]) == nil)
        for text in [
            "", "-", "3-1048-0", "3-1048-0-", token + "0", "4" + token.dropFirst(), String(token.dropLast()),
        ] {
            #expect(DeliveryToken.receipt(of: text, profile: 7, secret: [1, 2, 3]) == nil)
        }
    }
}
