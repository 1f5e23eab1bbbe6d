import LimpetEvents
import LimpetFeatures
import LimpetFiles

/// The rows of a snapshot table as lines of CSV.
struct FeatureLines: Sendable {
    private let table: SnapshotTable
    private let names: CategoryNames
    private let isCategorical: [Bool]
    /// The snapshot times, and their texts.
    private let times: [Timestamp]
    private let timeTexts: [[UInt8]]

    init(_ table: SnapshotTable, names: CategoryNames) {
        (self.table, self.names) = (table, names)
        isCategorical = table.features.map(\.kind.isCategorical)
        times = Set(table.times).sorted()
        timeTexts = times.map { Array($0.description.utf8) }
    }

    /// Returns the lines of some rows.
    func bytes(_ rows: Range<Int>) -> [UInt8] {
        let width = isCategorical.count
        let values = values(rows)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows.count * (40 + 8 * width))
        var (user, id, time) = (Int32(-1), [UInt8](), 0)
        // The last text of each category, which the next row often has too.
        var texts = isCategorical.map { _ in (key: UInt64(0), text: [UInt8]()) }
        for row in rows {
            if table.users[row] != user {
                user = table.users[row]
                id = Array(CSV.field(table.userIDs[Int(user)]).utf8)
            }
            bytes += id
            bytes.append(UInt8(ascii: ","))
            // A user's rows have ascending times.
            while times[time] != table.times[row] { time = (time + 1) % times.count }
            bytes += timeTexts[time]
            bytes.append(UInt8(ascii: ","))
            if let label = table.labels[row] { bytes.append(label ? UInt8(ascii: "1") : UInt8(ascii: "0")) }
            let first = (row - rows.lowerBound) * width
            for feature in 0..<width {
                bytes.append(UInt8(ascii: ","))
                let value = values[first + feature]
                guard isCategorical[feature] else {
                    Self.append(Double(bitPattern: value), to: &bytes)
                    continue
                }
                if texts[feature].key != value {
                    let text = names.name(TextKey(stored: value)) ?? ""
                    texts[feature] = (value, Array(CSV.field(text).utf8))
                }
                bytes += texts[feature].text
            }
            bytes.append(10)
        }
        return bytes
    }

    /// Returns the values of some rows, `[rows][features]`: the bits of a number, or the key of a text.
    private func values(_ rows: Range<Int>) -> [UInt64] {
        let width = isCategorical.count
        var values = [UInt64](repeating: 0, count: rows.count * width)
        var target = values.mutableSpan
        for feature in 0..<width {
            var place = feature
            if isCategorical[feature] {
                let keys = table.keys[feature]
                let column = keys.span
                for row in rows {
                    target[place] = column[row]
                    place += width
                }
            } else {
                let numbers = table.numbers[feature]
                let column = numbers.span
                for row in rows {
                    target[place] = column[row].bitPattern
                    place += width
                }
            }
        }
        return values
    }

    /// Appends a number as its description, nothing where it is missing. Most are small whole numbers, whose
    /// digits are quickly found.
    private static func append(_ number: Double, to bytes: inout [UInt8]) {
        guard !number.isNaN else { return }
        guard number.magnitude < 1e9, number == Double(Int32(number)), number != 0 || number.sign == .plus
        else {
            bytes += number.description.utf8
            return
        }
        var rest = Int32(number).magnitude
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
        bytes.append(UInt8(ascii: "."))
        bytes.append(UInt8(ascii: "0"))
    }
}
