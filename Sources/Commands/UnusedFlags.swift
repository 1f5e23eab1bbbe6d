import ArgumentParser
import LimpetEvaluation
import LimpetScoring
import LimpetTraining

/// Flags that were given but change nothing here. Who gives one expects something of it.
enum UnusedFlags {
    static func refuse(_ flags: [(name: String, isGiven: Bool)], because reason: String) throws {
        let given = flags.filter(\.isGiven).map(\.name)
        guard !given.isEmpty else { return }
        let verb = given.count == 1 ? "does" : "do"
        throw ValidationError("\(given.joined(separator: ", ")) \(verb) nothing here: \(reason)")
    }

    /// Remarks on flags that another kind of model would read: who compares kinds keeps one line of flags.
    static func remark(_ flags: [(name: String, isGiven: Bool)], because reason: String) {
        let given = flags.filter(\.isGiven).map(\.name)
        guard !given.isEmpty else { return }
        Terminal.note("warning: \(given.joined(separator: ", ")) changes nothing here: \(reason)")
    }

    static let onlyLog = "this goes with --events, not with --table"
    static let onlyTable = "this goes with --table, not with --events"
}

extension EventOptions {
    /// The flags that say how a log is read.
    var logFlags: [(name: String, isGiven: Bool)] {
        let usual = EventOptions.usual
        return [
            ("--user-column", userColumn != nil), ("--time-column", timeColumn != nil),
            ("--event-column", eventColumn != nil), ("--event-name", eventName != usual.name),
            ("--value-column", valueColumn != nil), ("--message-id-column", messageIdColumn != nil),
            ("--time-format", timeFormat != usual.format), ("--time-zone", timeZone != usual.zone),
            ("--data-until", dataUntil != nil), ("--now", rows.now != nil),
        ]
    }

    private static let usual = (name: "event", format: "auto", zone: "UTC")
}

extension TableOptions {
    /// The flags that say what a table's columns are.
    var tableFlags: [(name: String, isGiven: Bool)] {
        [
            ("--target", target != nil), ("--positive", positive != nil), ("--id", id != nil),
            ("--group", group != nil), ("--weight", weight != nil), ("--drop", !drop.isEmpty),
            ("--categorical", !categorical.isEmpty),
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
    /// Remarks on the settings of the other kind of model, and refuses what contradicts itself.
    func checkUnused() throws {
        switch model {
        case .logistic:
            UnusedFlags.remark(
                stumps.stumpFlags, because: "this goes with --model stumps or blend")
        case .stumps:
            UnusedFlags.remark(logistic.logisticFlags, because: "this goes with --model logistic or blend")
        case .blend: break
        }
        if chooseBy == .calibrationError {
            Terminal.note(
                "warning: calibrationError alone is best for a constant, so --choose-by takes what is close to one"
            )
        }
        try UnusedFlags.refuse(
            [("--calibration \(calibration.rawValue)", noCalibration && calibration == .isotonic)],
            because: "--no-calibration is given too")
    }

    /// Refuses a metric to choose by where flags leave nothing to choose.
    func refuseIdleChoice() throws {
        try UnusedFlags.refuse(
            [("--choose-by", chooseBy != nil && choosesNothing)],
            because: "the rounds, pairs and penalties of --model \(model.rawValue) are all given")
    }

    private var choosesNothing: Bool {
        let hasPenalty = logistic.l1Ratio == nil ? logistic.l2 != nil : logistic.penalty != nil
        let hasRounds = stumps.noEarlyStopping && !(stumps.pairs ?? "").hasPrefix("auto")
        return switch model {
        case .logistic: hasPenalty
        case .stumps: hasRounds
        case .blend: hasPenalty && hasRounds
        }
    }
}
