import LimpetDocuments
import LimpetEvents
import LimpetFeatures

/// The advice of a log on what churn is: an event by which users leave, or a length of silence.
struct ChurnAdvice {
    let verdict: SilenceProfile.Verdict
    let leaving: [LeavingEvent]
    /// A length of silence to try where none is recommended: in a short log a third of it.
    private let fallback: TimeSpan

    init(_ profile: SilenceProfile, log: EventLog) {
        (verdict, leaving) = (profile.verdict(), LeavingEvent.all(in: log))
        let days = log.span.map { TimeSpan(milliseconds: $0.last.milliseconds - $0.first.milliseconds).days }
        fallback = .days(min(30, max(1, Int64((days ?? 90) / 3))))
    }

    /// The flags of `limpet train` that say so.
    var flags: String {
        if let event = leaving.first {
            return "--target-event \(event.word) --horizon 28d"
        }
        if case .goneAfter(let silence) = verdict { return "--churn-after \(silence)" }
        return "--churn-after \(fallback)"
    }

    /// The advice in sentences.
    var sentences: [String] {
        guard let event = leaving.first else { return [verdict.sentence] }
        return [
            verdict.sentence + " As silence, churn is that of users who have not left: --has-not-done "
                + "\(event.word)."
        ] + leaving.prefix(3).map(\.sentence)
    }

    /// True where something says what churn is.
    var isTelling: Bool {
        if case .goneAfter = verdict { true } else { !leaving.isEmpty }
    }
}

extension LeavingEvent {
    fileprivate var sentence: String {
        "The log says who leaves: \(name.quoted) is of \(Format.count(users)) users, and "
            + (isLast
                ? "of \(Format.percent(lastShare, 0)) of them nothing follows"
                : "they then do \(Format.percent(activityShare)) of what they did a day before")
            + "; --target-event "
            + "\(word) --horizon 28d predicts it."
    }

    /// The name as a word of a command.
    fileprivate var word: String { name.utf8.contains(32) ? name.quoted : name }
}

extension SilenceProfile.Verdict {
    /// The advice as one word, for scripts.
    var name: String {
        switch self {
        case .goneAfter: "goneAfter"
        case .comesBack: "comesBack"
        case .tooLittle: "tooLittle"
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .goneAfter(let silence):
            "After \(silence) of silence, and after each longer one, at most one user in five comes back "
                + "within as long again: a first choice is --churn-after \(silence)."
        case .comesBack(let longest):
            "At silences up to \(longest), more than one user in five comes back within as long again. "
                + "Churn is not a matter of silence here, or the log is too short: try --churn-events, "
                + "or a longer log."
        case .tooLittle:
            "Too little data to tell: no length of silence was seen \(SilenceProfile.leastSilences) times "
                + "and then watched for as long again. Take a longer log, or more users."
        }
    }
}
