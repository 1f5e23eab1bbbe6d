import LimpetNumerics
import LimpetEvaluation
import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct BacktestTests {
    private static let start = Timestamp(milliseconds: 1_735_689_600_000)  // 2025-01-01
    private static let horizon = TimeSpan.days(14)

    /// Users at weekly snapshots, with two numbers that move their log-odds.
    private func log(users: Int, weeks: Int, seed: UInt64) -> TrainingData {
        var uniforms = Uniforms(seed: seed)
        var (a, b, labels): ([Double], [Double], [Bool]) = ([], [], [])
        var (ids, times): ([Int32], [Timestamp]) = ([], [])
        for week in 0..<weeks {
            for user in 0..<users {
                let x = [uniforms.normal(), uniforms.normal()]
                a.append(x[0])
                b.append(x[1])
                labels.append(
                    uniforms.next() < ElementaryFunctions.logistic(-1 + 1.2 * x[0] - 0.6 * x[1]))
                ids.append(Int32(user))
                times.append(Self.start + .days(Int64(7 * week)))
            }
        }
        return Samples.data(
            [("a", .numbers(a)), ("b", .numbers(b))], labels: labels, users: ids, times: times,
            horizon: Self.horizon)
    }

    private func settings() -> TrainingSettings {
        var settings = TrainingSettings(kind: .logistic)
        settings.logistic.penalty = 1
        settings.folds = 3
        return settings
    }

    // MARK: - Periods

    @Test("months are calendar months")
    func monthsAreCalendarMonths() {
        let times = [Self.start + .days(14), Self.start + .days(59)]
        let periods = BacktestPeriod.months(times, zone: .utc)
        let starts = [0, 31, 59, 90].map { Self.start + .days($0) }
        #expect(periods.map(\.origin) == Array(starts.prefix(3)))
        #expect(periods.map(\.end) == Array(starts.dropFirst()))
        #expect(BacktestPeriod.months([], zone: .utc).isEmpty)
    }

    @Test("periods of one length follow each other until the last snapshot time")
    func periodsOfOneLengthFollowEachOtherUntilTheLastSnapshotTime() {
        let times = (0...4).map { Self.start + .days(Int64(7 * $0)) }
        let periods = BacktestPeriod.every(.days(14), times)
        #expect(periods.map(\.origin) == [0, 14, 28].map { Self.start + .days($0) })
        for (period, next) in zip(periods, periods.dropFirst()) { #expect(period.end == next.origin) }
        for time in times {
            #expect(periods.count { $0.origin <= time && time < $0.end } == 1)
        }
        let later = BacktestPeriod.every(.days(14), times, from: Self.start + .days(10))
        #expect(later.map(\.origin) == [10, 24].map { Self.start + .days($0) })
        #expect(BacktestPeriod.every(.days(0), times).isEmpty)
    }

    @Test("labels of training rows are known at the origin")
    func labelsOfTrainingRowsAreKnownAtTheOrigin() throws {
        let data = log(users: 10, weeks: 12, seed: 1)
        let times = try #require(data.times)
        let origin = Self.start + .days(31)
        let fold = try #require(
            BacktestPeriod(origin: origin, end: Self.start + .days(59)).fold(data))
        // Weeks 0 to 2 look ahead to day 28 at most; week 3 to day 35.
        #expect(fold.training.map { times[$0] }.max() == Self.start + .days(14))
        #expect(fold.training.count == 30)
        #expect(fold.heldOut.map { times[$0] }.min() == Self.start + .days(35))
        #expect(fold.heldOut.map { times[$0] }.max() == Self.start + .days(56))
        let exact = try #require(
            BacktestPeriod(origin: Self.start + .days(28), end: origin).fold(data))
        #expect(exact.training.map { times[$0] }.max() == Self.start + .days(14))
    }

    // MARK: - Runs

    @Test("a stop leaves the origins that are done, as they are without it")
    func stopped() async throws {
        let data = log(users: 60, weeks: 16, seed: 4)
        let periods = BacktestPeriod.every(.days(14), try #require(data.times))
        let whole = try await Backtest(settings()).run(data, periods: periods)
        #expect(whole.isWhole && whole.origins.count >= 4)
        var settings = settings()
        let monitor = TrainingMonitor()
        settings.monitor = monitor
        let share = 1.5 / Double(whole.planned)
        let result = try await Backtest(settings).run(data, periods: periods) {
            if $0 > share { monitor.stop() }
        }
        #expect(!result.isWhole && result.planned == whole.planned && result.origins.count == 1)
        #expect(result.origins[0].report == whole.origins[0].report)
        #expect(result.pooled.rows == whole.origins[0].report.rows)
        monitor.stop()
        await #expect(throws: CancellationError.self) {
            try await Backtest(settings).run(data, periods: periods)
        }
    }

    @Test("rates are those of all rows that the ones there stand for")
    func downsampledRates() async throws {
        let data = log(users: 900, weeks: 10, seed: 9)
        let periods = BacktestPeriod.every(.days(14), try #require(data.times))
        let whole = try await Backtest(settings()).run(data, periods: periods)
        var settings = settings()
        settings.zerosKept = 0.2
        let kept = data.selecting(data.rows(keepingZeros: 0.2, seed: 2))
        let downsampled = try await Backtest(settings).run(kept, periods: periods)
        #expect(downsampled.origins.count == whole.origins.count)
        for (one, other) in zip(downsampled.origins, whole.origins) {
            #expect(abs(try #require(one.training.rate) - #require(other.training.rate)) < 0.04)
            #expect(one.doubts.isEmpty, "\(one.doubts)")
        }
    }

    @Test("few users of a class, and a base rate that moves, are doubts")
    func doubts() async throws {
        let data = log(users: 400, weeks: 10, seed: 6)
        let periods = BacktestPeriod.every(.days(14), try #require(data.times))
        let sure = try await Backtest(settings()).run(data, periods: periods)
        #expect(sure.origins.allSatisfy { $0.doubts.isEmpty })
        #expect(sure.spread(.auc) == sure.spread(.auc, withoutDoubt: true))
        let few = log(users: 60, weeks: 10, seed: 6)
        let small = try await Backtest(settings()).run(few, periods: periods)
        let known = small.origins[0].training
        #expect(small.origins[0].doubts.contains(.fewUsers(label: true, users: known.positiveUsers)))
        #expect(small.spread(.auc, withoutDoubt: true) == nil)
        // From week 6 on three in four have label 1.
        let times = try #require(data.times)
        var uniforms = Uniforms(seed: 8)
        let moved = Samples.data(
            data.columns.enumerated().map { ("x\($0)", $1) },
            labels: data.labels.indices.map { row in
                times[row] < Self.start + .days(42) ? data.labels[row] : uniforms.next() < 0.75
            }, users: data.users, times: times, horizon: Self.horizon)
        let result = try await Backtest(settings()).run(moved, periods: periods)
        let changed = try #require(result.origins.first { $0.period.origin == Self.start + .days(42) })
        #expect(
            changed.doubts == [
                .otherRate(
                    learnt: try #require(changed.training.rate), tested: try #require(changed.report.baseRate)
                )
            ])
    }

    @Test("each origin is what a training on its rows predicts")
    func separateTraining() async throws {
        let data = log(users: 120, weeks: 14, seed: 2)
        let times = try #require(data.times)
        let periods = BacktestPeriod.months(times, zone: .utc)
        let result = try await Backtest(settings()).run(data, periods: periods)
        #expect(result.origins.count == 3)
        #expect(result.skipped.count == 1)
        for (index, origin) in result.origins.enumerated() {
            let rows = times.indices.filter { times[$0] + Self.horizon <= origin.period.origin }
            let test = times.indices.filter {
                times[$0] >= origin.period.origin && times[$0] < origin.period.end
            }
            let model = try await ModelTrainer(settings()).train(
                data.selecting(rows), source: .table(target: "y", positive: "1")
            ).model
            let numbers = data.columns.map { column -> [Double] in
                if case .numbers(let numbers) = column { test.map { numbers[$0] } } else { [] }
            }
            let scores = Scorer(model).scores(
                numbers: numbers, keys: numbers.map { _ in [] }, rowCount: test.count)
            let predictions = result.predictions.filter { $0.origin == index }
            #expect(predictions.map(\.row) == test)
            for (prediction, score) in zip(predictions, scores) {
                #expect(abs(prediction.logOdds - score.logOdds) < 1e-9)
                #expect(abs(prediction.probability - score.probability) < 1e-9)
            }
            #expect(origin.report.rows == test.count)
            #expect(origin.training.rows == rows.count)
            #expect(origin.knownRows == test.count)
        }
        #expect(result.pooled.rows == result.predictions.count)
        let spread = try #require(result.spread(.auc))
        let values = result.origins.compactMap(\.report.auc)
        #expect(abs(spread.mean - values.reduce(0, +) / 3) < 1e-12)
        #expect(spread.least == values.min() && spread.most == values.max())
    }

    @Test("labels that are not known at the origin change none of its predictions")
    func noLeak() async throws {
        let data = log(users: 80, weeks: 10, seed: 3)
        let times = try #require(data.times)
        let period = BacktestPeriod(origin: Self.start + .days(35), end: Self.start + .days(70))
        func predictions(flipping isFlipped: (Timestamp) -> Bool) async throws -> [Double] {
            let labels = data.labels.indices.map { isFlipped(times[$0]) != data.labels[$0] }
            let changed = TrainingData(
                inputs: data.inputs, columns: data.columns, isSkewed: data.isSkewed, labels: labels,
                users: data.users, times: data.times, horizon: data.horizon)
            return try await Backtest(settings()).run(changed, periods: [period]).predictions
                .map(\.probability)
        }
        let plain = try await predictions { _ in false }
        let late = try await predictions { $0 + Self.horizon > period.origin }
        let early = try await predictions { $0 + Self.horizon <= period.origin }
        #expect(plain == late)
        #expect(plain != early)
    }

    @Test("a log that is too short is refused with its numbers")
    func aLogThatIsTooShortIsRefusedWithItsNumbers() async throws {
        let data = log(users: 30, weeks: 2, seed: 4)
        let last = Self.start + .days(7)
        await #expect(
            throws: BacktestError.tooShort(first: Self.start, last: last, horizon: Self.horizon, skipped: 2)
        ) {
            try await Backtest(settings()).run(
                data, periods: BacktestPeriod.every(.days(7), data.times ?? []))
        }
        let table = Samples.numbers([1, 2, 3, 4])
        await #expect(throws: BacktestError.noTimes) {
            try await Backtest(settings()).run(table, periods: [])
        }
    }

    @Test("threads change nothing")
    func threadsChangeNothing() async throws {
        let data = log(users: 60, weeks: 12, seed: 5)
        var runs: [BacktestResult] = []
        for threads in [1, 3] {
            var settings = settings()
            settings.threads = threads
            settings.bootstrap = Bootstrap(replicates: 20, seed: 1)
            let periods = BacktestPeriod.months(data.times ?? [], zone: .utc)
            runs.append(try await Backtest(settings).run(data, periods: periods))
        }
        #expect(runs[0].predictions == runs[1].predictions)
        #expect(runs[0].terms == runs[1].terms)
        #expect(runs[0].pooled == runs[1].pooled)
    }
}

