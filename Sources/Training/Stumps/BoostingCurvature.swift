import LimpetEvents
import LimpetEvaluation
import LimpetLinearAlgebra
import LimpetParallel

/// The curvature of a quadratic model: the splits of the chosen inputs with their shared weights, at the
/// scores of one pass.
struct BoostingCurvature: Sendable {
    let space: SplitSpace
    private var gram: SplitGram
    private let leftHessians: [Double]
    private let totalHessian: Double
    private let isAllowed: [Bool]
    private let directions: [Float]?
    /// True when the model has all inputs.
    let isWhole: Bool
    private let inputs: Set<Int>

    init(
        _ data: BinnedData, rows: BoostingRows, sample: CurvatureSample, histograms: BoostingHistograms,
        inputs: [Int], isAll: Bool, plan: BoostingPlan, settings: StumpSettings,
        memory: consuming [Float], threads: Int
    ) {
        space = SplitSpace(data.definitions, inputs: inputs, histograms: histograms, limit: plan.splitLimit)
        self.inputs = Set(inputs)
        isWhole = isAll
        leftHessians = space.leftSums(histograms.hessians)
        totalHessian = inputs.first.map { histograms.hessians($0).reduce(0, +) } ?? 0
        let features = space.features
        let columns = ConcurrentBlocks.map(features.count, threads: threads) { index in
            data.column(features[index].input, rows: sample.rows).map { features[index].groupOfBin[Int($0)] }
        }
        gram = SplitGram(
            axes: space.axes, columns: columns,
            weights: zip(rows.curvature(of: sample.rows), sample.factors).map { $0 * $1 },
            leftWeights: leftHessians, totalWeight: totalHessian, memory: memory, threads: threads)
        isAllowed = Self.allowed(space, histograms, leftHessians, totalHessian, settings)
        directions =
            settings.directions.isEmpty
            ? nil
            : features.flatMap { feature in
                [Float](
                    repeating: Float(settings.directions[feature.input] ?? 0), count: feature.axis.splits)
            }
    }

    private static func allowed(
        _ space: SplitSpace, _ histograms: BoostingHistograms, _ hessians: [Double], _ total: Double,
        _ settings: StumpSettings
    ) -> [Bool] {
        let users = space.leftSums(histograms.users)
        let allUsers = space.features.first.map { histograms.users($0.input).reduce(0, +) } ?? 0
        let least = LeastUsers(settings.minimumUsers)
        return zip(users, hessians).map { users, hessian in
            least.areMet(left: users, right: allUsers - users)
                && hessian >= settings.minimumHessian && total - hessian >= settings.minimumHessian
        }
    }

    /// Returns the memory for reuse by the next curvature.
    mutating func takeMemory() -> [Float] { gram.takeMemory() }

    func contains(_ input: Int) -> Bool { inputs.contains(input) }

    /// Returns the model at the given gradients.
    func model(_ histograms: BoostingHistograms, settings: StumpSettings) -> SplitModel {
        SplitModel(
            gram: gram, leftGradients: space.leftSums(histograms.gradients), leftHessians: leftHessians,
            totalGradient: space.features.first.map { histograms.gradients($0.input).reduce(0, +) } ?? 0,
            totalHessian: totalHessian, isAllowed: isAllowed, directions: directions, l1: settings.l1,
            l2: settings.l2)
    }
}
