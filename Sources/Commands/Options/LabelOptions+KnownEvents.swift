import LimpetPipelines

extension HorizonOptions {
    /// Refuses labels of events that never occur.
    package func check(_ known: KnownEvents) throws(UnknownEventError) {
        try known.require(targetEvent, flag: "--target-event")
        try known.require(churnEvents, flag: "--churn-events")
    }
}

extension LabelOptions {
    /// Refuses labels and populations of events that never occur. An event that excludes users may be one
    /// that nobody has done yet, so that it is worth a warning only.
    package func check(_ known: KnownEvents) throws(UnknownEventError) {
        try target.check(known)
        try known.require(hasDone, flag: "--has-done")
        if hasNotDone != ["none"] { known.warn(hasNotDone, flag: "--has-not-done") }
    }
}
