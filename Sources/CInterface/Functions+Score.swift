package import CLimpet
import LimpetScoring

@c @implementation
package func limpet_score_row(
    _ model: OpaquePointer?, _ row: UnsafePointer<Double>?, _ logOdds: UnsafeMutablePointer<Double>?,
    _ probability: UnsafeMutablePointer<Double>?
) -> limpet_status {
    guard let model = unsafe LoadedModel.at(model), let row = unsafe row else { return LIMPET_BAD_ARGUMENT }
    let score = unsafe model.flat.score(Span(_unsafeStart: row, count: model.flat.width))
    if let logOdds = unsafe logOdds { unsafe logOdds.pointee = score.logOdds }
    if let probability = unsafe probability { unsafe probability.pointee = score.probability }
    return LIMPET_OK
}

@c @implementation
package func limpet_score_rows(
    _ model: OpaquePointer?, _ numbers: UnsafePointer<Double>?, _ rows: Int, _ layout: limpet_layout,
    _ stride: Int, _ threads: CInt, _ logOdds: UnsafeMutablePointer<Double>?,
    _ probabilities: UnsafeMutablePointer<Double>?
) -> limpet_status {
    guard let model = unsafe LoadedModel.at(model), let numbers = unsafe numbers, threads >= 1,
        let batch = unsafe Batch(
            model.flat, .double(numbers), rows: rows, layout: layout, stride: stride, logOdds: logOdds,
            probabilities: probabilities)
    else { return LIMPET_BAD_ARGUMENT }
    unsafe batch.score(threads: Int(threads))
    return LIMPET_OK
}

@c @implementation
package func limpet_score_single_rows(
    _ model: OpaquePointer?, _ numbers: UnsafePointer<Float>?, _ rows: Int, _ layout: limpet_layout,
    _ stride: Int, _ threads: CInt, _ logOdds: UnsafeMutablePointer<Double>?,
    _ probabilities: UnsafeMutablePointer<Double>?
) -> limpet_status {
    guard let model = unsafe LoadedModel.at(model), let numbers = unsafe numbers, threads >= 1,
        let batch = unsafe Batch(
            model.flat, .single(numbers), rows: rows, layout: layout, stride: stride, logOdds: logOdds,
            probabilities: probabilities)
    else { return LIMPET_BAD_ARGUMENT }
    unsafe batch.score(threads: Int(threads))
    return LIMPET_OK
}

@c @implementation
package func limpet_contributions(
    _ model: OpaquePointer?, _ row: UnsafePointer<Double>?, _ contributions: UnsafeMutablePointer<Double>?
) -> limpet_status {
    guard let model = unsafe LoadedModel.at(model), let row = unsafe row,
        let contributions = unsafe contributions
    else { return LIMPET_BAD_ARGUMENT }
    let vector = unsafe model.flat.vector(Span(_unsafeStart: row, count: model.flat.width))
    for (place, value) in model.flat.scorer.contributions(vector).enumerated() {
        unsafe contributions[place] = value
    }
    return LIMPET_OK
}

// MARK: Reasons

@c @implementation
package func limpet_reasons_of_row(
    _ model: OpaquePointer?, _ row: UnsafePointer<Double>?, _ count: Int, _ raisingOnly: CInt,
    _ reasons: UnsafeMutablePointer<OpaquePointer?>?
) -> limpet_status {
    guard let model = unsafe LoadedModel.at(model), let row = unsafe row, let reasons = unsafe reasons,
        count >= 0
    else { return LIMPET_BAD_ARGUMENT }
    let found = unsafe model.flat.reasons(
        Span(_unsafeStart: row, count: model.flat.width), count: count, raisingOnly: raisingOnly != 0)
    unsafe reasons.pointee = ReasonList(found).retained
    return LIMPET_OK
}

@c @implementation
package func limpet_reason_count(_ reasons: OpaquePointer?) -> Int {
    unsafe ReasonList.at(reasons)?.count ?? 0
}

@c @implementation
package func limpet_reason_at(_ reasons: OpaquePointer?, _ place: Int) -> UnsafePointer<limpet_reason>? {
    unsafe ReasonList.at(reasons)?.address(place)
}

@c @implementation
package func limpet_reasons_free(_ reasons: OpaquePointer?) {
    if let reasons = unsafe reasons { unsafe ReasonList.release(reasons) }
}
