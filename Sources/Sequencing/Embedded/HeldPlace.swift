/// The relation of a profile in memory to its row in the table of states.
struct HeldPlace {
    /// The number of the first record that the row does not have; 0 while the row has all.
    var dirtySince: UInt64 = 0
    /// The number of rows of the profile that are packed and not yet written.
    var rowsUnderWay = 0
    /// The number of the last unit that changed the profile.
    var unit: UInt64 = 0
    /// The ids of the profile that the index knows.
    var idCount = 0
    /// The memory that was last counted for the profile.
    var memory = 0
    /// True if the profile was used since its memory was last looked for.
    var isUsed = true
}
