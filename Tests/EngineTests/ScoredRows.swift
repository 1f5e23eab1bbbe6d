import Foundation
import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// The score of one row by a program.
struct RowScore: Equatable {
    var logOdds: Double
    var probability: Double
}

/// Rows of a model as the files of `scripts/engines/rows.py`, and the scores of two programs compared.
struct ScoredRows {
    private(set) var numbers: [[Double]] = []
    /// Texts; an empty one is missing.
    private(set) var texts: [[String]] = []

    /// A row of all inputs, in the order of the model.
    mutating func append(_ row: [JSON], _ model: Model) {
        numbers.append(zip(row, model.inputs).filter { !$1.isCategorical }.map { $0.0.double ?? .nan })
        texts.append(zip(row, model.inputs).filter { $1.isCategorical }.map { $0.0.text ?? "" })
    }

    /// Limpet's own scores.
    func scores(_ model: Model) -> [RowScore] {
        var (columns, keys): ([[Double]], [[UInt64]]) = ([], [])
        var (number, text) = (0, 0)
        for input in model.inputs {
            if input.isCategorical {
                columns.append([])
                keys.append(texts.map { TextKey(input.level(of: $0[text])).rawValue })
                text += 1
            } else {
                columns.append(numbers.map { $0[number] })
                keys.append([])
                number += 1
            }
        }
        return Scorer(model).scores(numbers: columns, keys: keys, rowCount: numbers.count)
            .map { RowScore(logOdds: $0.logOdds, probability: $0.probability) }
    }

    // MARK: Files

    /// Writes the files into a folder, which is made.
    func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let words = Set(texts.flatMap(\.self).map(VerbatimText.init)).map(\.text).filter { !$0.isEmpty }
        var place: [VerbatimText: Int32] = [:]
        for (index, word) in words.enumerated() { place[VerbatimText(word)] = Int32(index) }
        try Self.write(
            numbers.flatMap(\.self).flatMap { Self.bytes($0.bitPattern) }, to: folder + "/numbers.bin")
        let places = texts.flatMap(\.self).map { UInt32(bitPattern: place[VerbatimText($0)] ?? -1) }
        try Self.write(places.flatMap(Self.bytes), to: folder + "/texts.bin")
        try Self.write(words.flatMap { Array($0.utf8) + [0] }, to: folder + "/dictionary.bin")
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path)))
    }

    /// Rows of all inputs, in the order of the model.
    init(_ rows: [[JSON]], _ model: Model) {
        for row in rows { append(row, model) }
    }

    /// Rows that a script wrote for a model.
    init(folder: String, _ model: Model) throws {
        let textCount = model.inputs.count(where: \.isCategorical)
        let values = try Self.doubles(Self.contents(folder + "/numbers.bin"))
        let places = try Self.words(Self.contents(folder + "/texts.bin"), size: 4)
            .map { Int32(truncatingIfNeeded: $0) }
        let words = try Self.contents(folder + "/dictionary.bin").split(
            separator: 0, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        let width = model.inputs.count - textCount
        for row in 0..<(values.count / width) {
            numbers.append(Array(values[(row * width)..<((row + 1) * width)]))
            texts.append(
                places[(row * textCount)..<((row + 1) * textCount)].map { $0 < 0 ? "" : words[Int($0)] })
        }
    }

    /// The scores that another program wrote.
    static func otherScores(_ folder: String) throws -> [RowScore] {
        let values = try doubles(contents(folder + "/scores.bin"))
        return stride(from: 0, to: values.count, by: 2).map {
            RowScore(logOdds: values[$0], probability: values[$0 + 1])
        }
    }

    private static func bytes(_ word: some FixedWidthInteger) -> [UInt8] {
        stride(from: 0, to: word.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: word >> $0) }
    }

    private static func words(_ bytes: [UInt8], size: Int) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: size).map { start in
            (0..<size).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        }
    }

    private static func doubles(_ bytes: [UInt8]) -> [Double] {
        words(bytes, size: 8).map { Double(bitPattern: $0) }
    }
}

/// How far two lists of scores are apart.
struct ScoreDistance {
    /// The most in log-odds, and in probability; infinite where one has no number.
    private(set) var (logOdds, probability) = (0.0, 0.0)
    /// The row with the most in log-odds.
    private(set) var worstRow = 0

    init(_ left: [RowScore], _ right: [RowScore]) {
        guard left.count == right.count else {
            (logOdds, probability) = (.infinity, .infinity)
            return
        }
        for (row, (one, other)) in zip(left, right).enumerated() {
            let distance = Self.distance(one.logOdds, other.logOdds)
            if distance > logOdds { (logOdds, worstRow) = (distance, row) }
            probability = max(probability, Self.distance(one.probability, other.probability))
        }
    }

    private static func distance(_ left: Double, _ right: Double) -> Double {
        let distance = (left - right).magnitude
        return distance.isNaN ? .infinity : distance
    }
}
