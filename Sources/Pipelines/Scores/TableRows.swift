import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetParallel
import LimpetScoring

/// The rows of a flat table, block by block, in memory that does not grow with the table but for 64 bits of
/// each id.
struct TableRows: ScoringRows, Sendable {
    private let verified: ModelFile.Verified
    private let flat: FlatScorer
    private let source: TableSource
    private let lines: ScoreLines
    private let threads: Int
    private let unseen = UnseenTexts()

    init(_ verified: ModelFile.Verified, source: TableSource, lines: ScoreLines, threads: Int) {
        self.verified = verified
        flat = FlatScorer(verified.scorer)
        self.source = source
        self.lines = lines
        self.threads = threads
    }

    let isResumable = true
    let errorWithoutRows: InputError? = nil

    /// A block of lines, with the keys that tell whether an id is repeated.
    private struct Block: Sendable {
        var scored: ScoredBlock
        /// The keys of the ids, and the lines on which they stand.
        var keys: [UInt64] = []
        var lines: [Int] = []
        /// The rows of each text that no term knows, by input and by the text's place; -1 for one too many.
        var unknown: [[Int: Int]] = []
    }

    func forEachBatch(
        from start: ScoreCheckpoint?, _ clock: StageClock, progress: @escaping @Sendable (Double) -> Void,
        _ body: (ScoredBatch) throws -> Void
    ) async throws {
        clock.begin(.score)
        let rejection = try source.rows.rejection(source.observer)
        var lineOfID = try await earlierIDs(before: start?.input)
        rejection.count(earlier: start?.rejected ?? 0)
        var levels = UnseenLevels(verified.scorer.model)
        var reader = reader(rejection)
        reader.progress = progress
        try await reader.rows(
            source.file, columns: columns, id: source.id, from: start?.input,
            code: { [self] in code($1, input: $0) },
            transform: { [self] in block($0) },
            body: { block, end in
                if block.scored.failure == nil { try check(block, &lineOfID) }
                try body(ScoredBatch(block: block.scored, end: end, rejected: rejection.count))
                levels.add(rows: block.lines.count)
                for (input, rows) in block.unknown.enumerated() {
                    for (place, count) in rows {
                        levels.add(unseen.text(at: place), input: input, rows: count)
                    }
                }
            })
        for warning in levels.warnings { source.observer.note(warning) }
    }

    private func block(_ rows: BlockRows) -> Block {
        let parsed = ParsedRows(
            rows: rows, file: source.file, hasIDs: source.id != nil, flat: flat, unseen: unseen)
        var block = Block(
            scored: ScoredBlock(
                parsed, flat, lines, hash: verified.hash, keepsProbabilities: false))
        block.lines = rows.lines
        block.unknown = unknown(rows)
        if source.id != nil { block.keys = rows.ids.map { TextKey($0).rawValue } }
        return block
    }

    /// Counts the rows of each text that no term knows.
    private func unknown(_ rows: BlockRows) -> [[Int: Int]] {
        verified.scorer.model.inputs.enumerated().map { input, description in
            let known = flat.levels(of: input).count
            guard description.isCategorical, known > 0 else { return [:] }
            var counts: [Int: Int] = [:]
            for row in 0..<rows.count {
                let code = rows.numbers[row * flat.width + input]
                if code >= Double(known) { counts[Int(code) - known - 1, default: 0] += 1 }
            }
            return counts
        }
    }

    private var columns: [TableColumn] {
        source.inputColumns(of: verified.scorer.model)
    }

    private func reader(_ rejection: RowRejection) -> TableReader {
        TableReader(
            delimiter: source.rows.delimiter, missing: source.rows.missing, rejection: rejection,
            threads: threads)
    }

    /// Returns the ids of the rows that an earlier run has scored, which may not be repeated, with their
    /// lines.
    private func earlierIDs(before end: TablePosition?) async throws -> [UInt64: UInt32] {
        var lineOfID: [UInt64: UInt32] = [:]
        guard let end, source.id != nil else { return lineOfID }
        // All columns are read, so that the same rows are bad; they were tolerated and reported then.
        let reader = reader(try RowRejection(limit: Int.max))
        try await reader.rows(
            source.file, columns: columns, id: source.id, limit: end, code: { _, _ in 0 },
            transform: { rows in zip(rows.ids, rows.lines).map { (TextKey($0).rawValue, $1) } },
            body: { rows, _ in
                for (key, line) in rows { lineOfID[key] = UInt32(truncatingIfNeeded: line) }
            })
        return lineOfID
    }

    /// Refuses repeated ids. They are compared by keys of 64 bits: two of them are taken for one by chance
    /// once in 30 million tables of a million rows.
    private func check(_ block: Block, _ lineOfID: inout [UInt64: UInt32]) throws(InputError) {
        for (key, line) in zip(block.keys, block.lines) {
            let earlier = lineOfID.updateValue(UInt32(truncatingIfNeeded: line), forKey: key)
            guard let earlier else { continue }
            throw InputError(
                InputPlace(file: source.file, line: line, field: source.id),
                "the id stands in line \(earlier) too; without --id rows are numbered")
        }
    }

    /// Returns the number for a text: texts that the model does not know get codes after those of the model.
    private func code(_ text: String, input: Int) -> Double {
        let text = verified.scorer.model.inputs[input].level(of: text)
        let code = flat.code(of: text, input: input)
        let known = flat.levels(of: input).count
        guard code == Double(known), let place = unseen.place(of: text) else {
            return code
        }
        return Double(known + 1 + place)
    }
}

/// Rows of a table's block as rows of a model.
private struct ParsedRows: ScorableRows {
    let rows: BlockRows
    let file: String
    let hasIDs: Bool
    let flat: FlatScorer
    let unseen: UnseenTexts

    var count: Int { rows.count }
    var numbers: [Double] { rows.numbers }

    func id(_ row: Int) -> String? { hasIDs ? rows.ids[row] : nil }

    func time(_ row: Int) -> Timestamp? { nil }

    func place(_ row: Int) -> InputPlace { InputPlace(file: file, line: rows.lines[row]) }

    func vector(_ row: Int) -> (vector: FeatureVector, text: (TextKey) -> String?) {
        let values = Array(rows.numbers[row * flat.width..<(row + 1) * flat.width])
        var vector = flat.vector(values.span)
        var names: [TextKey: String] = [:]
        for (input, description) in flat.scorer.model.inputs.enumerated() where description.isCategorical {
            guard !values[input].isNaN, let text = text(values[input], input: input) else { continue }
            vector.categories[input] = TextKey(text)
            names[TextKey(text)] = text
        }
        return (vector, { [names] in names[$0] })
    }

    private func text(_ code: Double, input: Int) -> String? {
        let levels = flat.levels(of: input)
        let place = Int(code)
        return place < levels.count ? levels[place] : unseen.text(at: place - levels.count - 1)
    }
}
