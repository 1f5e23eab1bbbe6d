import LimpetDocuments
import LimpetEvents

extension TableBlock {
    /// A line of a block.
    struct Line {
        var number: Int
        var bytes: Range<Int>
    }

    /// The lines of a block of JSON objects. A line of white space, as at the end of some files, is no row.
    var objectLines: [Line] {
        var lines: [Line] = []
        var (start, number) = (0, self.start.line)
        while start < bytes.count {
            let end = bytes.span.first(10, from: start) ?? bytes.count
            if bytes[start..<end].contains(where: { $0 > 32 }) {
                lines.append(Line(number: number, bytes: start..<end))
            }
            (start, number) = (end + 1, number + 1)
        }
        return lines
    }

    /// Adds the rows of a block of JSON objects, one on each line.
    func addObjects(_ columnOfMember: VerbatimDictionary<Int>, _ plan: TablePlan, to rows: inout BlockRows) {
        for line in objectLines where !rows.isEnded {
            do {
                let first = try addObject(line, columnOfMember, plan, to: &rows)
                guard !first.isEmpty else { continue }
                rows.undecided = (first, suffix(from: line.bytes.lowerBound, line: line.number))
            } catch {
                rows.rejected.append((error, String(decoding: bytes[line.bytes], as: UTF8.self)))
            }
        }
    }

    /// Adds an object, unless it holds the first values of columns that had none, which are returned.
    private func addObject(
        _ line: Line, _ columnOfMember: VerbatimDictionary<Int>, _ plan: TablePlan, to rows: inout BlockRows
    ) throws(InputError) -> [(column: Int, text: String)] {
        let texts = try texts(bytes[line.bytes], line.number, columnOfMember, plan)
        var row = RowInProgress(plan)
        for (column, text) in texts.enumerated() {
            let place = InputPlace(file: plan.file, line: line.number, field: plan.header[column])
            try row.add(text, column: column, plan, place)
        }
        return row.finish(line: line.number, plan, to: &rows)
    }

    /// Returns the text of each member that the plan names, "" where it is missing.
    ///
    /// An object without one of the members is refused: it may be a misspelt one, whose value would be
    /// missing everywhere; `null` states a missing value.
    func texts(
        _ line: ArraySlice<UInt8>, _ number: Int, _ columnOfMember: VerbatimDictionary<Int>, _ plan: TablePlan
    ) throws(InputError) -> [String] {
        var place = InputPlace(file: plan.file, line: number)
        let json: JSON
        do { json = try JSONReader.read(line) } catch { throw InputError(place, "\(error)") }
        guard case .object(let members) = json else { throw InputError(place, "expected a JSON object") }
        var found = [String?](repeating: nil, count: plan.header.count)
        for member in members {
            place.field = member.name
            guard let column = columnOfMember[member.name] else {
                guard plan.refusesOtherMembers else { continue }
                throw InputError(
                    place, "the first object has no such member, and its members are the table's columns")
            }
            found[column] = try text(member.value, plan.roles[column], plan, place)
        }
        if let column = found.firstIndex(of: nil) {
            place.field = plan.header[column]
            throw InputError(place, "the object has no such member; write null for a missing value")
        }
        return found.map { $0 ?? "" }
    }

    /// Returns a member as the text that a table of fields would hold.
    private func text(
        _ value: JSON, _ role: TablePlan.Role, _ plan: TablePlan, _ place: InputPlace
    ) throws(InputError) -> String {
        if role == .ignored { return "" }
        switch value {
        case .null: return ""
        case .string(let text): return plan.missing.contains(text.trimmed) ? "" : text.trimmed
        case .number(let digits): return plan.missing.contains(digits) ? "" : digits
        case .boolean, .array, .object: break
        }
        switch role {
        case .number, .written: throw InputError(place, "found \(value.compact), expected a number")
        case .ignored, .text, .undecided, .id: break
        }
        guard case .boolean(let isTrue) = value else {
            throw InputError(place, "found \(value.compact.prefix(40)), expected a text")
        }
        return isTrue ? "true" : "false"
    }
}
