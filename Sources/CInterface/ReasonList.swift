import CLimpet
import LimpetScoring

/// The object that a `limpet_reasons` points to.
///
/// `@unchecked Sendable`: nothing changes after initialisation.
@safe final class ReasonList: @unchecked Sendable {
    private let texts: [CText]
    private let reasons: UnsafeMutableBufferPointer<limpet_reason>

    init(_ found: [Reason]) {
        var texts: [CText] = []
        func text(_ text: String?) -> UnsafePointer<CChar>? {
            guard let text else { return nil }
            texts.append(CText(text))
            return unsafe texts[texts.count - 1].pointer
        }
        unsafe reasons = UnsafeMutableBufferPointer.allocate(capacity: found.count)
        let listed = unsafe found.map { reason in
            unsafe limpet_reason(
                topic: text(reason.topic), sentence: text(reason.sentence), input: text(reason.input),
                value: text(reason.value), second_input: text(reason.secondInput),
                second_value: text(reason.secondValue), contribution: reason.contribution)
        }
        _ = unsafe reasons.initialize(from: listed)
        self.texts = texts
    }

    deinit { unsafe reasons.deallocate() }

    var count: Int { unsafe reasons.count }

    /// Returns the address of a reason; nil where there is none.
    func address(_ place: Int) -> UnsafePointer<limpet_reason>? {
        guard place >= 0, place < count, let first = unsafe reasons.baseAddress else { return nil }
        return unsafe UnsafePointer(first + place)
    }

    var retained: OpaquePointer { unsafe OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

    static func release(_ pointer: OpaquePointer) {
        unsafe Unmanaged<ReasonList>.fromOpaque(UnsafeRawPointer(pointer)).release()
    }

    static func at(_ pointer: OpaquePointer?) -> ReasonList? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe Unmanaged<ReasonList>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
    }
}
