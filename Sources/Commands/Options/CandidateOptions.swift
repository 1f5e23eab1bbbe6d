import LimpetScoring
import LimpetTraining

/// The candidates among which a training without a given kind of model chooses: those that can keep all flags
/// that are given.
struct CandidateOptions {
    let kinds: [Model.Kind]
    /// The numbers of pairs that stumps and blends are tried with.
    let pairs: [PairSettings.Count]
    /// The reason why other kinds are not tried; nil where all are.
    let reason: String?

    /// - Parameter inBins: true for a log that is so large that its rows are kept as bins.
    init(_ training: TrainingOptions, inBins: Bool = false) {
        let stumps = training.stumps
        let stumpFlags = stumps.stumpFlags.filter(\.isGiven).map(\.name)
        let logisticFlags = training.logistic.logisticFlags.filter(\.isGiven).map(\.name)
        let onlyStumps =
            [
                ("--cap", !stumps.cap.isEmpty), ("--no-early-stopping", stumps.noEarlyStopping),
                ("--init-model", training.initModel != nil),
            ].filter(\.1).map(\.0)
        if inBins {
            (kinds, reason) = ([.stumps], "a log of this size is kept as bins, of which stumps are trained")
        } else if let flag = onlyStumps.first {
            (kinds, reason) = ([.stumps], "\(flag) goes with --model stumps")
        } else {
            kinds = [.stumps, .logistic, .blend].filter { kind in
                (stumpFlags.isEmpty || kind != .logistic) && (logisticFlags.isEmpty || kind != .stumps)
            }
            let names = (stumpFlags + logisticFlags).joined(separator: ", ")
            reason =
                kinds.count == 3
                ? nil : "other kinds cannot keep \(names)"
        }
        if inBins || stumps.noEarlyStopping {
            pairs = [.exactly(0)]
        } else {
            pairs = [.exactly(0), .chosen(atMost: 100)]
        }
    }

    /// Returns the search among the candidates; nil where there is one only.
    func search(_ training: TrainingOptions, _ settings: TrainingSettings) -> SettingSearch? {
        var space = SearchSpace(training, settings, kinds)
        if !training.stumps.namesPairs { space.pairs = pairs }
        let search = SettingSearch(space, metric: settings.chooseBy, candidatesOnly: true)
        return search.points.count > 1 ? search : nil
    }
}
