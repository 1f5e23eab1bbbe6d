import CMalloc

/// The memory that the process has freed and the allocator keeps.
package enum FreedMemory {
    /// Gives it back to the system: after a stage whose large arrays lay between others that stay, the rest
    /// of a run would use little of it.
    package static func giveBack() { malloc_trim(0) }
}
