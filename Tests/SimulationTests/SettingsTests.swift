import LimpetEvents
import LimpetSimulation
import Testing

@Suite("Settings of a simulation")
struct SettingsTests {
    private func field(_ change: (inout SimulationSettings) -> Void) -> String? {
        var settings = SimulationSettings()
        change(&settings)
        do {
            _ = try Simulation(settings)
            return nil
        } catch {
            return error.field
        }
    }

    @Test("are accepted as shipped and at the ends of their ranges")
    func accepted() {
        #expect(field { _ in } == nil)
        #expect(field { $0.users = 1 } == nil)
        #expect(field { $0.silentLeavers = 1 } == nil)
        #expect(field { $0.snapshots = .at([$0.start + .days(180)]) } == nil)
        #expect(field { $0.snapshots = .never } == nil)
    }

    @Test("name the first field that is out of range")
    func rejected() {
        #expect(field { $0.users = 0 } == "users")
        #expect(field { $0.days = 0 } == "days")
        #expect(field { $0.priorDays = -1 } == "priorDays")
        #expect(field { $0.forks = 10_001 } == "forks")
        #expect(field { $0.activity = 0 } == "activity")
        #expect(field { $0.baseHazard = .nan } == "baseHazard")
        #expect(field { $0.failureEffect = -1 } == "failureEffect")
        #expect(field { $0.offerEffect = .infinity } == "offerEffect")
        #expect(field { $0.frailty = 4 } == "frailty")
        #expect(field { $0.silentLeavers = 1.5 } == "silentLeavers")
        #expect(field { $0.holdoutShare = -0.1 } == "holdoutShare")
        #expect(field { $0.start = Timestamp(milliseconds: 1) } == "start")
    }

    @Test("allow only whole days for labels and snapshots, and only events that exist")
    func wholeDays() {
        #expect(field { $0.label = .inactivity(horizon: .hour) } == "label horizon")
        #expect(field { $0.label = .event(name: "nothing", horizon: .day) } == "label")
        #expect(field { $0.snapshots = .every(.hour) } == "snapshots")
        #expect(field { $0.snapshots = .at([$0.start]) } == "snapshots")
        #expect(field { $0.snapshots = .at([$0.start + .hour]) } == "snapshots")
        #expect(field { $0.snapshots = .at([$0.start + .days(181)]) } == "snapshots")
    }

    @Test("say what is wrong in one line")
    func description() {
        var settings = SimulationSettings()
        settings.users = 0
        do {
            _ = try Simulation(settings)
        } catch {
            #expect("\(error)" == "users: 0 is not allowed, expected 1 to 5000000")
        }
    }
}
