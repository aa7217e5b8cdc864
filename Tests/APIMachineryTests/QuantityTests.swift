import APIMachinery
import Testing

@Suite("Quantities")
struct QuantityTests {
    @Test(
        "are written as upstream writes them",
        arguments: [
            ("0", "0"), ("100m", "100m"), ("1", "1"), ("1000m", "1"), ("1500m", "1500m"), ("0.5", "500m"),
            ("1.5", "1500m"), ("1Gi", "1Gi"), ("1024Mi", "1Gi"), ("1536Mi", "1536Mi"), ("1.5Gi", "1536Mi"),
            ("0.5Ki", "512"), ("1023", "1023"), ("128974848", "128974848"), ("129e6", "129e6"), ("129M", "129M"),
            ("1000", "1k"), ("12000", "12k"), ("1000000Ki", "1000000Ki"), ("1e3", "1e3"), ("1E3", "1E3"),
            ("10e3", "10e3"), ("1e4", "10e3"), ("100000000000000000000", "100E"), ("-1", "-1"), ("-0.5", "-500m"),
            ("0.0000000001", "1n"), ("0.1Ki", "102400m"), ("+5", "+5"), ("007", "007"), ("1.", "1."), (".5", "500m"),
            ("1n", "1n"), ("1000u", "1m"), ("0m", "0"), ("9Ei", "9223372036854775807"), ("2000Mi", "2000Mi"),
        ])
    func canonical(text: String, canonical: String) throws {
        #expect(try Quantity(text).canonicalText == canonical)
        #expect(try Quantity(Quantity(text).canonicalText) == Quantity(text))
    }

    @Test(
        "are refused in upstream's words",
        arguments: [
            ("", QuantityError.format), ("abc", .format), ("1.2.3", .format), ("1 Gi", .format), ("1Xi", .format),
            ("1gi", .format), ("1mm", .suffix), ("1Kii", .suffix), ("1Mi5", .suffix), (".", .number), ("m", .format),
        ])
    func refused(text: String, error: QuantityError) {
        #expect(throws: error) { try Quantity(text) }
    }

    @Test("are counted in units and thousandths, rounded away from zero")
    func values() throws {
        #expect(try Quantity("1500m").value == 2)
        #expect(try Quantity("1500m").milliValue == 1500)
        #expect(try Quantity("1u").milliValue == 1)
        #expect(try Quantity("-1500m").value == -2)
        #expect(try Quantity("1Gi").value == 1 << 30)
        #expect(try Quantity("100E").value == .max)
    }

    @Test("are added, subtracted and compared by amount")
    func arithmetic() throws {
        #expect(try (Quantity("1Gi") + Quantity("512Mi")).canonicalText == "1536Mi")
        #expect(try (Quantity.zero + Quantity("1Gi")).canonicalText == "1Gi")
        #expect(try (Quantity("1") - Quantity("100m")).canonicalText == "900m")
        #expect(try Quantity("1") == Quantity("1000m"))
        #expect(try Quantity("1Ki") > Quantity("1k"))
        var sum = Quantity(2)
        sum += Quantity(3)
        sum -= Quantity(4)
        #expect(sum.canonicalText == "1")
    }

    @Test("that no number holds are the largest that one holds")
    func huge() throws {
        let huge = try Quantity("9" + String(repeating: "0", count: 200))
        #expect(huge.nanos == .max)
        #expect((huge + huge).nanos == .max)
        #expect(try (Quantity("-1e100") - huge).nanos == -.max)
        #expect(try Quantity("1e-100").canonicalText == "1e-9")
    }
}
