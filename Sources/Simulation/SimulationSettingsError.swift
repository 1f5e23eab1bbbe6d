/// A setting that is outside its range.
public struct SimulationSettingsError: Error, Hashable, CustomStringConvertible {
    /// The property of ``SimulationSettings``, e.g. `baseHazard`.
    public var field: String
    /// What it was set to.
    public var value: String
    /// What is allowed.
    public var allowed: String

    /// All three in one line.
    public var description: String {
        "\(field): \(value) is not allowed, expected \(allowed)"
    }
}
