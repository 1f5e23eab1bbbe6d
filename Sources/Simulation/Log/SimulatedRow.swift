/// A row of the log. Empty texts and nil numbers are blank cells.
struct SimulatedRow: Sendable {
    var event: SimulatedEvent
    /// A price or an amount, in cents.
    var cents: Int?
    var page = ""
    var dwellSeconds: Int?
    var query = ""
    /// The watched fraction in percent.
    var progressPercent: Int?
    var plan = ""
    var device = ""
    var country = ""
    var offer = ""
    var propensityPercent: Int?
    var reason = ""

    init(_ event: SimulatedEvent) {
        self.event = event
    }

    /// The first line of the log.
    static let header =
        "time,user,event,value,message_id,page,dwell_s,query,progress,"
        + "plan,device,country,offer,propensity,reason\n"

    func append(to bytes: inout [UInt8], second: Int64, clock: ClockText, user: Int, number: Int) {
        bytes.append(clock, second: second)
        bytes.appendComma()
        bytes.appendUser(user)
        bytes.appendCell(event.rawValue)
        bytes.appendHundredths(cents)
        bytes.appendComma()
        bytes.appendUser(user)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendNumber(number, width: 1)
        bytes.appendCell(page)
        bytes.appendComma()
        if let dwellSeconds { bytes.appendNumber(dwellSeconds, width: 1) }
        bytes.appendCell(query)
        bytes.appendHundredths(progressPercent)
        bytes.appendCell(plan)
        bytes.appendCell(device)
        bytes.appendCell(country)
        bytes.appendCell(offer)
        bytes.appendHundredths(propensityPercent)
        bytes.appendCell(reason)
        bytes.append(UInt8(ascii: "\n"))
    }
}
