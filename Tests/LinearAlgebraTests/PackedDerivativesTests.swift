import LimpetLinearAlgebra
import Testing

/// Gradients and Hessians that are summed as two halves of one number.
@Suite struct PackedDerivativesTests {
    @Test("sums that do not fit into a half are made of several", arguments: [Int32(1), -1])
    func largest(sign: Int32) {
        for one in [Int32(1 << 15), 1 << 20, 1 << 30] {
            let rows = 70_001
            let packed = PackedDerivatives(
                gradients: [Int32](repeating: sign * one, count: rows),
                hessians: [Int32](repeating: one, count: rows))
            let cells = PairKernels.sums([UInt16](repeating: 0, count: rows), packed, count: 1)
            let bins = PairKernels.sums(ofBins: [UInt8](repeating: 0, count: rows), packed, count: 1)
            #expect(cells[0].gradient == Int64(sign) * Int64(one) * Int64(rows))
            #expect(cells[0].hessian == Int64(one) * Int64(rows))
            #expect(cells == bins)
        }
    }

    @Test("masked rows add nothing")
    func masked() {
        let packed = PackedDerivatives(gradients: [5, -7, 11], hessians: [1, 2, 3]).masked([0, 1, 0], 1)
        let sums = PairKernels.sums(ofBins: [2, 2, 2], packed, count: 3)
        #expect(sums.map(\.gradient) == [0, 0, -7] && sums.map(\.hessian) == [0, 0, 2])
    }
}
