import LimpetDocuments
import Synchronization

/// A bar on the terminal for work of over a second, with the stage, the share that is done and the time left.
/// Nothing is drawn when standard error is no terminal.
final class ProgressBar: Sendable {
    private struct State {
        var title: String
        var start: ContinuousClock.Instant
        var lastDrawn: ContinuousClock.Instant?
    }

    private let state: Mutex<State>
    private let isShown: Bool
    private let stage: String

    init(_ title: String) {
        isShown = Terminal.isInteractive
        stage = title
        state = Mutex(State(title: title, start: .now))
    }

    /// Draws that a share of the work, 0 to 1, is done; several threads may call it.
    ///
    /// - Parameter warning: further text after the bar, e.g. the loss so far.
    func update(_ share: Double, title: String?, warning: String? = nil) {
        guard isShown else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            if let title, title != state.title {
                state.title = title
                state.start = now
            }
            let elapsed = state.start.duration(to: now)
            let sinceDrawn = state.lastDrawn.map { $0.duration(to: now) } ?? .seconds(1)
            guard elapsed > .seconds(1), sinceDrawn > .milliseconds(100) else { return }
            state.lastDrawn = now
            Terminal.draw(Self.line(state.title, share: share, warning: warning, elapsed: elapsed))
        }
    }

    /// Draws that a share is done, with the part of the stage as its title and the log loss after the bar.
    func update(_ share: Double, part: String?, loss: Double?) {
        guard isShown else { return }
        update(
            share, title: part.map { "\(stage): \($0)" } ?? stage,
            warning: loss.map { "log loss \(Format.fixed($0, 4))" })
    }

    /// Clears the bar.
    func finish() {
        guard isShown else { return }
        state.withLock { state in
            if state.lastDrawn != nil { Terminal.draw("\r\u{1b}[2K") }
            state.lastDrawn = nil
        }
    }

    static func line(_ title: String, share: Double, warning: String?, elapsed: Duration) -> String {
        let share = min(max(share, 0), 1)
        let warning = warning.map { " · " + $0 } ?? ""
        let width = max(10, Terminal.width - title.count - warning.count - 27)
        let full = Int(share * Double(width))
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
        let seconds = Double(elapsed.components.seconds)
        let left = share > 0.01 ? " · \(Int((seconds / share - seconds).rounded())) s left" : ""
        return "\r\u{1b}[2K\(title) \(bar) \(Int(share * 100)) %\(warning)\(left)"
    }
}
