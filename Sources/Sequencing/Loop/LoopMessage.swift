import LimpetStorage

/// A message to the thread of a decision loop.
enum LoopMessage: Sendable {
    /// A request, with the bytes that it counts for.
    case submission(Submission, bytes: Int)
    /// The fate of the closed group.
    case commit(CommitOutcome)
    /// The end of the writing of rows.
    case slice(StateSlice, StorageError?)
    /// The end of the removal of erased bytes.
    case purge(Erasure, StorageError?)
    /// Work on what only the loop may touch.
    case work(@Sendable (LoopState) -> Void)
    /// The end: what was taken is stored, and then the thread ends.
    case stop
}

/// The requests that wait for a loop, bounded in number and in bytes.
struct LoopInbox {
    private var messages: [LoopMessage] = []
    /// The inputs and bytes of requests that were not taken yet, here and in the loop's own list.
    private(set) var waiting = (inputs: 0, bytes: 0)
    private(set) var isStopping = false

    /// Adds a request; false where there is no room for it.
    mutating func add(_ submission: Submission, bytes: Int, limits: DecisionLoop.Limits) -> Bool {
        guard !isStopping, waiting.inputs < limits.inputs, waiting.bytes + bytes <= limits.bytes else {
            return false
        }
        waiting.inputs += submission.inputCount
        waiting.bytes += bytes
        messages.append(.submission(submission, bytes: bytes))
        return true
    }

    mutating func add(_ message: LoopMessage) {
        if case .stop = message { isStopping = true }
        messages.append(message)
    }

    /// Takes notice that requests were taken.
    mutating func take(inputs: Int, bytes: Int) {
        waiting.inputs -= inputs
        waiting.bytes -= bytes
    }

    /// Removes and returns all messages.
    mutating func takeAll() -> [LoopMessage] {
        defer { messages = [] }
        return messages
    }
}

extension Submission {
    /// The number of inputs that it counts for.
    var inputCount: Int { if case .inputs(let inputs) = work { max(1, inputs.count) } else { 1 } }
}
