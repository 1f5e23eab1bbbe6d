import LimpetDocuments
import LimpetEvents
import LimpetScoring

extension StepReceipt {
    private enum Part {
        static let score: UInt8 = 1
        static let reasons: UInt8 = 2
        static let bins: UInt8 = 4
    }

    /// Writes the receipt: some 20 bytes, 16 for a score, and 2 and more for each offer.
    func write(to writer: inout PackedWriter) {
        writer.byte(
            (score == nil ? 0 : Part.score) | (reasons.isEmpty ? 0 : Part.reasons)
                | (bins.isEmpty ? 0 : Part.bins))
        writer.count(sequence)
        writer.time(asOf)
        cause.write(to: &writer)
        outcome.write(to: &writer)
        if let score {
            writer.double(score.logOdds)
            writer.double(score.probability)
        }
        if !reasons.isEmpty {
            writer.count(reasons.count)
            for reason in reasons { reason.write(to: &writer) }
        }
        if !bins.isEmpty {
            writer.count(bins.count)
            for bin in bins { writer.count(Int(bin)) }
        }
        writer.count(candidates.count)
        for candidate in candidates { candidate.write(to: &writer) }
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        let parts = try reader.byte(atMost: 7)
        sequence = try reader.count(limit: .max)
        asOf = try reader.time()
        cause = try Cause(&reader)
        outcome = try Outcome(&reader)
        if parts & Part.score != 0 {
            score = Score(logOdds: try reader.double(), probability: try reader.double())
        }
        if parts & Part.reasons != 0 {
            reasons = try reader.list { reader throws(PackedError) in try LeadingTopic(&reader) }
        }
        if parts & Part.bins != 0 {
            bins = try reader.list { reader throws(PackedError) in
                UInt16(try reader.count(limit: Int(UInt16.max)))
            }
        }
        candidates = try reader.list { reader throws(PackedError) in try Candidate(&reader) }
    }
}

extension StepReceipt.Cause {
    fileprivate func write(to writer: inout PackedWriter) {
        switch self {
        case .input: writer.byte(0)
        case .timer(let offer, let kind):
            writer.byte(1)
            writer.count(offer)
            writer.byte(kind.rawValue)
        case .delivery(let id):
            writer.byte(2)
            writer.number(id.record)
            writer.number(UInt64(id.epoch))
            writer.count(id.index)
        }
    }

    fileprivate init(_ reader: inout PackedReader) throws(PackedError) {
        switch try reader.byte(atMost: 2) {
        case 0: self = .input
        case 1:
            let offer = try reader.count(limit: Policy.offerLimit)
            guard let kind = PendingTimer.Kind(rawValue: try reader.byte()) else { throw reader.damage }
            self = .timer(offer: offer, kind)
        default:
            let (record, epoch) = (try reader.number(), try reader.small())
            self = .delivery(
                ReceiptID(epoch: epoch, record: record, index: try reader.count(limit: 1_000_000)))
        }
    }
}

extension StepReceipt.Outcome {
    fileprivate func write(to writer: inout PackedWriter) {
        switch self {
        case .offer(let place):
            writer.byte(0)
            writer.count(place)
        case .withheld(let place):
            writer.byte(1)
            writer.count(place)
        case .silence(let reason):
            writer.byte(2)
            writer.byte(reason.rawValue)
        case .released(let reason):
            writer.byte(3)
            writer.byte(reason.rawValue)
        }
    }

    fileprivate init(_ reader: inout PackedReader) throws(PackedError) {
        switch try reader.byte(atMost: 3) {
        case 0: self = .offer(try reader.count(limit: Policy.offerLimit))
        case 1: self = .withheld(try reader.count(limit: Policy.offerLimit))
        case 2:
            guard let reason = StepReceipt.Silence(rawValue: try reader.byte()) else { throw reader.damage }
            self = .silence(reason)
        default:
            guard let reason = Effect.Release(rawValue: try reader.byte()) else { throw reader.damage }
            self = .released(reason)
        }
    }
}

extension LeadingTopic {
    fileprivate func write(to writer: inout PackedWriter) {
        writer.count(topic)
        writer.double(contribution)
        writer.count(group)
        writer.count(values.count)
        for value in values { writer.fixed(value) }
    }

    fileprivate init(_ reader: inout PackedReader) throws(PackedError) {
        self.init(
            topic: try reader.count(limit: 1_000_000), contribution: try reader.double(),
            group: try reader.count(limit: 1_000_000),
            values: try reader.list { reader throws(PackedError) in try reader.fixed() })
    }
}

extension StepReceipt.Candidate {
    fileprivate func write(to writer: inout PackedWriter) {
        writer.count(offer)
        writer.count(exclusions.count)
        for exclusion in exclusions { exclusion.write(to: &writer) }
        writer.count(findings.count)
        for finding in findings { finding.write(to: &writer) }
    }

    fileprivate init(_ reader: inout PackedReader) throws(PackedError) {
        offer = try reader.count(limit: Policy.offerLimit)
        exclusions = try reader.list { reader throws(PackedError) in try Exclusion(&reader) }
        findings = try reader.list { reader throws(PackedError) in try LeafFinding(&reader) }
    }
}

extension LeafFinding {
    fileprivate func write(to writer: inout PackedWriter) {
        let bit: UInt8 = holds ? 0x80 : 0
        switch value {
        case .none: writer.byte(bit)
        case .score: writer.byte(bit | 1)
        case .number(let number):
            writer.byte(bit | 2)
            writer.double(number)
        case .count(let count):
            // Small counts, which most are, take one byte.
            if (0..<64).contains(count) {
                writer.byte(bit | 0x40 | UInt8(count))
            } else {
                writer.byte(bit | 3)
                writer.signed(Int64(count))
            }
        case .text(let place):
            writer.byte(bit | 4)
            writer.count(place)
        }
    }

    fileprivate init(_ reader: inout PackedReader) throws(PackedError) {
        let byte = try reader.byte()
        holds = byte & 0x80 != 0
        if byte & 0x40 != 0 {
            value = .count(Int(byte & 0x3f))
            return
        }
        switch byte & 0x3f {
        case 0: value = .none
        case 1: value = .score
        case 2: value = .number(try reader.double())
        case 3: value = .count(Int(try reader.signed()))
        case 4: value = .text(try reader.count(limit: 1_000_000))
        default: throw reader.damage
        }
    }
}
