package import LimpetDecisions

/// A request as the service takes it: inputs that are answered together.
package struct Submission: Sendable {
    /// The kinds of requests.
    package enum Work: Sendable {
        /// Steps of profiles, in this order.
        case inputs([ProfileInput])
        /// The removal of all data about the user with an id.
        case erasure(ProfileID)
        /// The joining of two known users: the second goes into the first.
        case merge(ProfileID, ProfileID)
    }

    /// The inputs, or the change of a profile.
    package let work: Work
    /// Called once, with an answer for each input, on the thread of the loop.
    package let reply: @Sendable (Reply) -> Void

    /// Makes a request.
    package init(_ work: Work, reply: @escaping @Sendable (Reply) -> Void) {
        (self.work, self.reply) = (work, reply)
    }

    /// Makes a request of inputs.
    package init(_ inputs: [ProfileInput], reply: @escaping @Sendable (Reply) -> Void) {
        self.init(.inputs(inputs), reply: reply)
    }
}

/// The answer to a request.
package enum Reply: Sendable {
    /// All that it asked for is stored; an answer for each input.
    case done([InputAnswer])
    /// It cannot be told that it is stored: the sender tries again.
    case failed(String)
}

/// The answer to an input.
package enum InputAnswer: Sendable {
    /// It was taken.
    case taken(StepAnswer)
    /// It has come before: the record has the first answer. Of the deliveries that were handed out, those
    /// are given that may still be shown.
    case repetition(record: UInt64, profile: UInt64, isConflict: Bool, valid: [Delivery])
    /// The user does not consent to the collection of events.
    case refused
    /// The user's data were erased, and the input was dropped.
    case erased
    /// There is no such user.
    case unknown
}

/// The answer of a step.
package struct StepAnswer: Sendable {
    /// The number of the profile.
    package let profile: UInt64
    /// The record; nil where nothing is stored.
    package let record: DecisionRecord?
    /// The delivery that is handed out; nil for none.
    package let delivery: Delivery?
    /// The receipt of the decision; nil where none was made.
    package let receipt: StepReceipt?
    /// True if an id that the input named belongs to another known user, and was not taken.
    package let isOtherUsers: Bool
}

/// A request on its way through groups.
final class InputRequest {
    let submission: Submission
    private var answers: [InputAnswer?]
    /// The number of inputs that are not answered.
    private(set) var left: Int
    /// The number of the last group that the reply waits for.
    private(set) var group: UInt64 = 0
    private(set) var isEnded = false

    init(_ submission: Submission) {
        self.submission = submission
        if case .inputs(let inputs) = submission.work { left = inputs.count } else { left = 1 }
        answers = [InputAnswer?](repeating: nil, count: left)
    }

    /// Notes the answer to an input, which holds once a group is stored.
    func answer(_ place: Int, _ answer: InputAnswer, after group: UInt64) {
        guard answers[place] == nil else { return }
        answers[place] = answer
        left -= 1
        self.group = max(self.group, group)
    }

    /// Takes back the answer to an input that is stepped again.
    func withdraw(_ place: Int) {
        guard answers[place] != nil else { return }
        answers[place] = nil
        left += 1
    }

    /// Replies with the answers to all inputs.
    func finish() { end(.done(answers.compactMap { $0 })) }

    /// Replies that it failed.
    func fail(_ reason: String) { end(.failed(reason)) }

    private func end(_ reply: Reply) {
        guard !isEnded else { return }
        isEnded = true
        submission.reply(reply)
    }
}
