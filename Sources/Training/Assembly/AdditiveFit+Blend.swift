import LimpetScoring

extension AdditiveFit {
    /// Returns the weighted mean of additive functions in log-odds, `Σ weight_k · fit_k(x)`, which is again
    /// additive.
    ///
    /// Terms of the same inputs become one where one shape can hold both; a line or curve and a step function
    /// of one input stay two terms. The result is ordered by inputs, lines and curves before steps, and pairs
    /// last.
    ///
    /// - Parameter parts: the functions with their weights, which usually add up to 1.
    package static func blend(_ parts: [(fit: AdditiveFit, weight: Double)]) -> AdditiveFit {
        let intercept = parts.reduce(0.0) { $0 + $1.weight * $1.fit.intercept }
        let terms = parts.flatMap { part in part.fit.terms.map { $0.scaled(by: part.weight) } }
        return AdditiveFit(intercept: intercept, terms: terms).joiningTerms()
    }

    /// Returns the same function with one term for each shape of the same inputs.
    package func joiningTerms() -> AdditiveFit {
        var places: [Term.Place: Int] = [:]
        var joined = AdditiveFit(intercept: intercept, terms: [])
        for term in terms {
            if let index = places[term.place], let sum = joined.terms[index].merged(with: term) {
                joined.terms[index] = sum
            } else {
                places[term.place] = joined.terms.count
                joined.terms.append(term)
            }
        }
        joined.terms.sort { $0.place < $1.place }
        return joined
    }
}

extension Term {
    /// The inputs and the shape that two terms must share to be merged, with the order of terms.
    fileprivate struct Place: Hashable, Comparable {
        let inputs: [Int]
        let shape: Int

        static func < (left: Place, right: Place) -> Bool {
            if left.inputs.count != right.inputs.count { return left.inputs.count < right.inputs.count }
            return left.inputs != right.inputs
                ? left.inputs.lexicographicallyPrecedes(right.inputs) : left.shape < right.shape
        }
    }

    fileprivate var place: Place {
        switch shape {
        case .line(let line): Place(inputs: [input], shape: line.transform == .identity ? 0 : 1)
        case .curve(let curve): Place(inputs: [input], shape: curve.transform == .identity ? 0 : 1)
        case .steps, .levels: Place(inputs: [input], shape: 2)
        case .grid: Place(inputs: inputs.sorted(), shape: 3)
        }
    }
}
