import ArgumentParser
import LimpetDocuments
import LimpetScoring
import LimpetTraining

extension TrainingOptions {
    /// True where the kind is given, and no pairs are asked for.
    var neverPairs: Bool {
        givenModel?.kind != nil && stumps.pair.isEmpty && (stumps.pairs ?? "0") == "0"
    }
}

/// Pairs that are named.
extension StumpOptions {
    /// True where the number of pairs, or the pairs themselves, are given.
    var namesPairs: Bool { pairs != nil || !pair.isEmpty }

    func checkPairs() throws {
        guard pair.isEmpty || pairs == nil else {
            throw ValidationError("--pair names the pairs; leave --pairs out")
        }
        guard noPair.isEmpty || pair.isEmpty else {
            throw ValidationError("--pair names the only pairs, so --no-pair has nothing to leave out")
        }
        for (flag, names) in [("--pair", pair), ("--no-pair", noPair)] where names.count % 2 != 0 {
            throw ValidationError(
                "\(flag) names two inputs each time, and \(names[names.count - 1]) stands alone")
        }
    }

    /// Returns the pairs of the inputs that names stand for, two by two.
    func pairs(_ names: [String], _ flag: String, _ inputs: [Model.Input]) throws -> [InputPair] {
        var pairs: [InputPair] = []
        for place in stride(from: 0, to: names.count, by: 2) {
            let both = try names[place...(place + 1)].map { try inputOfPair($0, flag, inputs) }
            let pair = InputPair(both[0], both[1])
            guard both[0] != both[1] else {
                throw ValidationError("\(flag) \(names[place]) \(names[place + 1]): these are the same")
            }
            guard !pairs.contains(pair) else {
                throw ValidationError("\(flag) \(names[place]) \(names[place + 1]) stands there twice")
            }
            pairs.append(pair)
        }
        return pairs
    }

    private func inputOfPair(_ name: String, _ flag: String, _ inputs: [Model.Input]) throws -> Int {
        let alone =
            rising + falling + cap.map { String($0.prefix(upTo: $0.lastIndex(of: "=") ?? $0.endIndex)) }
        guard flag != "--pair" || !alone.contains(where: { $0.isVerbatim(name) }) else {
            throw ValidationError("--pair \(name): an input with a direction or a cap is in no pair")
        }
        return try index(name, flag, inputs)
    }
}
