import LimpetDocuments
import LimpetEvents

/// The bytes of exclusions: a tag, and the numbers that neither the policy nor the receipt holds.
extension Exclusion {
    private enum Tag: UInt8 {
        case population, placement, condition, spacing, perSession, perDay, cooldown, backoff, hidden,
            personalise
        case profiling, messages, quietHours, waiting, net, silence, overflow, outranked, perRollingDay
    }

    func write(to writer: inout PackedWriter) {
        func tag(_ tag: Tag) { writer.byte(tag.rawValue) }
        func spans(_ elapsed: TimeSpan, _ needed: TimeSpan) {
            writer.signed(elapsed.milliseconds)
            writer.signed(needed.milliseconds)
        }
        switch self {
        case .population: tag(.population)
        case .placement: tag(.placement)
        case .condition: tag(.condition)
        case .spacing(let elapsed, let needed):
            tag(.spacing)
            spans(elapsed, needed)
        case .perSession(let shown, let limit):
            tag(.perSession)
            writer.count(shown)
            writer.count(limit)
        case .perDay(let shown, let limit, let day):
            tag(day == .civil ? .perDay : .perRollingDay)
            writer.count(shown)
            writer.count(limit)
        case .cooldown(let elapsed, let needed):
            tag(.cooldown)
            spans(elapsed, needed)
        case .backoff(let dismissals, let elapsed, let needed):
            tag(.backoff)
            writer.count(dismissals)
            spans(elapsed, needed)
        case .hidden(let dismissals):
            tag(.hidden)
            writer.count(dismissals)
        case .consent(let purpose):
            tag(
                purpose.isVerbatim(ConsentStatements.personalise)
                    ? .personalise : purpose.isVerbatim(ConsentStatements.profile) ? .profiling : .messages)
        case .quietHours(let end):
            tag(.quietHours)
            writer.time(end)
        case .waiting: tag(.waiting)
        case .net(let gain):
            tag(.net)
            writer.double(gain)
        case .silence(let cause):
            tag(.silence)
            writer.byte(cause.rawValue)
        case .overflow(let limit):
            tag(.overflow)
            writer.count(limit)
        case .outranked: tag(.outranked)
        }
    }

    /// Reads an exclusion; what the policy and the receipt hold is filled in by ``filled(_:asked:winner:)``.
    init(_ reader: inout PackedReader) throws(PackedError) {
        guard let tag = Tag(rawValue: try reader.byte()) else { throw reader.damage }
        switch tag {
        case .population: self = .population
        case .placement: self = .placement(asked: nil, needed: [])
        case .condition: self = .condition
        case .spacing: self = .spacing(elapsed: try reader.span(), needed: try reader.span())
        case .perSession:
            self = .perSession(shown: try reader.count(limit: .max), limit: try reader.count(limit: .max))
        case .perDay, .perRollingDay:
            self = .perDay(
                shown: try reader.count(limit: .max), limit: try reader.count(limit: .max),
                day: tag == .perDay ? .civil : .rolling)
        case .cooldown: self = .cooldown(elapsed: try reader.span(), needed: try reader.span())
        case .backoff:
            self = .backoff(
                dismissals: try reader.count(limit: .max), elapsed: try reader.span(),
                needed: try reader.span())
        case .hidden: self = .hidden(dismissals: try reader.count(limit: .max))
        case .personalise: self = .consent(purpose: ConsentStatements.personalise)
        case .profiling: self = .consent(purpose: ConsentStatements.profile)
        case .messages: self = .consent(purpose: ConsentStatements.messages(by: ""))
        case .quietHours: self = .quietHours(until: try reader.time())
        case .waiting: self = .waiting
        case .net: self = .net(try reader.double())
        case .silence:
            guard let cause = SilenceCause(rawValue: try reader.byte()) else { throw reader.damage }
            self = .silence(cause)
        case .overflow: self = .overflow(limit: try reader.count(limit: .max))
        case .outranked: self = .outranked(by: "")
        }
    }

    /// Returns the exclusion with what the policy and the receipt hold.
    func filled(_ offer: Policy.Offer, asked: String?, winner: String?) -> Exclusion {
        switch self {
        case .placement: .placement(asked: asked, needed: offer.placements ?? [])
        case .outranked: .outranked(by: winner ?? "")
        case .consent(let purpose) where purpose.begins(with: ConsentStatements.messages(by: "")):
            .consent(purpose: ConsentStatements.messages(by: offer.channel))
        default: self
        }
    }
}

extension PackedReader {
    fileprivate mutating func span() throws(PackedError) -> TimeSpan { TimeSpan(milliseconds: try signed()) }
}
