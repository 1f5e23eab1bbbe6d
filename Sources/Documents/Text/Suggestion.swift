/// Suggestions for misspelt words.
public enum Suggestion {
    /// Returns `; did you mean purchase?` when a known word is at most two edits away, and an empty text
    /// otherwise.
    public static func text(for word: String, among known: [String]) -> String {
        // The time is the product of the lengths, and long words are not typing errors.
        guard word.utf8.count <= 64 else { return "" }
        let near = known.map { ($0, distance(word.lowercased(), $0.lowercased())) }
        guard let best = near.min(by: { $0.1 < $1.1 }), best.1 <= max(1, min(2, word.count / 3)) else {
            return ""
        }
        return "; did you mean \(best.0)?"
    }

    /// Returns the edit distance of F. Damerau (1964): insertions, deletions, replacements and transpositions
    /// of neighbours, where no transposed pair is edited again.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        var before: [Int] = []
        var row = Array(0...right.count)
        for i in left.indices {
            var next = [i + 1]
            for j in right.indices {
                let replaced = row[j] + (left[i] == right[j] ? 0 : 1)
                var least = min(replaced, row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    least = min(least, before[j - 1] + 1)
                }
                next.append(least)
            }
            (before, row) = (row, next)
        }
        return row[right.count]
    }
}
