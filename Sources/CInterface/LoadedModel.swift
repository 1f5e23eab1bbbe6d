import CLimpet
import Glibc
import LimpetEvents
import LimpetScoring

/// The object that a `limpet_model` points to: a model with its texts as C strings.
final class LoadedModel: Sendable {
    let flat: FlatScorer
    let hash: CText
    let inputNames: [CText]
    let levels: [[CText]]
    let topics: [CText]

    init(_ bytes: [UInt8]) throws(ModelFileError) {
        let verified = try ModelFile.decode(bytes) { SystemZone.rules($0) }
        flat = FlatScorer(verified.scorer)
        hash = CText(verified.hash)
        let model = verified.scorer.model
        topics = flat.topics.map { CText($0) }
        inputNames = model.inputs.map { CText($0.name) }
        levels = model.inputs.indices.map { [flat] input in flat.levels(of: input).map { CText($0) } }
    }

    var model: Model { flat.scorer.model }

    /// A pointer that retains the model until ``release(_:)``.
    var retained: OpaquePointer { unsafe OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

    static func release(_ pointer: OpaquePointer) {
        unsafe Unmanaged<LoadedModel>.fromOpaque(UnsafeRawPointer(pointer)).release()
    }

    /// Returns the model of a pointer; nil for a null pointer.
    static func at(_ pointer: OpaquePointer?) -> LoadedModel? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe Unmanaged<LoadedModel>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
    }
}

/// A C string at a stable address.
///
/// `@unchecked Sendable`: the bytes are written once, before the pointer is shared.
@safe final class CText: @unchecked Sendable {
    let pointer: UnsafePointer<CChar>

    init(_ text: String) {
        let bytes = text.utf8.map { CChar(bitPattern: $0) } + [0]
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        unsafe copy.initialize(from: bytes, count: bytes.count)
        unsafe pointer = UnsafePointer(copy)
    }

    deinit { unsafe pointer.deallocate() }
}
