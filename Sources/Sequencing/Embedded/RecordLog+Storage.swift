package import LimpetStorage

extension RecordLog: RecordStorage {}
extension StateTable: StateStorage {}
