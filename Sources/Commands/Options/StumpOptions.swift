import LimpetDocuments
public import ArgumentParser
import LimpetScoring
public import LimpetTraining

/// The flags of boosted stumps.
struct StumpOptions: ParsableArguments {
    @Option(help: "Rounds of boosting: the most, or with --no-early-stopping all (default: 10000).")
    var rounds: Int?

    @Option(help: "The part of each boosting step that is taken (default: 0.1).")
    var learningRate: Double?

    @Option(help: "The most bins of an input (default: 255).")
    var bins: Int?

    @Flag(help: "Make all --rounds instead of choosing their number on held-out rows.")
    var noEarlyStopping = false

    @Option(
        help: "Terms over two inputs: a number, or auto (up to 100) or auto:N to choose on held-out rows.")
    var pairs: String?

    @Option(
        parsing: .upToNextOption,
        help: "A B: the term over these two inputs, instead of a search; for each pair again.")
    var pair: [String] = []

    @Option(
        parsing: .upToNextOption, help: "A B: no term over these two inputs; for each pair again.")
    var noPair: [String] = []

    @Option(
        help: "The number of fits to users drawn with replacement: the mean, with error bars (default: 1).")
    var bags: Int?

    @Option(help: "L1 penalty on a step (default: 0).")
    var stepL1: Double?

    @Option(help: "L2 penalty on a step, in units of the Hessian (default: 10).")
    var stepL2: Double?

    @Option(help: "The fewest users on each side of a split (default: 20, and 10 of fewer than 2,000 users).")
    var minimumUsers: Double?

    @Option(help: "The share of inputs that each round may split (default: 1).")
    var inputShare: Double?

    @Option(
        parsing: .upToNextOption,
        help: "Numbers whose effect may only rise, in every kind of model; they are in no pair.")
    var rising: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Numbers whose effect may only fall, in every kind of model; they are in no pair.")
    var falling: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: """
            NAME=X: the most by which an input's highest and lowest step may differ, in log-odds; it is in \
            no pair.
            """)
    var cap: [String] = []

    @Option(help: "Memory that the curvature of boosting may take, e.g. 256MB (default: 512MB).")
    var curvatureMemory: String?

    @Option(
        help: "How rounds are made: automatic, plain (each looks at all rows) or gram (default: automatic).")
    var boosting: StumpSettings.Form?

    /// The flags that only stumps read, so that other kinds can refuse them; directions concern all kinds.
    var stumpFlags: [(name: String, isGiven: Bool)] {
        [
            ("--rounds", rounds != nil), ("--learning-rate", learningRate != nil), ("--bins", bins != nil),
            ("--no-early-stopping", noEarlyStopping), ("--pairs", pairs != nil), ("--bags", bags != nil),
            ("--pair", !pair.isEmpty),
            ("--step-l1", stepL1 != nil), ("--step-l2", stepL2 != nil),
            ("--minimum-users", minimumUsers != nil), ("--input-share", inputShare != nil),
            ("--cap", !cap.isEmpty),
            ("--curvature-memory", curvatureMemory != nil), ("--boosting", boosting != nil),
        ]
    }

    func validate() throws {
        func check(_ isValid: Bool, _ message: String) throws {
            guard isValid else { throw ValidationError(message) }
        }
        try check((1...100_000).contains(rounds ?? 1), "--rounds must be from 1 to 100,000")
        try check(
            learningRate.map { $0 > 0 && $0 <= 1 } ?? true, "--learning-rate must be above 0 and at most 1")
        try check((3...255).contains(bins ?? 255), "--bins must be from 3 to 255")
        try check((1...1_000).contains(bags ?? 1), "--bags must be from 1 to 1,000")
        for (flag, value) in [
            ("--step-l1", stepL1), ("--step-l2", stepL2), ("--minimum-users", minimumUsers),
        ] {
            try check(value.map { $0 >= 0 && $0.isFinite } ?? true, "\(flag) must be 0 or more")
        }
        try check(
            inputShare.map { $0 > 0 && $0 <= 1 } ?? true, "--input-share must be above 0 and at most 1")
        try check(
            !noEarlyStopping || rounds != nil,
            "--no-early-stopping makes all rounds: say how many with --rounds")
        if let both = rising.first(where: falling.contains) {
            throw ValidationError("--rising and --falling both name \(both)")
        }
        try checkPairs()
        _ = try (pairCount(), bytes(), caps())
    }

    /// Returns the settings, with the names of inputs looked up.
    func settings(inputs: [Model.Input], seed: UInt64) throws -> StumpSettings {
        var settings = StumpSettings()
        settings.maximumRounds = rounds ?? settings.maximumRounds
        settings.learningRate = learningRate ?? settings.learningRate
        settings.maximumBins = bins ?? settings.maximumBins
        settings.stopsEarly = !noEarlyStopping
        settings.pairs.count = try pairCount() ?? settings.pairs.count
        settings.bags = bags ?? settings.bags
        settings.l1 = stepL1 ?? settings.l1
        settings.l2 = stepL2 ?? settings.l2
        settings.minimumUsers = minimumUsers ?? settings.minimumUsers
        settings.inputShare = inputShare ?? settings.inputShare
        settings.memory = try bytes() ?? settings.memory
        settings.form = boosting ?? settings.form
        settings.seed = seed
        settings.pairs.forbidden = Set(try pairs(noPair, "--no-pair", inputs))
        if !pair.isEmpty {
            settings.pairs.named = try pairs(pair, "--pair", inputs)
            (settings.pairs.lists, settings.pairs.count) = ([.named], .exactly(settings.pairs.named.count))
        }
        for name in rising { settings.directions[try index(name, "--rising", inputs)] = 1 }
        for name in falling { settings.directions[try index(name, "--falling", inputs)] = -1 }
        for (name, cap) in try caps() { settings.caps[try index(name, "--cap", inputs)] = cap }
        return settings
    }

    func index(_ name: String, _ flag: String, _ inputs: [Model.Input]) throws -> Int {
        guard let index = inputs.firstIndex(where: { $0.name.isVerbatim(name) }) else {
            let names = inputs.prefix(8).map(\.name).joined(separator: ", ")
            throw ValidationError("\(flag) \(name): there is no such input; the first are \(names)")
        }
        guard ["--cap", "--pair", "--no-pair"].contains(flag) || !inputs[index].isCategorical else {
            throw ValidationError("\(flag) \(name): levels of a category have no order")
        }
        return index
    }

    private func pairCount() throws -> PairSettings.Count? {
        guard let pairs else { return nil }
        if pairs == "auto" { return .chosen(atMost: 100) }
        let isChosen = pairs.begins(with: "auto:")
        guard let count = Int(isChosen ? String(pairs.dropFirst(5)) : pairs),
            ((isChosen ? 1 : 0)...1_000).contains(count)
        else {
            throw ValidationError("--pairs \(pairs): expected a number up to 1,000, auto, or e.g. auto:12")
        }
        return isChosen ? .chosen(atMost: count) : .exactly(count)
    }

    private func caps() throws -> [(String, Double)] {
        try cap.map { text in
            guard let sign = text.lastIndex(of: "="), let value = Double(text[text.index(after: sign)...]),
                value > 0, value.isFinite
            else { throw ValidationError("--cap \(text): expected NAME=X with X above 0") }
            return (String(text[..<sign]), value)
        }
    }

    /// The memory of the curvature, in bytes; nil where it is not given.
    func bytes() throws -> Int? {
        try curvatureMemory.map { try MemorySize.bytes($0, flag: "--curvature-memory") }
    }
}

extension StumpSettings.Form: ExpressibleByArgument {}
