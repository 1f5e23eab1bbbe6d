import LimpetDocuments
import ArgumentParser
import LimpetEvaluation
import LimpetScoring
import LimpetTraining
import Synchronization

/// Refusals and warnings of flags that were given but change nothing: whoever gives a flag expects an effect.
enum UnusedFlags {
    static func refuse(_ flags: [(name: String, isGiven: Bool)], because reason: String) throws {
        let given = flags.filter(\.isGiven).map(\.name)
        guard !given.isEmpty else { return }
        let verb = given.count == 1 ? "does" : "do"
        throw ValidationError("\(given.joined(separator: ", ")) \(verb) nothing here: \(reason)")
    }

    /// Warns of flags that only another kind of model reads. They are no error, since whoever compares kinds
    /// keeps one line of flags.
    static func warning(_ flags: [(name: String, isGiven: Bool)], because reason: String) {
        let given = flags.filter(\.isGiven).map(\.name)
        guard !given.isEmpty else { return }
        let warning = "warning: \(given.joined(separator: ", ")) changes nothing here: \(reason)"
        // The parser validates options twice, alone and with their command.
        guard said.withLock({ $0.insert(warning).inserted }) else { return }
        Terminal.note(warning)
    }

    private static let said = Mutex<VerbatimSet>([])

    static let onlyLog = "this goes with --events, not with --table"
    static let onlyTable = "this goes with --table, not with --events"
}

extension EventOptions {
    /// The flags for reading a log.
    var logFlags: [(name: String, isGiven: Bool)] {
        let usual = EventOptions.usual
        return [
            ("--user-column", userColumn != nil), ("--time-column", timeColumn != nil),
            ("--event-column", eventColumn != nil), ("--event-name", eventName != usual.name),
            ("--value-column", valueColumn != nil), ("--message-id-column", messageIdColumn != nil),
            ("--received-column", receivedColumn != nil), ("--attributes", !attributes.isEmpty),
            ("--earliest", earliest != nil),
            ("--time-format", timeFormat != usual.format), ("--time-zone", timeZone != usual.zone),
            ("--data-until", dataUntil != nil), ("--now", rows.now != nil),
        ]
    }

    private static let usual = (name: "event", format: "auto", zone: "UTC")
}

extension RowOptions {
    /// The flags for reading the rows of any file.
    var rowFlags: [(name: String, isGiven: Bool)] {
        [
            ("--delimiter", delimiter != nil), ("--missing", !missing.isEmpty),
            ("--max-bad-rows", maxBadRows > 0), ("--rejects", rejects != nil),
        ]
    }
}

extension TableOptions {
    /// The flags for the columns of a table.
    var tableFlags: [(name: String, isGiven: Bool)] {
        [
            ("--target", target != nil), ("--positive", positive != nil), ("--id", id != nil),
            ("--group", group != nil), ("--weight", weight != nil), ("--drop", !drop.isEmpty),
            ("--categorical", !categorical.isEmpty), ("--target-filled", targetFilled),
            ("--keep", !keep.isEmpty), ("--decimal-mark", decimalMark != nil),
            ("--date-order", dateOrder != nil), ("--dates-before", datesBefore != nil),
        ]
    }

    /// Refuses the flags of logs for a table, and of tables for a log.
    ///
    /// - Parameter more: further flags that go with logs only.
    func refuseUnused(_ events: EventOptions, more: [(name: String, isGiven: Bool)] = []) throws {
        if table != nil {
            try UnusedFlags.refuse(events.logFlags + more, because: UnusedFlags.onlyLog)
        } else {
            try UnusedFlags.refuse(tableFlags, because: UnusedFlags.onlyTable)
        }
    }
}

extension TableOptions {
    /// The flags of labels, users and weights, which are read beside the inputs of a model.
    static let outcomeFlags: VerbatimSet = [
        "--target", "--positive", "--target-filled", "--id", "--group", "--weight",
    ]

    /// Refuses the flags of columns that a command with a model does not read.
    ///
    /// - Parameter read: the flags that the command reads.
    func refuseUnread(except read: VerbatimSet) throws {
        try UnusedFlags.refuse(
            tableFlags.filter { $0.name != "--dates-before" && !read.contains($0.name) },
            because: "the model says which columns it reads")
    }
}

extension HorizonOptions {
    var labelFlags: [(name: String, isGiven: Bool)] {
        [
            ("--churn-after", churnAfter != nil), ("--churn-events", !churnEvents.isEmpty),
            ("--target-event", !targetEvent.isEmpty), ("--horizon", horizon != nil),
        ]
    }
}

