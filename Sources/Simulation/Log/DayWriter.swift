/// A writer that turns the outcome of one user's day into rows, with clock times and details that only the
/// log shows.
///
/// Actions follow each other in the order of a visit; a second visit on the same day only views pages.
struct DayWriter {
    /// The first second of the day, since 1970 UTC.
    let dayStart: Int64
    private var user: SimulatedUser
    private var page: LogPage
    /// The second of the day at which the next action happens.
    private var clock = 0

    /// Writes the rows of `outcome` to `page`.
    static func write(
        _ outcome: DayOutcome, dayStart: Int64, user: inout SimulatedUser, page: inout LogPage
    ) {
        guard outcome.hasVisit || outcome.hasCancelled else { return }
        var writer = DayWriter(dayStart: dayStart, user: user, page: page)
        page = LogPage()
        writer.write(outcome)
        (user, page) = (writer.user, writer.page)
    }

    private init(dayStart: Int64, user: SimulatedUser, page: LogPage) {
        (self.dayStart, self.user, self.page) = (dayStart, user, page)
    }

    private mutating func write(_ outcome: DayOutcome) {
        clock = visitStart()
        if outcome.isFirstDay { add(.signUp(of: user.state.traits)) }
        if outcome.hasVisit {
            lookAround(atMost: 3)
            writeDecision(outcome)
            writeActs(outcome)
            writeSupport(outcome)
            writePurchase(outcome)
            returnLater()
        }
        if outcome.hasCancelled {
            var row = SimulatedRow(.cancelled)
            row.reason = cancellationReason()
            add(row)
        }
    }

    private mutating func add(_ row: SimulatedRow, thenWait seconds: Int = 0) {
        page.append(row, second: dayStart + Int64(clock), user: &user)
        // The last actions of a late visit share the last second of the day, since they belong to this day.
        clock = min(86_399, clock + seconds + 3 + user.detail.integer(below: 20))
    }

    private mutating func visitStart() -> Int {
        let hour = user.state.traits.usualHour + 2 * user.detail.bell()
        return min(86_000, max(0, Int(hour * 3_600)))
    }

    private mutating func lookAround(atMost most: Int) {
        for number in 0...user.detail.integer(below: most) {
            let dwell = 4 + user.detail.integer(below: 90)
            var row = SimulatedRow(.pageViewed)
            row.page = Self.pages[user.detail.integer(below: Self.pages.count)]
            row.device = number == 0 ? user.state.traits.device.rawValue : ""
            row.dwellSeconds = dwell
            add(row, thenWait: dwell)
        }
    }

    private mutating func returnLater() {
        guard user.detail.isTrue(withProbability: 0.2), clock < 70_000 else { return }
        clock += 3_600 + user.detail.integer(below: 12_000)
        lookAround(atMost: 2)
    }

    private mutating func writeActs(_ outcome: DayOutcome) {
        for _ in 0..<outcome.searches {
            var row = SimulatedRow(.searched)
            row.query = Self.queries[user.detail.integer(below: Self.queries.count)]
            add(row)
        }
        if outcome.videoPercent >= 0 {
            var row = SimulatedRow(.videoWatched)
            row.progressPercent = outcome.videoPercent
            add(row, thenWait: 6 * outcome.videoPercent)
        }
        if outcome.hasJoinedNewsletter { add(SimulatedRow(.newsletterJoined)) }
    }

    private mutating func writeSupport(_ outcome: DayOutcome) {
        for _ in 0..<outcome.closedTickets { add(SimulatedRow(.ticketClosed)) }
        for _ in 0..<outcome.failures {
            var row = SimulatedRow(.attemptFailed)
            row.reason = Self.failures[user.detail.integer(below: Self.failures.count)]
            add(row)
        }
        if outcome.hasOpenedTicket {
            var row = SimulatedRow(.ticketOpened)
            row.reason = outcome.failures > 0 ? "problem" : "question"
            add(row)
        }
    }

    private mutating func writePurchase(_ outcome: DayOutcome) {
        guard outcome.cartCents > 0 else { return }
        var row = SimulatedRow(.cartAdded)
        row.cents = outcome.cartCents
        add(row, thenWait: 30)
        row.event = .purchased
        if outcome.hasPurchased { add(row) }
    }

    private mutating func writeDecision(_ outcome: DayOutcome) {
        guard let decision = outcome.decision else { return }
        var row = SimulatedRow(decision.offer == .none ? .offerWithheld : .offerShown)
        row.offer = decision.offer.rawValue
        row.propensityPercent = decision.propensityPercent
        row.reason = decision.isHeldOut ? "holdout" : "random"
        add(row)
        guard decision.response != .ignored else { return }
        var answer = SimulatedRow(decision.response == .clicked ? .offerClicked : .offerDismissed)
        answer.offer = decision.offer.rawValue
        add(answer)
    }

    /// Returns the reason with the largest weight, as the user would give it; some users give none.
    private mutating func cancellationReason() -> String {
        let state = user.state
        if user.detail.isTrue(withProbability: 0.3) { return "other" }
        if state.failures >= 1 || state.openTickets > 0 { return "problems" }
        if state.visitTrend < -0.06 || state.daysSinceVisit > 7 { return "unused" }
        return state.hasAbandonedCart || state.traits.plan != .free ? "price" : "other"
    }

    private static let pages = ["home", "catalog", "product", "account", "pricing", "help", "blog"]
    private static let queries = ["shoes", "jacket", "gift", "sale", "course", "refund", "size chart"]
    private static let failures = ["payment", "login", "upload", "form"]
}

extension SimulatedRow {
    static func signUp(of traits: UserTraits) -> SimulatedRow {
        var row = SimulatedRow(.signedUp)
        row.plan = traits.plan.rawValue
        row.device = traits.device.rawValue
        row.country = traits.country.rawValue
        return row
    }
}
