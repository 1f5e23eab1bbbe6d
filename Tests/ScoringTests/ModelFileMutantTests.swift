import LimpetNumerics
import Foundation
import LimpetEvents
import LimpetFeatures
import LimpetParallel
import LimpetScoring
import LimpetTestSupport
import Testing

/// Model files with bytes changed at random, most of them with the hash recomputed, so that the checks after
/// it are reached.
///
/// Each either loads and scores or throws a typed error; a crash ends the run. `LIMPET_MUTANTS` sets their
/// number.
@Suite struct ModelFileMutantTests {
    private let amsterdam: TimeZoneRules
    private static let requested = ProcessInfo.processInfo.environment["LIMPET_MUTANTS"].flatMap { Int($0) }

    init() throws { amsterdam = try TestZones.amsterdam() }

    /// Small files of every kind; without golden rows, changed values get past them and are scored with.
    private func seeds() throws -> [[UInt8]] {
        var models = [
            TestModels.table(), TestModels.second(), try TestModels.logWithHistories(zone: amsterdam),
        ]
        models += models.map {
            var model = $0
            model.golden = Golden()
            return model
        }
        return models.map { ModelFile.encode($0).bytes }
    }

    private struct Count: Sendable {
        var loaded = 0
        var refused = 0
    }

    @Test("every mutant of a model file loads and scores, or is refused by a typed error")
    func mutants() async throws {
        let count = Self.requested ?? 20_000
        let seeds = try seeds()
        let seed = UInt64.random(in: 0...UInt64.max)
        let zone = amsterdam
        let share = 1_000
        let counts = try await concurrentMap(
            Array(0..<(count + share - 1) / share), threads: ProcessInfo.processInfo.activeProcessorCount
        ) { part in
            var random = TestRandom(seed: seed &+ UInt64(part))
            var result = Count()
            for _ in 0..<min(share, count - part * share) {
                let bytes = Self.mutant(of: random.pick(seeds), &random)
                if Self.loads(bytes, zone, &random) { result.loaded += 1 } else { result.refused += 1 }
            }
            return result
        }
        let loaded = counts.reduce(0) { $0 + $1.loaded }
        let refused = counts.reduce(0) { $0 + $1.refused }
        print("\(loaded) mutants loaded, \(refused) were refused, seed \(seed)")
        #expect(loaded + refused == count, "seed \(seed)")
        #expect(loaded > count / 50 && refused > count / 50, "seed \(seed)")
    }

    /// Loads a file and scores some rows in every way; false when it is refused.
    private static func loads(_ bytes: [UInt8], _ zone: TimeZoneRules, _ random: inout TestRandom) -> Bool {
        let verified: ModelFile.Verified
        do {
            verified = try ModelFile.decode(bytes) { $0 == zone.name ? zone : $0 == "UTC" ? .utc : nil }
        } catch { return false }
        let scorer = verified.scorer
        let flat = FlatScorer(scorer)
        for _ in 0..<2 {
            let row = (0..<flat.width).map { _ in
                random.pick([0, 1, -1.25, 30, 1e300, -.infinity, .infinity, .nan, 5e-324])
            }
            let vector = flat.vector(row.span)
            let score = scorer.score(vector)
            let other = flat.score(row.span)
            // Infinite steps of either sign have no sum; any NaN will do.
            precondition(
                score.logOdds.isNaN && other.logOdds.isNaN || score.logOdds == other.logOdds,
                "\(score) and \(other)")
            for reason in scorer.reasons(vector, count: 3) { precondition(!reason.sentence.isEmpty) }
        }
        return true
    }

    // MARK: Mutants

    private static let words = [
        "null", "true", "0", "-1", "1e308", "-1e-320", "1e999", "9223372036854775807", "9223372036854775808",
        "18446744073709551616", "0.1", "[]", "{}", "\"\"", "\"buy\"", "\"number\"", "\"category\"",
        "\"steps\"",
        "[1,1]", "[null]", "\"\\ud800\"", "\"\\u0000\"", ",", ":", "]", "}", "[", "{",
    ].map { Array($0.utf8) }

    private static func mutant(of file: [UInt8], _ random: inout TestRandom) -> [UInt8] {
        // The hash stands in front of the model, in bytes 12 to 75.
        let (start, end) = (88, file.count - 2)
        var body = Array(file[start..<end])
        for _ in 0...random.below(3) { change(&body, &random) }
        if random.below(10) == 0 {
            var whole = Array(file[..<start]) + body + file[end...]
            change(&whole, &random)
            return whole
        }
        return Array("{\"sha256\": \"\(SHA256.hexadecimal(body[...]))\",\n\"model\": ".utf8) + body
            + file[end...]
    }

    private static func change(_ bytes: inout [UInt8], _ random: inout TestRandom) {
        guard bytes.count > 16 else { return }
        let place = random.below(bytes.count)
        switch random.below(8) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes[place] ^= 1 << UInt8(random.below(8))
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(bytes[random.below(bytes.count)], at: place)
        case 4:
            let part = Array(bytes[place..<min(bytes.count, place + random.below(40))])
            bytes.insert(contentsOf: part, at: random.below(bytes.count))
        case 5: bytes.removeSubrange(place..<min(bytes.count, place + random.below(40)))
        default: replaceValue(&bytes, near: place, &random)
        }
    }

    /// Puts another value in the place of a number or a text.
    private static func replaceValue(_ bytes: inout [UInt8], near place: Int, _ random: inout TestRandom) {
        let ends = Set("[]{}:, \n".utf8)
        guard let start = bytes[place...].firstIndex(where: { !ends.contains($0) }) else { return }
        var (first, end) = (start, start)
        while first > 0, !ends.contains(bytes[first - 1]) { first -= 1 }
        while end < bytes.count, !ends.contains(bytes[end]) { end += 1 }
        let digits = bytes[first..<end].allSatisfy { $0 < 64 && $0 > 32 }
        let word =
            digits && random.below(2) == 0
            ? Array("\(Double(random.below(2_000) - 1_000) / Double(random.pick([1, 8, 100])))".utf8)
            : random.pick(words)
        bytes.replaceSubrange(first..<end, with: word)
    }
}
