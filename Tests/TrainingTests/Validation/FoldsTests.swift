import LimpetEvents
import LimpetScoring
import LimpetTraining
import Testing

@Suite struct FoldsTests {
    /// Users with several rows each; each fourth has a label of 1 at times.
    private func data(users: Int, snapshotTimes: Int = 3) -> TrainingData {
        let rows = (0..<users).flatMap { user in (0..<snapshotTimes).map { (user: user, moment: $0) } }
        return Samples.data(
            [("x", .numbers(rows.map { Double($0.user) }))],
            labels: rows.map { $0.user % 4 == 0 && $0.moment == 1 }, users: rows.map { Int32($0.user) },
            times: rows.map { Timestamp(milliseconds: 1_000) + .days(Int64(10 * $0.moment)) },
            horizon: .days(15))
    }

    @Test("every row is held out once and no user is on both sides", arguments: [2, 3, 5, 10])
    func everyRowIsHeldOutOnceAndNoUserIsOnBothSides(count: Int) {
        let data = data(users: 101)
        let folds = Folds.byUser(data, count: count, seed: 7)
        #expect(folds.count == count)
        #expect(folds.flatMap(\.heldOut).sorted() == Array(0..<data.count))
        for fold in folds {
            #expect((fold.training + fold.heldOut).sorted() == Array(0..<data.count))
            let users = Set(fold.training.map { data.users[$0] })
            #expect(fold.heldOut.allSatisfy { !users.contains(data.users[$0]) })
        }
    }

    @Test("both classes are dealt out evenly", arguments: [2, 3, 5, 10])
    func bothClassesAreDealtOutEvenly(count: Int) {
        let data = data(users: 203)
        for fold in Folds.byUser(data, count: count, seed: 3) {
            let positive = Set(fold.heldOut.filter { data.labels[$0] }.map { data.users[$0] }).count
            let users = Set(fold.heldOut.map { data.users[$0] }).count
            #expect(abs(Double(positive) - 51 / Double(count)) < 1)
            #expect(abs(Double(users) - 203 / Double(count)) < 1)
        }
    }

    @Test("the seed decides the folds")
    func theSeedDecidesTheFolds() {
        let data = data(users: 100)
        let first = Folds.assignment(of: data, count: 5, seed: 1)
        #expect(Folds.assignment(of: data, count: 5, seed: 1) == first)
        #expect(Folds.assignment(of: data, count: 5, seed: 2) != first)
    }

    @Test("later rows are held out after an embargo")
    func laterRowsAreHeldOutAfterAnEmbargo() throws {
        let data = data(users: 10, snapshotTimes: 8)
        let fold = try #require(Folds.forwardInTime(data, lateShare: 0.25))
        let times = try #require(data.times)
        // Of eight snapshot times ten days apart the last two are late; the label needs 15 days, so that the
        // snapshots 10 days before them, and those 10 days before these, know too much.
        #expect(Set(fold.heldOut.map { times[$0] }).count == 2)
        #expect(Set(fold.training.map { times[$0] }).count == 5)
        let border = try #require(fold.heldOut.map { times[$0] }.min())
        #expect(fold.training.allSatisfy { times[$0] + .days(15) <= border })
        #expect(fold.heldOut.allSatisfy { times[$0] >= border })
    }

    @Test("a label that ends with the border is known there")
    func aLabelThatEndsWithTheBorderIsKnownThere() throws {
        let snapshotTimes = [0, 15, 30].map { Timestamp(milliseconds: 0) + .days($0) }
        let data = Samples.data(
            [("x", .numbers([1, 2, 3]))], labels: [true, false, true], times: snapshotTimes,
            horizon: .days(15))
        let fold = try #require(Folds.forwardInTime(data, lateShare: 0.25))
        #expect(fold.training == [0, 1])
        #expect(fold.heldOut == [2])
    }

    @Test("a short log has no forward split")
    func aShortLogHasNoForwardSplit() {
        #expect(Folds.forwardInTime(data(users: 10, snapshotTimes: 1), lateShare: 0.25) == nil)
        #expect(Folds.forwardInTime(data(users: 10, snapshotTimes: 2), lateShare: 0.25) == nil)
        #expect(Folds.forwardInTime(Samples.numbers([1, 2, 3]), lateShare: 0.25) == nil)
    }
}
