import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring

/// Scores the rows of a flat table block by block, in memory that does not grow with the table but for 64 bits of each
/// id.
struct TableScoring: Sendable {
    private let verified: ModelFile.Verified
    private let flat: FlatScorer
    private let file: String
    /// The column of the ids; nil where rows are numbered.
    private let id: String?
    private let rows: RowOptions
    private let lines: ScoreLines
    private let threads: Int
    private let unseen = UnseenTexts()

    init(
        _ verified: ModelFile.Verified, table: TableOptions, rows: RowOptions, lines: ScoreLines, threads: Int
    ) {
        self.verified = verified
        flat = FlatScorer(verified.scorer)
        (file, id) = (table.table ?? "", table.id)
        self.rows = rows
        self.lines = lines
        self.threads = threads
    }

    /// What was made of a block.
    private struct Block: Sendable {
        /// Lines without their end of file; without their ids where rows are numbered.
        var bytes: [UInt8] = []
        /// Where each line ends, where rows are numbered.
        var ends: [Int] = []
        /// The keys of the ids, and the lines on which they stand.
        var keys: [UInt64] = []
        var lines: [Int] = []
        var summary: ScoreSummary
        var failure: InputError?
    }

    /// Scores the table and writes the file.
    func run(to output: ScoreOutput) async throws -> ScoreSummary {
        let rejection = try rows.rejection()
        var lineOfID = try await earlierIDs(before: output.start?.input)
        rejection.count(earlier: output.start?.rejected ?? 0)
        var stream = try stream(rejection)
        let bar = ProgressBar("scoring")
        defer { bar.finish() }
        stream.progress = { bar.update($0) }
        if output.start == nil, let header = lines.header { try output.write(Array(header.utf8)) }
        var summary = output.start?.summary ?? ScoreSummary(hash: verified.hash)
        var number = summary.rows
        try await stream.read(
            file, columns: columns, id: id, from: output.start?.input,
            code: { [self] in code($1, input: $0) },
            transform: { [self] in score($0, file: file) },
            body: { block, end in
                if let failure = block.failure { throw failure }
                try check(block, &lineOfID, file: file)
                summary.add(block.summary)
                try write(block, to: output, &number)
                try output.note(end, summary, rejected: rejection.count)
            })
        return summary
    }

    private var columns: [TableStream.Column] {
        verified.scorer.model.inputs.map { TableStream.Column(name: $0.name, isText: $0.isCategorical) }
    }

    private func stream(_ rejection: RowRejection) throws -> TableStream {
        TableStream(
            delimiter: try rows.parsedDelimiter, missing: rows.missingTexts, rejection: rejection,
            threads: threads)
    }

    /// The ids of the rows that an earlier run has scored, which may not come again.
    private func earlierIDs(before end: TablePosition?) async throws -> [UInt64: UInt32] {
        var lineOfID: [UInt64: UInt32] = [:]
        guard let end, id != nil else { return lineOfID }
        // All columns are read, so that the same rows are bad; they were borne and reported then.
        let stream = try stream(try RowRejection(limit: Int.max))
        try await stream.read(
            file, columns: columns, id: id, limit: end, code: { _, _ in 0 },
            transform: { rows in
                var block = Block(summary: ScoreSummary(hash: ""))
                block.keys = rows.ids.map { TextKey($0).rawValue }
                block.lines = rows.lines
                return block
            },
            body: { block, _ in
                for (key, line) in zip(block.keys, block.lines) {
                    lineOfID[key] = UInt32(truncatingIfNeeded: line)
                }
            })
        return lineOfID
    }

    private func write(_ block: Block, to output: ScoreOutput, _ number: inout Int) throws {
        guard id == nil else { return try output.write(block.bytes) }
        var (bytes, start): ([UInt8], Int) = ([], 0)
        bytes.reserveCapacity(block.bytes.count + 12 * block.ends.count)
        for end in block.ends {
            number += 1
            lines.appendID(String(number), to: &bytes)
            bytes += block.bytes[start..<end]
            start = end
        }
        try output.write(bytes)
    }

