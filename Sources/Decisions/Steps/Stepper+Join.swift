public import LimpetEvents
import LimpetFeatures

/// A profile that another one takes in.
public struct JoinedProfile: Hashable, Sendable {
    /// The number of the profile.
    public var number: UInt64
    /// The number of its last record, from which its chain goes on.
    public var lastRecord: UInt64

    /// Creates the reference to a profile.
    public init(number: UInt64, lastRecord: UInt64) {
        self.number = number
        self.lastRecord = lastRecord
    }
}

extension Stepper {
    /// Joins two profiles of one user in one record of the first, which survives.
    public func join(_ profile: inout Profile, taking other: Profile, _ context: StepContext) -> Step {
        let wasHeldOut = policy.isHeldOut(profile)
        let areDecided = profile.firstDecision != nil && other.firstDecision != nil
        let isCrossed = areDecided && wasHeldOut != policy.isHeldOut(other)
        let joined = JoinedProfile(number: other.number, lastRecord: other.lastRecord)
        var draft = StepDraft(profile: profile, context: context)
        begin()
        draft.profile.join(other)
        if isCrossed { draft.emit(.crossed) }
        checkWaits(&draft)
        releaseRefused(&draft)
        draft.profile.apply([], of: draft.header)
        profile = draft.profile
        let incoming = IncomingEvent(
            ids: other.ids, event: Event(user: "", name: ReservedEvent.join, time: context.now), flags: .own,
            isAnswered: false, joined: joined)
        let record = DecisionRecord(
            header: draft.header, input: .event(incoming), effects: draft.effects, receipts: draft.receipts)
        return Step(verdict: .taken, record: record)
    }

    /// Ends the waits that an event of the joined history had already ended.
    private func checkWaits(_ draft: inout StepDraft) {
        for timer in draft.profile.timers where timer.kind == .absence {
            guard let place = policy.place(of: timer.offerKey), let absence = policy.offers[place].absence
            else {
                continue
            }
            let first = watched(draft).first(
                absence.no, from: timer.start.milliseconds + 1, before: timer.deadline.milliseconds + 1)
            if first != nil { draft.emit(.disarm(offerKey: timer.offerKey, .absence)) }
        }
    }
}

extension Profile {
    /// Repeats a record of the log on the profile: its input and its effects, without deciding anything anew.
    ///
    /// - Parameter joined: the profile that the record's input takes in, if it takes in one.
    public mutating func apply(_ record: DecisionRecord, joined: Profile? = nil) {
        switch record.input {
        case .event(let incoming):
            if let joined {
                join(joined)
            } else {
                take(incoming, record: record.header.number, now: record.header.now)
            }
        case .ask(let question):
            if let request = question.request {
                messages.remember(request, record: record.header.number, at: record.header.now)
            }
        case .tick: break
        }
        apply(record.effects, of: record.header)
    }
}
