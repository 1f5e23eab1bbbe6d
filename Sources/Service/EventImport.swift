import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetSequencing
import LimpetStorage

/// The taking in of an event log when a database begins: each event becomes a record, user after user.
struct EventImport: Sendable {
    let log: EventLog
    let secrets: ServiceSecrets

    /// The events that are stored together.
    private static let groupSize = 2_000
    private static let setting = "imported"

    /// Takes the log in, unless it was taken in before.
    ///
    /// - Parameter report: called with the events that were taken in so far.
    /// - Throws: `StorageError` when a group cannot be stored; the next start goes on with it.
    func run(
        _ sequencer: Sequencer, _ store: EmbeddedStore, _ storage: RecordLog, at now: Timestamp,
        report: (Int) -> Void
    ) throws(StorageError) {
        let stored = try storage.setting(Self.setting).map { String(decoding: $0, as: UTF8.self) }
        let parts = stored?.split(separator: " ").map(String.init) ?? []
        // A log is taken in once; what comes later comes by requests.
        if parts.count == 2, parts[1].isVerbatim("done") { return }
        var (next, user) = (parts.first.flatMap { Int($0) } ?? 0, 0)
        guard parts.isEmpty || parts[1].isVerbatim(fingerprint) else {
            throw .failed("the database holds part of another event log: start with that one once more")
        }
        while next < log.count {
            let end = min(next + Self.groupSize, log.count)
            let events = (next..<end).map { row in
                while log.rows(ofUser: user).upperBound <= row { user += 1 }
                return ProfileInput.event(event(ofRow: row, user: log.users[user]))
            }
            try storeAll(events, sequencer, store, at: now)
            next = end
            let state = next == log.count ? "done" : fingerprint
            try storage.set(LogSetting(key: Self.setting, value: Array("\(next) \(state)".utf8)))
            report(next)
        }
    }

    /// The sign by which an interrupted taking in knows its log again.
    private var fingerprint: String {
        let span = log.span.map { "\($0.first.milliseconds)-\($0.last.milliseconds)" } ?? ""
        return "\(log.count)-\(log.users.count)-\(span)"
    }

    private func event(ofRow row: Int, user: String) -> IncomingEvent {
        var event = log.event(ofRow: row, user: user)
        event.user = ""
        let message = event.messageID.map { id in
            MessageHash(id: secrets.messages(id, kind: 0), content: 0)
        }
        return IncomingEvent(ids: [.known(user)], event: event, message: message, isAnswered: false)
    }

    private func storeAll(
        _ events: [ProfileInput], _ sequencer: Sequencer, _ store: EmbeddedStore, at now: Timestamp
    ) throws(StorageError) {
        sequencer.take(Submission(events) { _ in }, at: now)
        while !sequencer.isIdle {
            guard let commit = sequencer.closeGroup(at: now, isForced: true) else { break }
            let outcome = commit.store()
            sequencer.conclude(outcome, at: now)
            switch outcome {
            case .committed: break
            case .failed(let error), .unknown(let error): throw error
            }
        }
        while let slice = store.sweep(rows: .max) {
            var fault: StorageError?
            do throws(StorageError) { try store.rowStorage.write(slice) } catch { fault = error }
            store.didWriteSlice(slice, fault)
            if let fault { throw fault }
        }
    }
}
