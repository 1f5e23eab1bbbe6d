/// The swept features of one user at some moments, from the notes to their columns.
struct SweptValues {
    let notes: SweepNotes
    let swept: NumberView<SweepPlan.Swept>
    /// Where the note of each span begins at each moment, span after span; the first span has no length.
    let notesOfSpans: NumberView<Int>
    let times: NumberView<Int64>
    /// How many moments there are.
    let count: Int
    /// The numbers, feature after feature.
    let target: NumberView<Double>
    /// How far apart those of two features stand.
    let stride: Int
    /// Where the moments of a feature begin.
    let row: Int

    /// Writes the features of one formula. There is a loop for each: to choose a formula for each number would cost more than
    /// the number.
    func write(_ formula: SweepPlan.Swept.Formula, _ places: Range<Int>) {
        formula.withConstant { fill($0, places) }
    }

    @inline(__always)
    private func fill(_ formula: SweepPlan.Swept.Formula, _ places: Range<Int>) {
        let ends = notesOfSpans.part(0, count)
        for place in places {
            let feature = swept[place]
            let column = target.part(feature.feature &* stride &+ row, count)
            let starts = notesOfSpans.part(feature.span &* count, count)
            let otherStarts = notesOfSpans.part(feature.otherSpan &* count, count)
            @inline(__always) func value(_ index: Int) -> Double {
                notes.value(
                    feature, formula, starts[index], otherStart: otherStarts[index], ends[index],
                    now: times[index])
            }
            if count > 1, notes.isEmpty(formula, feature.track) {
                // The same at every moment, and so are most features of most users.
                column.fill(value(0))
                continue
            }
            for index in 0..<count { column[index] = value(index) }
        }
    }
}

extension SweepPlan.Swept.Formula {
    /// Calls `body` with the formula as a constant, so that what the compiler inlines there is made for it alone.
    @inline(__always)
    func withConstant(_ body: (SweepPlan.Swept.Formula) -> Void) {
        switch self {
        case .count: body(.count)
        case .change: body(.change)
        case .difference: body(.difference)
        case .share: body(.share)
        case .sum: body(.sum)
        case .mean: body(.mean)
        case .activeDays: body(.activeDays)
        case .recency: body(.recency)
        case .tenure: body(.tenure)
        case .meanGap: body(.meanGap)
        case .overdue: body(.overdue)
        }
    }
}
