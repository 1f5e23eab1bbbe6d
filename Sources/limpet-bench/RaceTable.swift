import LimpetDocuments
import Glibc
import LimpetScoring
import LimpetTraining

/// The training and test rows of a race.
struct RaceTable {
    let train: TrainingData
    let test: TrainingData

    init(_ folder: String, isSkewed: Bool? = nil) throws(RaceError) {
        let categorical = try Self.categorical(folder + "/meta.json")
        train = try Self.table(folder + "/train", categorical, isSkewed)
        test = try Self.table(folder + "/test", categorical, isSkewed)
    }

    private static func table(
        _ path: String, _ categorical: Set<Int>, _ isSkewed: Bool?
    ) throws(RaceError) -> TrainingData {
        let file = try ArrayFile(path + ".npy")
        let labels = try ArrayFile(path + "_y.npy").labels
        let columns = (0..<file.shape[1]).map { index -> TrainingData.Column in
            let numbers = file.column(index)
            guard categorical.contains(index) else { return .numbers(numbers) }
            let most = numbers.max() ?? 0
            return .levels(
                names: (0...Int(most)).map { "level \($0)" },
                codes: numbers.map { $0.isNaN ? -1 : Int32($0) })
        }
        return TrainingData(
            inputs: columns.indices.map { .init(name: "x\($0)", isCategorical: categorical.contains($0)) },
            columns: columns, isSkewed: columns.map { _ in isSkewed }, labels: labels,
            users: labels.indices.map(Int32.init))
    }

    private static func categorical(_ path: String) throws(RaceError) -> Set<Int> {
        guard let file = fopen(path, "rb") else { throw RaceError("cannot read \(path)") }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        do {
            let meta = try JSONReader.read(bytes[..<count])
            let numbers = meta["categorical"]?.array ?? []
            return Set(numbers.compactMap { Int($0.compact) })
        } catch {
            throw RaceError("\(path): \(error)")
        }
    }
}