extension LabelOptions {
    var labelFlags: [(name: String, isGiven: Bool)] { target.labelFlags + populationFlags }

    var populationFlags: [(name: String, isGiven: Bool)] {
        [
            ("--has-done", !hasDone.isEmpty), ("--has-not-done", !hasNotDone.isEmpty),
            ("--active-within", activeWithin != nil),
        ]
    }
}

extension SnapshotOptions {
    var snapshotFlags: [(name: String, isGiven: Bool)] {
        [
            ("--at", !at.isEmpty), ("--every", every != nil), ("--from", from != nil),
            ("--until", until != nil),
        ]
    }
}

extension FeatureOptions {
    var featureFlags: [(name: String, isGiven: Bool)] {
        [("--features", features != nil), ("--system-events", !systemEvents.isEmpty)]
    }
}

extension TrainingOptions {
    /// Warns of settings that none of the kinds to be trained reads, and refuses settings that contradict
    /// each other.
    func check(kinds: [Model.Kind]) throws {
        if !kinds.contains(where: { $0 != .logistic }) {
            UnusedFlags.warning(stumps.stumpFlags, because: "this goes with --model stumps or blend")
        }
        if !kinds.contains(where: { $0 != .stumps }) {
            UnusedFlags.warning(logistic.logisticFlags, because: "this goes with --model logistic or blend")
        } else {
            try checkLinear(kinds)
        }
        if folds == 0 {
            let usual = TrainingSettings(kind: .stumps)
            UnusedFlags.warning(
                [("--repeats", repeats != usual.repeats), ("--bootstrap", ![0, 200].contains(bootstrap))],
                because: "with --folds 0 there is no estimate")
        }
        try checkDirections()
        if chooseBy == .calibrationError {
            Terminal.note(
                "warning: calibrationError alone is best for a constant, so --choose-by takes what is "
                    + "close to one")
        }
        try UnusedFlags.refuse(
            [("--calibration \(calibration.rawValue)", noCalibration && calibration == .isotonic)],
            because: "--no-calibration is given too")
    }

    /// Refuses settings that lines and curves cannot keep, and standard errors that they cannot give.
    private func checkLinear(_ kinds: [Model.Kind]) throws {
        if let name = (stumps.rising + stumps.falling).first(where: {
            logistic.splines == ["all"] || logistic.splines.contains($0)
        }) {
            throw ValidationError(
                "--splines and --rising or --falling both name \(name): a curve could not keep the direction")
        }
        if kinds != [.logistic] {
            try UnusedFlags.refuse(
                [("--cap", !stumps.cap.isEmpty)], because: "lines have no cap; it goes with --model stumps")
        }
        guard logistic.inference != nil else { return }
        try UnusedFlags.refuse(
            [("--inference", kinds.contains(.stumps))],
            because: "the search may take stumps, which have no coefficients; say --tune-kinds logistic")
        let directed = [stumps.rising, stumps.falling, logistic.nonNegative, logistic.nonPositive]
        if let refusal = logistic.refusal(isDirected: directed.contains { !$0.isEmpty }) {
            throw ValidationError("--inference: \(refusal)")
        }
    }

    /// Refuses directions that contradict each other.
    private func checkDirections() throws {
        for (flag, names, other, contrary) in [
            ("--rising", stumps.rising, "--non-positive", logistic.nonPositive),
            ("--falling", stumps.falling, "--non-negative", logistic.nonNegative),
        ] {
            guard let both = names.first(where: contrary.contains) else { continue }
            throw ValidationError("\(flag) and \(other) both name \(both)")
        }
    }

    /// Refuses a metric to choose by where flags leave nothing to choose.
    func refuseIdleChoice() throws {
        try UnusedFlags.refuse(
            [("--choose-by", chooseBy != nil && choosesNothing)],
            because: "the rounds, pairs and penalties of --model \(model.rawValue) are all given")
    }

    private var choosesNothing: Bool {
        let hasPenalty = logistic.l1Ratio == nil ? logistic.l2 != nil : logistic.penalty != nil
        let hasRounds = stumps.noEarlyStopping && !(stumps.pairs ?? "").begins(with: "auto")
        return switch model {
        case .logistic: hasPenalty
        case .stumps: hasRounds
        case .blend: hasPenalty && hasRounds
        }
    }
}
