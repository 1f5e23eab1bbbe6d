/// How well scores put users in order.
public enum Ranking {
    /// The area under the receiver operating characteristic curve: the probability that a random row with
    /// label 1 scores above a random row with label 0, ties counting half (the statistic of H. Mann and
    /// D. Whitney, 1947). Nil when one of the classes is empty or a score is NaN.
    public static func auc(scores: [Double], labels: [Bool]) -> Double? {
        guard !scores.contains(where: \.isNaN) else { return nil }
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        var positives = 0
        var rankSum = 0.0
        var start = 0
        while start < order.count {
            var end = start
            var tied = 0
            while end < order.count, scores[order[end]] == scores[order[start]] {
                if labels[order[end]] { tied += 1 }
                end += 1
            }
            // Ranks start + 1 to end; tied rows share their mean.
            rankSum += Double(tied) * Double(start + 1 + end) / 2
            positives += tied
            start = end
        }
        let negatives = order.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        let above = rankSum - Double(positives) * Double(positives + 1) / 2
        return above / (Double(positives) * Double(negatives))
    }

    /// The share of label 1 among the `share` of rows with the highest scores, divided by the share among all.
    /// Rows tied at the border count with the part of them that fits. Nil without rows, without label 1, or when
    /// a score is NaN.
    public static func lift(scores: [Double], labels: [Bool], share: Double = 0.1) -> Double? {
        let positives = labels.count { $0 }
        guard positives > 0, share > 0, share <= 1, !scores.contains(where: \.isNaN) else { return nil }
        let size = share * Double(scores.count)
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var taken = 0.0
        var hits = 0.0
        var start = 0
        while start < order.count, taken < size {
            var end = start
            while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
            let tied = Double(order[start..<end].count { labels[$0] })
            let part = min(1, (size - taken) / Double(end - start))
            hits += tied * part
            taken += Double(end - start) * part
            start = end
        }
        return (hits / size) / (Double(positives) / Double(labels.count))
    }
}