@Suite struct TermStabilityTests {
    private let rows = Samples.data(
        [("a", .numbers([-1, 0, 1, 2])), ("b", .numbers([1, -1, 1, -1]))], labels: [false, true, false, true])

    private func line(_ input: Int, _ coefficient: Double, offset: Double = 0) -> Term {
        Term(
            input: input,
            shape: .line(Term.Line(transform: .identity, coefficient: coefficient, offset: offset)),
            missing: 0)
    }

    private func stability(_ models: [[Term]]) -> [TermStability.Term] {
        var stability = TermStability(rows)
        for terms in models { stability.add(AdditiveFit(intercept: 0, terms: terms)) }
        return stability.terms(rows.inputs)
    }

    @Test("the same term is stable whatever its constant")
    func theSameTermIsStableWhateverItsConstant() throws {
        let terms = stability([[line(0, 2)], [line(0, 2, offset: 5)], [line(0, 2)]])
        let term = try #require(terms.first)
        #expect(terms.count == 1 && term.inputs == ["a"] && term.models == 3)
        #expect(abs((term.correlation ?? 0) - 1) < 1e-12)
        #expect(term.deviation < 1e-12 && term.importanceDeviation < 1e-12)
        // Four values a unit apart have a standard deviation of √1.25.
        #expect(abs(term.importance - 2 * 1.25.squareRoot()) < 1e-12)
    }

