import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

@Suite struct ZoneDirectoryTests {
    @Test("zones of the system are found")
    func zonesOfTheSystemAreFound() throws {
        let rules = try #require(ZoneDirectory.system.rules(named: "Europe/Amsterdam"))
        // 2025-01-15T12:00Z and 2025-07-15T12:00Z.
        #expect(rules.offsetSeconds(at: Timestamp(milliseconds: 1_736_942_400_000)) == 3_600)
        #expect(rules.offsetSeconds(at: Timestamp(milliseconds: 1_752_580_800_000)) == 7_200)
        #expect(ZoneDirectory.system.rules(named: "Europe/Amsterdam") == rules)
    }

    @Test("UTC needs no file")
    func utcNeedsNoFile() {
        #expect(ZoneDirectory(folder: "/nowhere").rules(named: "UTC") == .utc)
    }

    @Test(
        "other names are no zones",
        arguments: [
            "", ".", "..", "../../etc/passwd", "../zoneinfo/Europe/Amsterdam", "Europe/../Europe/Amsterdam",
            "/usr/share/zoneinfo/Europe/Amsterdam", "/etc/passwd", "Europe", "Europe/Nowhere",
            "Europe/Amsterdam ",
            "Europe\\Amsterdam", "Europe/Amsterdam\0", "tzdata.zi", "Zürich", "tab\there",
            "A/very/long/name/that/goes/on/and/on/and/on/and/on/and/on/and/on",
        ])
    func otherNamesAreNoZones(name: String) {
        #expect(ZoneDirectory.system.rules(named: name) == nil)
    }

    @Test("a file beside the folder is out of reach")
    func aFileBesideTheFolderIsOutOfReach() throws {
        let folder = try TemporaryFolder()
        let zone = try ByteSource(path: "/usr/share/zoneinfo/Asia/Tokyo").readAll(limit: 1 << 20)
        _ = try folder.write(zone, as: "secret")
        let directory = ZoneDirectory(folder: folder.file("zones"))
        #expect(directory.rules(named: "../secret") == nil)
        #expect(ZoneDirectory(folder: folder.path).rules(named: "secret") != nil)
    }

    @Test(
        "a file that is no zone file is no zone",
        arguments: [[], Array("TZif".utf8), [UInt8](repeating: 0xff, count: 500)])
    func aFileThatIsNoZoneFileIsNoZone(bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(bytes, as: "Zone")
        #expect(ZoneDirectory(folder: folder.path).rules(named: "Zone") == nil)
    }
}
