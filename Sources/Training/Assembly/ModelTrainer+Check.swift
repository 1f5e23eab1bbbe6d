import LimpetScoring

extension ModelTrainer {
    func check(_ data: TrainingData) throws(TrainingError) {
        guard data.count > 0 else { throw .noRows }
        let needsNumbers =
            settings.kind != .stumps || settings.valueInput != nil || settings.initial != nil
        guard data.byteTable == nil || !needsNumbers else { throw .onlyBins }
        let users = data.classUsers(of: Array(data.labels.indices))
        guard users.positive > 0 else { throw .oneClass(label: false, rows: data.count) }
        guard users.negative > 0 else { throw .oneClass(label: true, rows: data.count) }
        guard users.positive >= settings.folds else {
            throw .tooFewUsers(label: true, users: users.positive, folds: settings.folds)
        }
        guard users.negative >= settings.folds else {
            throw .tooFewUsers(label: false, users: users.negative, folds: settings.folds)
        }
    }
}