    @Test("a term that turns round is seen")
    func aTermThatTurnsRoundIsSeen() throws {
        let term = try #require(stability([[line(0, 1)], [line(0, 1)], [line(0, -1)]]).first)
        #expect(abs((term.leastCorrelation ?? 0) + 1) < 1e-12)
        #expect(abs(term.correlation ?? 1) < 1e-12)
        // Coefficients 1, 1, −1 have a variance of 4/3, and a's own is 1.25.
        #expect(abs(term.deviation - (4.0 / 3 * 1.25).squareRoot()) < 1e-12)
        #expect(term.importanceDeviation < 1e-12)
    }

    @Test("an absent term adds nothing")
    func anAbsentTermAddsNothing() throws {
        let terms = stability([[line(0, 3)], [line(0, 3), line(1, 1)]])
        #expect(terms.map(\.inputs) == [["a"], ["b"]])
        #expect(terms[1].models == 1 && terms[1].correlation == nil)
        #expect(abs(terms[1].importance - 0.5) < 1e-12)
        #expect(abs(terms[1].deviation - 0.5.squareRoot()) < 1e-12)
    }

    @Test("terms of one input are one")
    func termsOfOneInputAreOne() throws {
        let terms = stability([[line(0, 1), line(0, 2)], [line(0, 3)]])
        #expect(terms.count == 1)
        #expect(terms[0].deviation < 1e-12)
    }
}
