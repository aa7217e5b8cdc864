import Dataplane
import Net
import Netlink
import Testing

@Suite struct NFTDamageTests {
    private func change(_ object: NFTChange.Object, isThere: Bool, _ family: IPFamily = .ipv4) -> NFTNews {
        .change(NFTChange(table: NFTTable(family: family, name: "fairlead"), object: object, isThere: isThere))
    }

    private func end(_ process: String, _ number: UInt32 = 1) -> NFTNews {
        .transaction(NFTGeneration(number: number, process: NFTProcess(processID: 7, name: process)))
    }

    @Test func namesWhatToLookAtAndWhoWasThere() {
        var damage = NFTDamage()
        #expect(damage.isEmpty && !damage.isOpen)
        damage.add(end("other"))
        #expect(damage.isEmpty && damage.processes == [])
        let key = NFTData().appending(IPAddress(v4: 1))
        damage.add(change(.element(set: "cluster-ips", key: key), isThere: false))
        damage.add(change(.rule(chain: "services"), isThere: true))
        damage.add(change(.chain("other"), isThere: true, .ipv6))
        #expect(damage.isOpen)
        damage.add(end("nft"))
        #expect(!damage.isOpen && !damage.isEmpty && damage.processes == ["nft (pid 7)"])
        #expect(damage.tables[.ipv4]?.elements == [.clusterIPs: .some([key])])
        #expect(damage.tables[.ipv4]?.chains == ["services"] && damage.tables[.ipv6]?.chains == ["other"])
        #expect(damage.counts[RepairReport.Change(kind: .element, isThere: false)] == 1)
        #expect(damage.tables.values.allSatisfy { !$0.isGone } && !damage.isUnknown)
    }

    @Test func setsThatPacketsFillAndForeignOnesAreNoDamage() {
        var damage = NFTDamage()
        damage.add(change(.element(set: "clients-default/web/tcp/10.0.0.1/80", key: NFTData()), isThere: true))
        damage.add(change(.element(set: "strange", key: NFTData()), isThere: true))
        damage.add(change(.other, isThere: true))
        damage.add(end("nft"))
        #expect(damage.isEmpty)
    }

    @Test func ofManyElementsTheSetIsLookedAtAsAWhole() {
        var damage = NFTDamage()
        for number in 0...2_000 as ClosedRange<UInt32> {
            let key = NFTData().appending(IPAddress(v4: number))
            damage.add(change(.element(set: "cluster-ips", key: key), isThere: false))
            if number == 1_999 { #expect(damage.tables[.ipv4]?.elements[.clusterIPs] != .all) }
        }
        #expect(damage.tables[.ipv4]?.elements[.clusterIPs] == .all)
        damage.add(change(.element(set: "pod-cidrs", key: NFTData()), isThere: false))
        #expect(damage.tables[.ipv4]?.elements[.podCIDRs] == .all)
        damage.add(change(.table, isThere: false))
        damage.add(.overflow)
        #expect(damage.tables[.ipv4]?.isGone == true && damage.isUnknown)
    }

    @Test func reportIsOneLine() {
        var report = RepairReport(
            tables: ["table ip fairlead"],
            changes: [
                RepairReport.Change(kind: .element, isThere: false): 3,
                RepairReport.Change(kind: .rule, isThere: true): 1,
            ], processes: ["nft (pid 123)"])
        report.durationNanoseconds = 3_200_000
        #expect(
            report.description
                == "table ip fairlead was changed by nft (pid 123): 1 rule added or changed, 3 elements deleted; "
                + "repaired in 4 ms")
        report.processes = []
        report.isFull = true
        report.leftovers = ["chain ip fairlead x: busy"]
        #expect(report.description.contains("by somebody else: "))
        #expect(report.description.hasSuffix("; written anew in 4 ms; left: chain ip fairlead x: busy"))
    }

    @Test func repairsThatRepeatWait() {
        var backOff = RepairBackOff()
        var now: UInt64 = 1_000_000_000_000
        for _ in 0..<20 {
            backOff.repaired(at: now)
            #expect(backOff.notBeforeNanoseconds <= now)
            now += 1_000_000
        }
        var delays: [UInt64] = []
        for _ in 0..<4 {
            backOff.repaired(at: now)
            delays.append((backOff.notBeforeNanoseconds - now) / 1_000_000)
        }
        #expect(delays == [10, 20, 40, 80])
        // After a quiet time they are at once again.
        now += 60_000_000_000
        backOff.repaired(at: now)
        #expect(backOff.notBeforeNanoseconds == now)
    }
}
