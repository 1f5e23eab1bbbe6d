import LimpetDocuments
import Testing

@Suite struct KeyedHashTests {
    /// The bytes 0, 1, 2, … under the key 0, 1, …, 15, as `openssl mac -macopt hexkey:00…0F -macopt size:8
    /// SIPHASH` tells them, lowest byte first.
    @Test(
        "agrees with the values of another implementation",
        arguments: [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (7, 0xab02_00f5_8b01_d137),
            (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5), (63, 0x958a_324c_eb06_4572),
        ] as [(Int, UInt64)])
    func vectors(_ count: Int, _ expected: UInt64) {
        let hash = KeyedHash(key: Array(0..<16))
        #expect(hash((0..<count).map { UInt8($0) }) == expected)
    }

    @Test("a text and its kind are one message")
    func kinds() {
        let hash = KeyedHash(key: [7])
        #expect(hash("u17", kind: 1) == hash([1] + Array("u17".utf8)))
        #expect(hash("u17", kind: 1) != hash("u17", kind: 0))
        #expect(hash("u17", kind: 1) != KeyedHash(key: [8])("u17", kind: 1))
    }
}
