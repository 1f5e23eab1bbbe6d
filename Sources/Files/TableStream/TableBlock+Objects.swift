import LimpetDocuments
import LimpetEvents
import LimpetScoring

extension TableBlock {
    /// Adds the rows of a block of JSON objects, one on each line.
    func addObjects(
        _ roles: [String: TableStreamPlan.Role], _ plan: TableStreamPlan, to rows: inout TableStreamRows
    ) {
        var (start, line) = (0, firstLine)
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            let text = bytes[start..<end]
            // A line of white space, as at the end of some files, is not a row.
            if text.contains(where: { $0 > 32 }) {
                do {
                    try addObject(text, line, roles, plan, to: &rows)
                } catch {
                    rows.rejected.append((error, String(decoding: text, as: UTF8.self)))
                }
            }
            (start, line) = (end + 1, line + 1)
        }
    }

    private func addObject(
        _ text: ArraySlice<UInt8>, _ line: Int, _ roles: [String: TableStreamPlan.Role],
        _ plan: TableStreamPlan, to rows: inout TableStreamRows
    ) throws(InputError) {
        var place = InputPlace(file: plan.file, line: line)
        let json: JSON
        do { json = try JSONReader.read(text) } catch { throw InputError(place, "\(error)") }
        guard case .object(let members) = json else { throw InputError(place, "expected a JSON object") }
        var row = [Double](repeating: .nan, count: plan.width)
        var id: String?
        var wanted = 0
        for member in members {
            guard let role = roles[member.name] else { continue }
            wanted += 1
            place.field = member.name
            switch role {
            case .ignored: break
            case .number(let target): row[target] = try number(member.value, plan, place)
            case .text(let target): row[target] = plan.code(target, try self.text(member.value, plan, place))
            case .id: id = try self.text(member.value, plan, place)
            }
        }
        try check(members, roles, wanted, id, plan, line)
        rows.numbers += row
        if let id { rows.ids.append(id) }
        rows.lines.append(line)
    }

    /// Refuses an object without one of the members of the plan, or without an id. A missing member may be a
    /// misspelt one, whose value would be missing everywhere; `null` states a missing value.
    private func check(
        _ members: [JSONMember], _ roles: [String: TableStreamPlan.Role], _ wanted: Int, _ id: String?,
        _ plan: TableStreamPlan, _ line: Int
    ) throws(InputError) {
        if wanted < roles.count {
            let names = Set(members.map(\.name))
            let name = plan.header.first { !names.contains($0) } ?? ""
            throw InputError(
                InputPlace(file: plan.file, line: line, field: name),
                "the object has no such member; write null for a missing value")
        }
        guard plan.hasIDs, id?.isEmpty ?? true else { return }
        throw InputError(
            InputPlace(file: plan.file, line: line, field: plan.header.last),
            "is missing, expected the row's id")
    }

    private func number(
        _ value: JSON, _ plan: TableStreamPlan, _ place: InputPlace
    ) throws(InputError) -> Double {
        let text: String
        switch value {
        case .null: return .nan
        case .number(let digits): text = digits
        case .string(let string): text = string.trimmed
        case .boolean, .array, .object: throw InputError(place, "found \(value.compact), expected a number")
        }
        guard !text.isEmpty, !plan.missing.contains(text) else { return .nan }
        guard let number = TableNumber.value(text) else { throw InputError(place, TableNumber.problem(text)) }
        return number
    }

    /// Returns a member as the text that a table of fields would hold; empty where it is missing.
    private func text(
        _ value: JSON, _ plan: TableStreamPlan, _ place: InputPlace
    ) throws(InputError) -> String {
        switch value {
        case .null: return ""
        case .string(let text): return plan.missing.contains(text.trimmed) ? "" : text.trimmed
        case .number(let digits): return digits
        case .boolean(let value): return value ? "true" : "false"
        case .array, .object: throw InputError(place, "found \(value.compact.prefix(40)), expected a text")
        }
    }
}
