/// The gzip format (RFC 1952) with its content stored as it is.
enum Gzip {
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count < 1 << 16)
        let length = UInt16(bytes.count)
        let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        return header + [1] + little(length) + little(~length) + bytes + little(crc(bytes))
            + little(UInt32(bytes.count))
    }

    private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0 as UInt32) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
    }
}
