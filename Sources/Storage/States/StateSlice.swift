/// The changes of states that are written in one transaction.
package struct StateSlice: Sendable {
    /// A user's number and the bytes of the state.
    package struct State: Hashable, Sendable {
        /// The user.
        package let user: Int64
        /// The bytes.
        package let body: [UInt8]

        /// Makes a state.
        package init(user: Int64, body: [UInt8]) { (self.user, self.body) = (user, body) }
    }

    /// The hash of an id and the user that it leads to.
    package struct ID: Hashable, Sendable {
        /// The hash.
        package let hash: Int64
        /// The user.
        package let user: Int64

        /// Makes an id.
        package init(hash: Int64, user: Int64) { (self.hash, self.user) = (hash, user) }
    }

    /// The instant at which a user is looked at again.
    package struct WakeUp: Hashable, Sendable {
        /// The user.
        package let user: Int64
        /// The instant, in the caller's unit.
        package let at: Int64

        /// Makes a wake-up.
        package init(user: Int64, at: Int64) { (self.user, self.at) = (user, at) }
    }

    /// The states that take the place of the users' earlier ones.
    package var states: [State] = []
    /// The users whose states and wake-ups are removed.
    package var removedUsers: [Int64] = []
    /// The ids that are added.
    package var ids: [ID] = []
    /// The ids that are removed, before others are added.
    package var removedIDs: [ID] = []
    /// The wake-ups that take the place of the users' earlier ones.
    package var wakeUps: [WakeUp] = []
    /// The users whose wake-ups are removed.
    package var removedWakeUps: [Int64] = []
    /// The number of the record up to which all of the log is inside after this slice; nil where that is not
    /// known yet.
    package var position: Int64?

    /// Makes an empty slice.
    package init() {}
}
