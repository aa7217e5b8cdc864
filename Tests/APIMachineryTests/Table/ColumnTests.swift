import KubeAPI
import Testing

@testable import APIMachinery

/// The cells that `kubectl get -o wide` prints, as upstream's printers_test.go has them.
@Suite struct ColumnTests {
    @Test(arguments: [
        ("Namespace", ["a", "Active", "<unknown>"]),
        (
            "Node",
            [
                "n", "Ready,SchedulingDisabled", "edge,worker", "24h", "v1.36.0", "192.0.2.1", "198.51.100.1", "Debian",
                "6.12 (amd64)", "containerd://2.0",
            ]
        ),
        ("Pod", ["p", "2/3", "CrashLoopBackOff", "3 (5m ago)", "60m", "10.244.0.5", "n", "m", "1/2"]),
        (
            "Service",
            [
                "s", "LoadBalancer", "10.0.0.1", "192.0.2.1,lb.example.org,192.0.2.9", "80:30080/TCP,53/UDP",
                "<unknown>",
                "a=1,b=2",
            ]
        ),
        ("Endpoints", ["e", "10.0.0.1:80,[fd00::1]:80,10.0.0.1:81 + 1 more...", "<unknown>"]),
        ("EndpointSlice", ["e", "IPv4", "80,x,*", "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...", "<unknown>"]),
        ("ConfigMap", ["c", "2", "<unknown>"]), ("Secret", ["c", "Opaque", "1", "<unknown>"]),
        ("ServiceAccount", ["default", "10s"]), ("Lease", ["l", "me", "<unknown>"]),
        ("Deployment", ["d", "1/3", "2", "1", "<unknown>", "a,b", "x:1,y:1", "app=d"]),
        ("ReplicaSet", ["r", "3", "3", "1", "<unknown>", "a", "x:1", "a in (1,2),app=d,!z"]),
        ("DaemonSet", ["d", "5", "4", "3", "2", "1", "os=linux", "<unknown>", "a", "x:1", "app=d"]),
        ("StatefulSet", ["s", "1/2", "<unknown>", "a", "x"]),
        ("ControllerRevision", ["c", "daemonset.apps/d", "4", "<unknown>"]),
        ("Job", ["j", "Suspended", "1/3", "60s", "<unknown>", "a", "x", "<none>"]),
        ("CronJob", ["j", "0 * * * *", "Etc/UTC", "True", "1", "60m", "<unknown>", "a", "x", "<none>"]),
        ("PodDisruptionBudget", ["b", "50%", "N/A", "2", "<unknown>"]),
        ("NetworkPolicy", ["n", "a=b", "<unknown>"]),
        ("ServiceCIDR", ["kubernetes", "10.96.0.0/12,fd00:97::/108", "<unknown>"]),
        ("IPAddress", ["10.0.0.1", "things.apps/d/s"]),
    ])
    func cells(kind: String, expected: [String]) throws {
        let text = try #require(Samples.byKind[kind])
        #expect(try KindTable.row(kind.lowercased()).cells(text) == expected)
    }

