/// What the style tests let pass, with the reason of each.
enum TidyExceptions {
    /// Files of more than 300 lines.
    static let longFiles = [
        "Sources/CKernels/stumps.c": "one family of kernels, which share macros and inline functions",
        "Sources/CScoring/tables.c": "one kernel in a version for each vector unit",
        "Tests/NumericsTests/ElementaryConstants.swift": "a table of constants, written by a script",
    ]

    /// Files with lines of more than 110 columns.
    static let wideFiles: [String: String] = [:]

    /// Files that compare texts as `String` does.
    static let stringComparisons = [
        "Sources/Documents/Text/VerbatimDictionary.swift": "takes a dictionary of String for its literals"
    ]

    /// Files that are named after no type.
    static let fileNames = [
        "Sources/CInterface/Functions+Model.swift": "functions of C, which belong to no type",
        "Sources/CInterface/Functions+Score.swift": "functions of C, which belong to no type",
        "Sources/Files/ColumnarLog/Checksum.swift": "one function",
        "Sources/Parallel/ConcurrentMap.swift": "one function",
        "Tests/Support/OnOwnThread.swift": "one function",
        "Tests/Support/ProcessorTime.swift": "one function",
    ]
}
