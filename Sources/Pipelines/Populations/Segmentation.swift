import LimpetDocuments
public import LimpetEvaluation

/// The metrics of an evaluation by the values of an input or a column: of each level, or of quarters of a
/// number.
///
///     for segment in report.segmentations[0].segments { print(segment.name, segment.report.rows) }
public struct Segmentation: Sendable {
    /// The input or the column.
    public let name: String
    /// The segments, numbers from the lowest, levels by their numbers of rows, missing values last.
    public let segments: [Segment]

    /// The rows of one segment.
    public struct Segment: Sendable {
        /// The level, or the range of the number.
        public let name: String
        /// The metrics, with intervals of the AUC, the log loss and observed / expected where intervals were
        /// requested.
        public let report: EvaluationReport
    }

    /// Evaluates the segments of outcomes.
    ///
    /// - Throws: `CancellationError`.
    init(
        _ outcomes: Outcomes, by values: SegmentValues, bootstrap: Bootstrap?, threads: Int
    ) async throws {
        var bootstrap = bootstrap
        bootstrap?.metrics = [.auc, .logLoss, .observedToExpected]
        var segments: [Segment] = []
        for (place, name) in values.names.enumerated() {
            let rows = outcomes.filtered { values.segmentOfRow[$0] == place }
            guard rows.count > 0 else { continue }
            segments.append(
                Segment(
                    name: name,
                    report: try await EvaluationReport.detailed(
                        rows, bootstrap: bootstrap, threads: threads)))
        }
        (name, self.segments) = (values.name, segments)
    }

    /// The segments as JSON.
    var document: JSON {
        .object([
            "by": .string(name),
            "segments": .array(
                segments.map { segment in
                    .object(
                        [JSONMember(name: "segment", value: .string(segment.name))]
                            + (segment.report.document.members ?? []))
                }),
        ])
    }
}
