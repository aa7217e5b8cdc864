import KubeAPI
import Testing

@testable import Manifest

@Test func layout() {
    print(MemoryLayout<EndpointSpec>.stride, MemoryLayout<ServiceSpec>.stride, MemoryLayout<Service>.stride, MemoryLayout<ObjectMeta>.stride, MemoryLayout<EndpointSlice>.stride, MemoryLayout<ServicePortSpec>.stride, MemoryLayout<EndpointPort>.stride)
    let f = ManifestFile(name: "web.yaml", text: """
        # c
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          ports: [{port: 80}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web2}
        spec:
          ports: [{port: eighty}]
        ---
        a: [
        ---
        {"apiVersion":"v1","kind":"Foo"}
        """)
    print(f.objects.map(\.object.reference), f.errors.map(\.description))
}