    /// Ids are known by keys of 64 bits: two of them are taken for one by chance once in 30 million tables of a million rows.
    private func check(_ block: Block, _ lineOfID: inout [UInt64: UInt32], file: String) throws(InputError) {
        for (key, line) in zip(block.keys, block.lines) {
            let earlier = lineOfID.updateValue(UInt32(truncatingIfNeeded: line), forKey: key)
            guard let earlier else { continue }
            throw InputError(
                InputPlace(file: file, line: line, field: id),
                "the id stands in line \(earlier) too; without --id rows are numbered")
        }
    }

    private func score(_ rows: TableStreamRows, file: String) -> Block {
        var (logOdds, probabilities) = (
            [Double](repeating: 0, count: rows.count), [Double](repeating: 0, count: rows.count)
        )
        var first = logOdds.mutableSpan
        var second = probabilities.mutableSpan
        flat.score(rows.numbers.span, layout: .rows, logOdds: &first, probabilities: &second)
        var block = Block(summary: ScoreSummary(hash: verified.hash))
        block.bytes.reserveCapacity(rows.count * 64)
        for row in 0..<rows.count {
            let score = Scorer.Score(logOdds: logOdds[row], probability: probabilities[row])
            guard score.logOdds.isFinite, score.probability.isFinite else {
                block.failure = failure(rows, row, score, file: file)
                return block
            }
            let reasons = reasons(rows, row)
            if id != nil {
                lines.appendID(rows.ids[row], to: &block.bytes)
                block.keys.append(TextKey(rows.ids[row]).rawValue)
            }
            lines.append(score, time: nil, reasons: reasons, to: &block.bytes)
            if id == nil { block.ends.append(block.bytes.count) }
            block.summary.add(score.probability)
        }
        block.lines = rows.lines
        return block
    }

    private func span(_ rows: borrowing TableStreamRows, _ row: Int) -> [Double] {
        Array(rows.numbers[row * flat.width..<(row + 1) * flat.width])
    }

    private func reasons(_ rows: borrowing TableStreamRows, _ row: Int) -> [Reason] {
        guard lines.reasonCount > 0 else { return [] }
        let values = span(rows, row)
        var vector = flat.vector(values.span)
        var names: [TextKey: String] = [:]
        for (input, description) in verified.scorer.model.inputs.enumerated() where description.isCategorical
        {
            guard !values[input].isNaN, let text = text(values[input], input: input) else { continue }
            vector.categories[input] = TextKey(text)
            names[TextKey(text)] = text
        }
        return verified.scorer.reasons(vector, count: lines.reasonCount) { [names] in names[$0] }
    }

    /// What a row holds for a text: behind the codes of the model stand those of texts that it does not know.
    private func code(_ text: String, input: Int) -> Double {
        let code = flat.code(of: text, input: input)
        let known = flat.levels(of: input).count
        guard code == Double(known), lines.reasonCount > 0, let place = unseen.place(of: text) else {
            return code
        }
        return Double(known + 1 + place)
    }

    private func text(_ code: Double, input: Int) -> String? {
        let levels = flat.levels(of: input)
        let place = Int(code)
        return place < levels.count ? levels[place] : unseen.text(at: place - levels.count - 1)
    }

    private func failure(
        _ rows: borrowing TableStreamRows, _ row: Int, _ score: Scorer.Score, file: String
    ) -> InputError? {
        let values = span(rows, row)
        let line = rows.lines[row]
        let check = FiniteScores(
            scorer: verified.scorer, place: { _ in InputPlace(file: file, line: line) },
            vector: { [flat] _ in flat.vector(values.span) })
        do {
            try check.check([score])
            return nil
        } catch { return error }
    }
}
