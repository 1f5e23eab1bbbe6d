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
    unsafe scoreRows(
        model, numbers.map { unsafe .double($0) }, rows, layout, stride, threads, logOdds, probabilities)
}

@c @implementation
package func limpet_score_single_rows(
    _ model: OpaquePointer?, _ numbers: UnsafePointer<Float>?, _ rows: Int, _ layout: limpet_layout,
    _ stride: Int, _ threads: CInt, _ logOdds: UnsafeMutablePointer<Double>?,
    _ probabilities: UnsafeMutablePointer<Double>?
) -> limpet_status {
    unsafe scoreRows(
        model, numbers.map { unsafe .single($0) }, rows, layout, stride, threads, logOdds, probabilities)
}

@unsafe private func scoreRows(
    _ model: OpaquePointer?, _ numbers: Batch.Numbers?, _ rows: Int, _ layout: limpet_layout, _ stride: Int,
    _ threads: CInt, _ logOdds: UnsafeMutablePointer<Double>?, _ probabilities: UnsafeMutablePointer<Double>?
) -> limpet_status {
    guard let model = unsafe LoadedModel.at(model), let numbers = unsafe numbers, threads >= 1,
        let batch = unsafe Batch(
            model.flat, numbers, rows: rows, layout: layout, stride: stride, logOdds: logOdds,
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
    var capacity = unsafe MutableSpan(_unsafeStart: contributions, count: model.model.terms.count)
    unsafe model.flat.contributions(Span(_unsafeStart: row, count: model.flat.width), into: &capacity)
    return LIMPET_OK
}

// MARK: Reasons

@c @implementation
package func limpet_topic_count(_ model: OpaquePointer?) -> Int {
    unsafe LoadedModel.at(model)?.topics.count ?? 0
}

@c @implementation
package func limpet_topic(_ model: OpaquePointer?, _ topic: Int) -> UnsafePointer<CChar>? {
    guard let model = unsafe LoadedModel.at(model), model.topics.indices.contains(topic) else { return nil }
    return unsafe model.topics[topic].pointer
}

@c @implementation
package func limpet_strongest_topics(
    _ model: OpaquePointer?, _ row: UnsafePointer<Double>?, _ count: Int, _ raisingOnly: CInt,
    _ topics: UnsafeMutablePointer<limpet_topic_contribution>?, _ found: UnsafeMutablePointer<Int>?,
    _ logOdds: UnsafeMutablePointer<Double>?, _ probability: UnsafeMutablePointer<Double>?
) -> limpet_status {
    guard let model = unsafe LoadedModel.at(model), let row = unsafe row, let topics = unsafe topics,
        let found = unsafe found, count >= 0, count < 1 << 48
    else { return LIMPET_BAD_ARGUMENT }
    // Both types have the layout of an integer and a double.
    let score = unsafe topics.withMemoryRebound(to: TopicContribution.self, capacity: count) { topics in
        var capacity = unsafe MutableSpan(_unsafeStart: topics, count: count)
        let (score, count) = unsafe model.flat.strongestTopics(
            Span(_unsafeStart: row, count: model.flat.width), raisingOnly: raisingOnly != 0, into: &capacity)
        unsafe found.pointee = count
        return score
    }
    if let logOdds = unsafe logOdds { unsafe logOdds.pointee = score.logOdds }
    if let probability = unsafe probability { unsafe probability.pointee = score.probability }
    return LIMPET_OK
}

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
