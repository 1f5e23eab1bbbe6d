import LimpetLinearAlgebra

/// The rows that each of several models is trained on: rows are in groups, and a model leaves some groups
/// out.
package struct LanePlan: Sendable {
    /// The number of groups.
    let groups: Int
    /// The groups that each model leaves out.
    package let omitted: [[Int]]
    /// True where correlations may be weighted by the curvature of the model of all rows, for all models: the
    /// rows that models leave out choose among rounds, but nobody's performance is estimated on them.
    let sharesCurvature: Bool

    /// A model for each fold, without the fold's rows, and one of all rows, which comes last.
    package static func folds(_ count: Int, sharesCurvature: Bool = true) -> LanePlan {
        LanePlan(
            groups: count, omitted: (0..<count).map { [$0] } + [[]], sharesCurvature: sharesCurvature)
    }

    /// The models of ``folds(_:)``, and one for every two folds, without the rows of either: on one of them
    /// it chooses for the other, so that no choice has seen the rows that it is evaluated on.
    package static func nested(_ count: Int) -> LanePlan {
        let pairs = (0..<count).flatMap { first in ((first + 1)..<count).map { [first, $0] } }
        return LanePlan(
            groups: count, omitted: folds(count).omitted + pairs, sharesCurvature: false)
    }

    /// Models of all rows, which differ by how often they draw them.
    package static func bags(_ count: Int) -> LanePlan {
        LanePlan(groups: 1, omitted: [[Int]](repeating: [], count: count), sharesCurvature: false)
    }

    /// The number of models.
    package var count: Int { omitted.count }

    /// The largest number of models of a plan of one vector.
    package static let mostModels = LaneLayout.mostLanes

    /// True when one vector has a lane for every model.
    var isOneVector: Bool { count <= Self.mostModels }

    /// The model of all rows.
    package var whole: Int? { omitted.firstIndex(of: []) }

    /// Returns the model without exactly these groups.
    package func model(without groups: [Int]) -> Int? { omitted.firstIndex { Set($0) == Set(groups) } }

    func trains(_ lane: Int, on group: Int) -> Bool { !omitted[lane].contains(group) }

    /// Returns a bit for each lane that trains on a group.
    func mask(of group: Int) -> UInt32 {
        omitted.indices.reduce(0) { trains($1, on: group) ? $0 | (1 << UInt32($1)) : $0 }
    }
}
