import LimpetDocuments
import Synchronization

/// A bar on the terminal for work of over a second, with the stage, the share that is done and the time left.
/// Nothing is drawn when standard error is no terminal.
final class ProgressBar: Sendable {
    private struct State {
        var title: String
        /// The time at which the title was first given, from which the time left is estimated.
        var start: ContinuousClock.Instant
        var lastDrawn: ContinuousClock.Instant?
    }

    private let state: Mutex<State>
    private let isShown: Bool
    private let stage: String
    private let start = ContinuousClock.now

    init(_ title: String) {
        isShown = Terminal.isInteractive
        stage = title
        state = Mutex(State(title: title, start: .now))
    }

    /// Draws that a share of the work, 0 to 1, is done; several threads may call it.
    ///
    /// - Parameters:
    ///   - share: nil where nobody knows how much there will be; then there is no bar.
    ///   - detail: further text, e.g. the loss so far.
    func update(_ share: Double?, title: String?, detail: String? = nil) {
        guard isShown else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            let isNew = title.map { $0 != state.title } ?? false
            if let title, title != state.title {
                state.title = title
                state.start = now
            }
            let sinceDrawn = state.lastDrawn.map { $0.duration(to: now) } ?? .seconds(1)
            guard start.duration(to: now) > .seconds(1), isNew || sinceDrawn > .milliseconds(100) else {
                return
            }
            state.lastDrawn = now
            let elapsed = state.start.duration(to: now)
            Terminal.draw(Self.line(state.title, share: share, detail: detail, elapsed: elapsed))
        }
    }

    /// Draws how far the stage is, with the part of it as its title and the log loss at the end.
    func update(_ share: Double?, part: String?, detail: String?, loss: Double?) {
        guard isShown else { return }
        let details = [detail, loss.map { "log loss \(Format.fixed($0, 4))" }].compactMap { $0 }
        update(
            share, title: part.map { "\(stage): \($0)" } ?? stage,
            detail: details.isEmpty ? nil : details.joined(separator: " · "))
    }

    /// Clears the bar.
    func finish() {
        guard isShown else { return }
        state.withLock { state in
            if state.lastDrawn != nil { Terminal.draw("\r\u{1b}[2K") }
            state.lastDrawn = nil
        }
    }

    static func line(_ title: String, share: Double?, detail: String?, elapsed: Duration) -> String {
        let detail = detail.map { " · " + $0 } ?? ""
        guard let share = share.map({ min(max($0, 0), 1) }) else {
            let waited = elapsed.components.seconds
            return "\r\u{1b}[2K\(title)\(detail)\(waited > 0 ? " · \(waited) s" : "")"
        }
        let width = max(10, Terminal.width - title.count - detail.count - 27)
        let full = Int(share * Double(width))
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
        let seconds = Double(elapsed.components.seconds)
        let left = share > 0.01 ? " · \(Int((seconds / share - seconds).rounded())) s left" : ""
        return "\r\u{1b}[2K\(title) \(bar) \(Int(share * 100)) %\(detail)\(left)"
    }
}
