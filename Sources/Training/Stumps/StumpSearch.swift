import LimpetLinearAlgebra

/// One split: the value that it adds to each bin, and the decrease of the quadratic model.
struct Stump {
    var gain: Double
    var values: [Double]
}

/// A search for the best split of one input, from sums over all rows.
struct StumpSearch {
    let gradients: [Double]
    let hessians: [Double]
    let users: [Double]
    let settings: StumpSettings
    /// 1 for a function that may only rise, −1 for one that may only fall, else 0.
    let direction: Int

    private struct Side {
        var gradient = 0.0
        var hessian = 0.0
        var users = 0.0

        static func + (left: Side, right: Side) -> Side {
            Side(
                gradient: left.gradient + right.gradient, hessian: left.hessian + right.hessian,
                users: left.users + right.users)
        }

        static func - (left: Side, right: Side) -> Side {
            Side(
                gradient: left.gradient - right.gradient, hessian: left.hessian - right.hessian,
                users: left.users - right.users)
        }
    }

    private func side(_ bin: Int) -> Side {
        Side(gradient: gradients[bin], hessian: hessians[bin], users: users[bin])
    }

    /// Returns the best split. Numbers are split in their order; levels in the order of gradient over
    /// Hessian, which contains the best split into two groups (W. Fisher, 1958), whatever the penalty: it
    /// does not affect the order.
    func best(_ definition: BinDefinition) -> Stump? {
        switch definition.kind {
        case .numbers: best(order: Array(0..<definition.valueBins))
        case .levels:
            best(order: (0..<definition.valueBins).sorted { ratio($0) > ratio($1) })
        }
    }

    private func ratio(_ bin: Int) -> Double {
        hessians[bin] > 0 ? gradients[bin] / hessians[bin] : 0
    }

    private func best(order: [Int]) -> Stump? {
        let missing = side(order.count)
        let known = order.reduce(Side()) { $0 + side($1) }
        let total = known + missing
        var left = Side()
        var best: (gain: Double, position: Int, missingLeft: Bool)?
        for (position, bin) in order.enumerated() {
            left = left + side(bin)
            for missingLeft in missing.users > 0 ? [true, false] : [false] {
                let leftSide = missingLeft ? left + missing : left
                let gain = gain(leftSide, total - leftSide, total)
                if gain > best?.gain ?? 1e-12 { best = (gain, position, missingLeft) }
            }
        }
        guard let best else { return nil }
        return stump(order, best.position, missingLeft: best.missingLeft, gain: best.gain, total: total)
    }

    private func stump(
        _ order: [Int], _ position: Int, missingLeft: Bool, gain: Double, total: Side
    ) -> Stump {
        let leftBins = order[...position]
        var left = leftBins.reduce(Side()) { $0 + side($1) }
        if missingLeft { left = left + side(order.count) }
        let leftValue = value(of: left) * settings.learningRate
        let rightValue = value(of: total - left) * settings.learningRate
        var values = [Double](repeating: rightValue, count: order.count + 1)
        for bin in leftBins { values[bin] = leftValue }
        values[order.count] = missingLeft ? leftValue : rightValue
        return Stump(gain: gain, values: values)
    }

    private func shrunk(_ gradient: Double) -> Double {
        gradient > settings.l1
            ? gradient - settings.l1 : gradient < -settings.l1 ? gradient + settings.l1 : 0
    }

    /// Returns `−G / (H + λ)`, the step that minimises the quadratic model of one side.
    private func value(of side: Side) -> Double {
        -shrunk(side.gradient) / (side.hessian + settings.l2)
    }

    private func gain(_ left: Side, _ right: Side, _ total: Side) -> Double {
        guard LeastUsers(settings.minimumUsers).areMet(left: left.users, right: right.users),
            min(left.hessian, right.hessian) >= settings.minimumHessian,
            Double(direction) * (value(of: right) - value(of: left)) >= 0
        else { return 0 }
        func score(_ side: Side) -> Double {
            let gradient = shrunk(side.gradient)
            return gradient * gradient / (side.hessian + settings.l2)
        }
        return score(left) + score(right) - score(total)
    }
}
