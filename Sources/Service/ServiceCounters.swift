import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetSequencing
import Synchronization

/// The counters of the service, in the text format of Prometheus.
final class ServiceCounters: Sendable {
    private struct Counts {
        var accepted = 0
        var duplicates = 0
        var dropped = 0
        var rejected = 0
        var decisions: VerbatimDictionary<Int> = [:]
        var responses: [Int: Int] = [:]
        var decideBuckets = [Int](repeating: 0, count: ServiceCounters.bounds.count + 1)
        var decideSeconds = 0.0
    }

    /// The upper bounds of the buckets of decision times, in seconds.
    private static let bounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5]

    private let counts = Mutex(Counts())

    /// Counts the answers to events.
    @discardableResult
    func countEvents(_ answers: [InputAnswer]) -> (accepted: Int, duplicates: Int) {
        var (accepted, duplicates, dropped) = (0, 0, 0)
        for answer in answers {
            switch answer {
            case .taken: accepted += 1
            case .repetition: duplicates += 1
            // What is refused is taken in the sense that it must not be sent again.
            case .refused, .erased, .unknown: dropped += 1
            }
        }
        counts.withLock {
            $0.accepted += accepted
            $0.duplicates += duplicates
            $0.dropped += dropped
        }
        return (accepted + dropped, duplicates)
    }

    /// Counts messages that the log holds with which the database began.
    func countDuplicates(_ count: Int) { counts.withLock { $0.duplicates += count } }

    /// Counts messages of batches that were refused.
    func countRejected(_ count: Int) { counts.withLock { $0.rejected += count } }

    /// Counts a decision by its outcome, and the time from the request to the receipt on disk.
    func countDecision(outcome: String, duration: Duration) {
        let parts = duration.components
        let seconds = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        counts.withLock {
            $0.decisions[outcome, default: 0] += 1
            $0.decideBuckets[bucket] += 1
            $0.decideSeconds += seconds
        }
    }

    func countResponse(status: Int) {
        counts.withLock { $0.responses[status, default: 0] += 1 }
    }

    /// Returns all counters as text.
    func text(_ status: LoopStatus) -> String {
        let counts = counts.withLock { $0 }
        var lines = ["# TYPE limpet_events_total counter"]
        lines.append("limpet_events_total{result=\"accepted\"} \(counts.accepted)")
        lines.append("limpet_events_total{result=\"duplicate\"} \(counts.duplicates)")
        lines.append("limpet_events_total{result=\"dropped\"} \(counts.dropped)")
        lines.append("limpet_events_total{result=\"rejected\"} \(counts.rejected)")
        lines.append("limpet_events_total{result=\"conflict\"} \(status.counts.conflicts)")
        lines.append("# TYPE limpet_decisions_total counter")
        for (outcome, count) in counts.decisions.sorted(by: { $0.key < $1.key }) {
            lines.append("limpet_decisions_total{outcome=\"\(outcome)\"} \(count)")
        }
        lines.append("# TYPE limpet_responses_total counter")
        for (status, count) in counts.responses.sorted(by: { $0.key < $1.key }) {
            lines.append("limpet_responses_total{status=\"\(status)\"} \(count)")
        }
        lines.append("# TYPE limpet_decide_seconds histogram")
        var total = 0
        for (bound, count) in zip(Self.bounds, counts.decideBuckets) {
            total += count
            lines.append("limpet_decide_seconds_bucket{le=\"\(bound)\"} \(total)")
        }
        total += counts.decideBuckets[Self.bounds.count]
        lines.append("limpet_decide_seconds_bucket{le=\"+Inf\"} \(total)")
        lines.append("limpet_decide_seconds_sum \(counts.decideSeconds)")
        lines.append("limpet_decide_seconds_count \(total)")
        let gauges = [
            ("users_in_memory", status.inMemory.profiles), ("users_memory_bytes", status.inMemory.bytes),
            ("waiting_inputs", status.waiting.inputs), ("waiting_bytes", status.waiting.bytes),
            ("records", Int(status.lastStored)), ("records_in_states", Int(status.position)),
            ("groups", status.counts.groups), ("groups_failed", status.counts.failures),
            ("joins", status.counts.joins), ("joins_refused", status.counts.refusedJoins),
            ("silent", status.silence == nil ? 0 : 1),
            ("clock_drift_milliseconds", Int(status.clockDrift.milliseconds)),
        ]
        for (name, value) in gauges {
            lines.append("# TYPE limpet_\(name) gauge")
            lines.append("limpet_\(name) \(value)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
