package import LimpetDocuments
package import LimpetParallel

/// The time of a run by stage, for its report.
package struct StagesReport {
    private let stages: [(name: String, seconds: Double)]
    private let total: Double

    /// Makes a report up to now.
    init(_ clock: StageClock) { self.init(clock.reading()) }

    /// Makes a report of a reading.
    package init(_ reading: StageClock.Reading) {
        stages = reading.stages.map { ($0.name, $0.time / .seconds(1)) }
        total = reading.total / .seconds(1)
    }

    /// The seconds of each stage, in the order in which they began; they sum to the whole time.
    package var document: JSON {
        .object(stages.map { JSONMember(name: $0.name, value: .number($0.seconds)) })
    }

    /// Returns a report's document with the seconds of each stage.
    func adding(to document: JSON) -> JSON {
        .object((document.members ?? []) + [JSONMember(name: "seconds", value: self.document)])
    }

    /// Returns a report's text, with the stages in a line of their own.
    ///
    /// - Parameter separator: what stands between the two.
    func adding(to text: String, separator: String = "\n\n") -> String {
        [text, self.text].compactMap { $0 }.joined(separator: separator)
    }

    /// The stages in one line, the longest first; nil for a run that took no more than a second. Stages of
    /// less than a hundredth of the time are summed up.
    package var text: String? {
        guard total > 1 else { return nil }
        let told = stages.filter { $0.name != RunStage.other.rawValue && $0.seconds >= total / 100 }
            .sorted { $0.seconds > $1.seconds }
        let rest = total - told.reduce(0) { $0 + $1.seconds }
        let parts = told.map { "\($0.name) \(Format.fixed($0.seconds, 1))" }
        return "Took \(Format.fixed(total, 1)) s: "
            + (parts + (rest >= 0.05 ? ["other \(Format.fixed(rest, 1))"] : [])).joined(separator: ", ")
    }

    /// A hint for whoever waited long for a model; nil where nobody did.
    package var hint: String? {
        total > 30 ? "for a first look: --fast (no estimate and no intervals)" : nil
    }
}