    @Test(arguments: [
        (#"{"phase":"Pending"}"#, "0/1", "Pending", "0"),
        (#"{"phase":"Running","reason":"Evicted"}"#, "0/1", "Evicted", "0"),
        (
            #"{"phase":"Pending","conditions":[{"type":"PodScheduled","reason":"SchedulingGated"}]}"#, "0/1",
            "SchedulingGated", "0"
        ),
        (
            #"{"phase":"Running","containerStatuses":[{"name":"a","ready":true,"restartCount":3,"state":{"running":{}}}]}"#,
            "1/1", "Running", "3"
        ),
        (
            #"{"phase":"Pending","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"ImagePullBackOff"}}}]}"#,
            "0/1", "ImagePullBackOff", "0"
        ),
        (
            #"{"phase":"Succeeded","containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed"}}}]}"#,
            "0/1", "Completed", "0"
        ),
        (
            #"{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":2}}}]}"#, "0/1",
            "ExitCode:2", "0"
        ),
        (
            #"{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":137,"signal":9}}}]}"#,
            "0/1", "Signal:9", "0"
        ),
        (
            #"{"phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed"}}},{"name":"b","ready":true,"state":{"running":{}}}]}"#,
            "1/1", "NotReady", "0"
        ),
        (
            #"{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed"}}},{"name":"b","ready":true,"state":{"running":{}}}]}"#,
            "1/1", "Running", "0"
        ),
        (
            #"{"phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed"}}},{"name":"b","state":{"terminated":{"reason":"Error","exitCode":1}}}]}"#,
            "0/1", "Error", "0"
        ),
    ])
    func podReasons(status: String, ready: String, reason: String, restarts: String) throws {
        let cells = try KindTable.row("po").cells(#"{"spec":{"containers":[{"name":"a"}]},"status":\#(status)}"#)
        #expect(Array(cells[1...3]) == [ready, reason, restarts])
    }

    @Test(arguments: [
        (
            #"[{"name":"i","restartCount":2,"state":{"running":{}}},{"name":"j","state":{"waiting":{"reason":"PodInitializing"}}}]"#,
            "Init:0/2", "2"
        ),
        (#"[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","state":{"running":{}}}]"#, "Init:1/2", "0"),
        (#"[{"name":"i","state":{"terminated":{"exitCode":1,"reason":"Error"}}}]"#, "Init:Error", "0"),
        (#"[{"name":"i","state":{"terminated":{"exitCode":1}}}]"#, "Init:ExitCode:1", "0"),
        (
            #"[{"name":"i","state":{"waiting":{"reason":"CrashLoopBackOff"}},"restartCount":4,"lastState":{"terminated":{"finishedAt":"2029-12-31T23:50:00Z"}}}]"#,
            "Init:CrashLoopBackOff", "4 (10m ago)"
        ),
    ])
    func podsThatBegin(statuses: String, reason: String, restarts: String) throws {
        let cells = try KindTable.row("po").cells(
            #"{"spec":{"containers":[{"name":"a"}],"initContainers":[{"name":"i"},{"name":"j"}]},"status":{"phase":"Pending","initContainerStatuses":\#(statuses)}}"#
        )
        #expect(cells[1] == "0/1" && cells[2] == reason && cells[3] == restarts)
    }

    @Test func podsThatEnd() throws {
        let rules = try KindTable.row("po")
        func reason(_ status: String) throws -> String {
            try rules.cells(
                #"{"metadata":{"deletionTimestamp":"2029-12-31T23:50:00Z"},"spec":{},"status":\#(status)}"#)[2]
        }
        #expect(try reason(#"{"phase":"Running"}"#) == "Terminating")
        #expect(try reason(#"{"phase":"Running","reason":"NodeLost"}"#) == "Unknown")
        #expect(try reason(#"{"phase":"Succeeded"}"#) == "Succeeded")
    }

    @Test(arguments: [
        (#"{"type":"ClusterIP"}"#, "<none>", "<none>"), (#"{"type":"LoadBalancer"}"#, "<none>", "<pending>"),
        (#"{"type":"ExternalName","externalName":"a.b"}"#, "<none>", "a.b"),
        (
            #"{"type":"NodePort","externalIPs":["192.0.2.1","192.0.2.2"],"clusterIPs":["None"]}"#, "None",
            "192.0.2.1,192.0.2.2"
        ),
        (#"{}"#, "<none>", "<unknown>"),
    ])
    func services(spec: String, address: String, external: String) throws {
        let cells = try KindTable.row("svc").cells(#"{"spec":\#(spec)}"#)
        #expect(cells[2] == address && cells[3] == external && cells[4] == "<none>")
    }

    @Test func nodes() throws {
        let rules = try KindTable.row("no")
        #expect(try rules.cells("{}", priority: 0) == ["", "Unknown", "<none>", "<unknown>", ""])
        #expect(try rules.cells("{}")[5...] == ["<none>", "<none>", "<unknown>", "<unknown>", "<unknown>"])
        let status = try rules.cells(#"{"status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}"#)[1]
        #expect(status == "NotReady")
    }

    @Test func eventsOfEitherGroupLookTheSame() throws {
        let core = """
            {"apiVersion":"v1","kind":"Event","metadata":{"name":"e","namespace":"d"},"involvedObject":{"kind":"Pod",\
            "name":"p","fieldPath":"spec.containers{a}"},"reason":"Pulled","message":" Pulled. ","type":"Normal",\
            "source":{"component":"kubelet","host":"n"},"firstTimestamp":"2029-12-31T23:50:00Z",\
            "lastTimestamp":"2029-12-31T23:59:00Z","count":3,"eventTime":null,"reportingComponent":"",\
            "reportingInstance":""}
            """
        let expected = [
            "60s", "Normal", "Pulled", "pod/p", "spec.containers{a}", "kubelet, n", "Pulled.", "10m", "3", "e",
        ]
        let table = KindTable.kubernetes
        let (old, new) = (
            try #require(table.row(apiVersion: "v1", kind: "Event")),
            try #require(table.row(apiVersion: "events.k8s.io/v1", kind: "Event"))
        )
        #expect(try old.cells(core) == expected)
        let shape = try #require(new.storedShape)
        let shown = shape.fromStored(try object(core))
        #expect(shown.text("regarding.name") == #""p""# && shown.text("note") == #"" Pulled. ""#)
        #expect(shown.apiVersion == "events.k8s.io/v1" && shown.text("deprecatedCount") == "3")
        #expect(try new.cells(String(decoding: shown.tree.json, as: UTF8.self)) == expected)
        #expect(shape.toStored(shown) == (try object(core)))
        #expect(shape.resource.storedPrefix == "/registry/events")
        #expect(new.selectableFields["regarding.name"]?(shown) == "p")
        #expect(old.selectableFields["source"]?(try object(core)) == "kubelet")
    }
}
