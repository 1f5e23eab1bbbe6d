/// An error about a setting outside its range.
public struct SimulationSettingsError: Error, Hashable, CustomStringConvertible {
    /// The property of ``SimulationSettings``, e.g. `baseHazard`.
    public var field: String
    /// The value that it was set to.
    public var value: String
    /// The allowed values.
    public var allowed: String

    /// The setting, its value and the allowed values in one line.
    public var description: String {
        "\(field): \(value) is not allowed, expected \(allowed)"
    }
}
