/// Words that the project has given up for the field's own, by the folder where they are given up.
///
/// Routes, subcommands, JSON keys and fields of files stand in texts, which are not looked at.
enum RetiredWords {
    /// Words of names in code.
    static let names: [(folder: String, words: Set<String>, instead: String)] = [
        ("Sources/Features/", ["sweep", "swept"], "slice, prefix aggregates, window features"),
        ("Sources/", ["stretch", "stretches"], "slice, partition, chunk"),
        ("Sources/Features/", ["track", "tracks"], "series"),
        ("Sources/Features/", ["route", "routes", "lead", "leads"], "dispatch"),
        ("Sources/Features/", ["moment", "moments"], "snapshot time, as-of time"),
        ("Sources/Commands/", ["moment", "moments"], "snapshot time"),
        ("Sources/Pipelines/", ["moment", "moments"], "snapshot time"),
        ("Sources/Decisions/", ["moment", "moments"], "as-of time"),
        ("Sources/Scoring/", ["moment", "moments"], "as-of time"),
        ("Sources/Decisions/", ["show", "shows"], "exposure"),
        ("Sources/Training/", ["leg", "legs"], "block of rounds"),
        ("Sources/Training/", ["pace", "fidelity"], "trust region, gain ratio"),
        ("Sources/Training/", ["judge", "judged"], "validation metric, evaluate"),
        ("Sources/Training/", ["trouble", "wish", "watch", "thinned"], "fit error, stop request, monitor"),
        ("Sources/Commands/", ["remark", "remarks", "judged", "borne"], "warning, evaluated, tolerated"),
        ("Sources/", ["twin", "naive", "house"], "reference implementation, module"),
    ]

    /// Phrases of comments.
    static let phrases: [(phrase: String, instead: String)] = [
        ("so many", "the count, at most"), ("at hand", "current, given"),
        ("one after the other", "in sequence"), ("one behind the other", "in sequence"),
        ("polite kill", "SIGTERM"), ("naive twin", "reference implementation"),
        ("heard alone", "main effect"),
    ]
}
