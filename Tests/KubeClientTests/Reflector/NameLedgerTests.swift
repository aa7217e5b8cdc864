import KubeAPI
import Testing

@testable import KubeClient

@Suite("The names that a reflector keeps")
struct NameLedgerTests {
    private func name(_ text: String, in namespace: String = "default") -> ObjectName {
        ObjectName(namespace: namespace, name: text)
    }

    @Test("that a complete list does not bring are gone")
    func gone() {
        var names = NameLedger()
        names.beginList()
        for one in ["a", "b", "c"] { names.insert(name(one)) }
        names.insert(name("a", in: "other"))
        #expect(names.takeGone() == [])
        #expect(names.count == 4)
        names.beginList()
        names.insert(name("b"))
        names.insert(name("d"))
        #expect(Set(names.takeGone()) == [name("a"), name("c"), name("a", in: "other")])
        #expect(names.count == 2)
        #expect(names.takeGone() == [])
    }

    @Test("of a list that did not come to its end stay, and go with the next that does not bring them")
    func half() {
        var names = NameLedger()
        names.beginList()
        names.insert(name("a"))
        _ = names.takeGone()
        names.beginList()
        names.insert(name("b"))
        names.beginList()
        names.insert(name("c"))
        #expect(names.count == 3)
        #expect(Set(names.takeGone()) == [name("a"), name("b")])
    }

    @Test("are each there once")
    func once() {
        var names = NameLedger()
        names.insert(name("a"))
        names.insert(name("a"))
        #expect(names.count == 1)
        #expect(names.remove(name("a")) == true)
        #expect(names.remove(name("a")) == false)
        #expect(names.count == 0)
    }
}
