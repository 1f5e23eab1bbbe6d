import LimpetDocuments
package import CLimpet
import LimpetEvents
import LimpetScoring

private let release = CText(Release.version)

@c @implementation
package func limpet_version() -> UnsafePointer<CChar>? { unsafe release.pointer }

@c @implementation
package func limpet_model_load(
    _ path: UnsafePointer<CChar>?, _ model: UnsafeMutablePointer<OpaquePointer?>?,
    _ message: UnsafeMutablePointer<CChar>?, _ size: Int
) -> limpet_status {
    guard let path = unsafe path, let model = unsafe model else {
        return unsafe fail(LIMPET_BAD_ARGUMENT, "the path or the place of the model is NULL", message, size)
    }
    let name = unsafe String(cString: path)
    do {
        let bytes = try SystemFile.contents(name, limit: JSONReader.Limits().bytes)
        return unsafe load(bytes, name: name, model, message, size)
    } catch {
        return unsafe fail(LIMPET_CANNOT_READ, error.description, message, size)
    }
}

@c @implementation
package func limpet_model_load_bytes(
    _ bytes: UnsafeRawPointer?, _ length: Int, _ model: UnsafeMutablePointer<OpaquePointer?>?,
    _ message: UnsafeMutablePointer<CChar>?, _ size: Int
) -> limpet_status {
    guard let bytes = unsafe bytes, let model = unsafe model, length >= 0 else {
        return unsafe fail(LIMPET_BAD_ARGUMENT, "the bytes or the place of the model are NULL", message, size)
    }
    guard length <= JSONReader.Limits().bytes else {
        return unsafe fail(LIMPET_BAD_MODEL, "\(length) bytes are too many for a model", message, size)
    }
    let copy = unsafe Array(UnsafeRawBufferPointer(start: bytes, count: length))
    return unsafe load(copy, name: "the bytes", model, message, size)
}

@unsafe private func load(
    _ bytes: [UInt8], name: String, _ model: UnsafeMutablePointer<OpaquePointer?>,
    _ message: UnsafeMutablePointer<CChar>?, _ size: Int
) -> limpet_status {
    do {
        unsafe model.pointee = try LoadedModel(bytes).retained
        return LIMPET_OK
    } catch {
        return unsafe fail(LIMPET_BAD_MODEL, "\(name): \(error)", message, size)
    }
}

/// Copies a sentence into the caller's buffer, cut to the characters that fit whole, and returns the status.
@unsafe private func fail(
    _ status: limpet_status, _ sentence: String, _ message: UnsafeMutablePointer<CChar>?, _ size: Int
) -> limpet_status {
    guard let message = unsafe message, size > 0 else { return status }
    var end = 0
    for character in sentence {
        let bytes = character.utf8
        guard end + bytes.count < size else { break }
        for byte in bytes {
            unsafe message[end] = CChar(bitPattern: byte)
            end += 1
        }
    }
    unsafe message[end] = 0
    return status
}

@c @implementation
package func limpet_model_free(_ model: OpaquePointer?) {
    if let model = unsafe model { unsafe LoadedModel.release(model) }
}

@c @implementation
package func limpet_model_hash(_ model: OpaquePointer?) -> UnsafePointer<CChar>? {
    unsafe LoadedModel.at(model)?.hash.pointer
}

@c @implementation
package func limpet_threshold(_ model: OpaquePointer?) -> Double {
    unsafe LoadedModel.at(model)?.model.decision?.threshold ?? .nan
}

// MARK: Inputs

@c @implementation
package func limpet_input_count(_ model: OpaquePointer?) -> Int {
    unsafe LoadedModel.at(model)?.flat.width ?? 0
}

@c @implementation
package func limpet_input_name(_ model: OpaquePointer?, _ input: Int) -> UnsafePointer<CChar>? {
    guard let model = unsafe LoadedModel.at(model), model.inputNames.indices.contains(input) else {
        return nil
    }
    return unsafe model.inputNames[input].pointer
}

@c @implementation
package func limpet_input_is_category(_ model: OpaquePointer?, _ input: Int) -> CInt {
    guard let model = unsafe LoadedModel.at(model), model.model.inputs.indices.contains(input) else {
        return 0
    }
    return model.model.inputs[input].isCategorical ? 1 : 0
}

@c @implementation
package func limpet_level_count(_ model: OpaquePointer?, _ input: Int) -> Int {
    guard let model = unsafe LoadedModel.at(model), model.levels.indices.contains(input) else { return 0 }
    return model.levels[input].count
}

@c @implementation
package func limpet_level(_ model: OpaquePointer?, _ input: Int, _ code: Int) -> UnsafePointer<CChar>? {
    guard let model = unsafe LoadedModel.at(model), model.levels.indices.contains(input),
        model.levels[input].indices.contains(code)
    else { return nil }
    return unsafe model.levels[input][code].pointer
}

@c @implementation
package func limpet_code(_ model: OpaquePointer?, _ input: Int, _ text: UnsafePointer<CChar>?) -> Double {
    guard let model = unsafe LoadedModel.at(model), let text = unsafe text,
        model.model.inputs.indices.contains(input)
    else { return .nan }
    return model.flat.code(of: unsafe String(cString: text), input: input)
}

@c @implementation
package func limpet_term_count(_ model: OpaquePointer?) -> Int {
    unsafe LoadedModel.at(model)?.model.terms.count ?? 0
}

@c @implementation
package func limpet_intercept(_ model: OpaquePointer?) -> Double {
    unsafe LoadedModel.at(model)?.model.intercept ?? .nan
}

@c @implementation
package func limpet_term_inputs(
    _ model: OpaquePointer?, _ term: Int, _ inputs: UnsafeMutablePointer<Int>?
) -> Int {
    guard let model = unsafe LoadedModel.at(model), let inputs = unsafe inputs,
        model.model.terms.indices.contains(term)
    else { return 0 }
    let read = model.model.terms[term].inputs
    for (place, input) in read.enumerated() { unsafe inputs[place] = input }
    return read.count
}
