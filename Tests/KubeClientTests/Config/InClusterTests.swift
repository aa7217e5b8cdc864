import Testing

@testable import KubeClient

@Suite struct InClusterTests {
    private let folder: TemporaryFolder
    private var account: ServiceAccountFiles { ServiceAccountFiles(directory: folder.path) }

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("token", "abc\n")
        try folder.write("ca.crt", "PEM")
        try folder.write("namespace", "kube-system\n")
    }

    private func resolve(_ environment: [String: String]) throws -> KubeClientConfiguration {
        try KubeClientConfiguration.resolve(
            kubeconfig: "", master: "", environment: environment, serviceAccount: account)
    }

    @Test(arguments: [
        ("10.96.0.1", "https://10.96.0.1:443"), ("fd00::1", "https://[fd00::1]:443"),
        ("kubernetes.default", "https://kubernetes.default:443"),
    ])
    func aPodFindsItsServer(host: String, server: String) throws {
        let configuration = try resolve(["KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": "443"])
        #expect(configuration.server.description == server)
        #expect(configuration.tls.authority == .file("\(folder.path)/ca.crt"))
        #expect(configuration.namespace == "kube-system")
        guard case .tokenFile("\(folder.path)/token", nil) = configuration.credentials else {
            Issue.record("\(configuration.credentials)")
            return
        }
        #expect(
            configuration.warnings == [
                "neither a kubeconfig nor a master is given: using the cluster that this runs in"
            ])
    }

    @Test(arguments: [
        (
            [:], "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: not a Pod of a cluster"
        ),
        (
            ["KUBERNETES_SERVICE_HOST": "h"],
            "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: not a Pod of a cluster"
        ),
        (
            ["KUBERNETES_SERVICE_HOST": "h", "KUBERNETES_SERVICE_PORT": "tcp"],
            "KUBERNETES_SERVICE_PORT: 'tcp' is not a port"
        ),
    ])
    func whereThereIsNoPodThatIsSaid(environment: [String: String], problem: String) {
        let error = #expect(throws: KubeConfigError.self) { _ = try resolve(environment) }
        #expect(error.map { "\($0)" } == "in-cluster configuration: \(problem)")
    }

    @Test func aTokenIsNeededAndACAIsNot() throws {
        let environment = ["KUBERNETES_SERVICE_HOST": "h", "KUBERNETES_SERVICE_PORT": "443"]
        let empty = try TemporaryFolder()
        func resolve() throws -> KubeClientConfiguration {
            try KubeClientConfiguration.inCluster(
                environment: environment, serviceAccount: ServiceAccountFiles(directory: empty.path))
        }
        let error = #expect(throws: KubeConfigError.self) { _ = try resolve() }
        #expect(error.map { "\($0)" } == "in-cluster configuration: token: \(empty.path)/token: no such file")
        try empty.write("token", "abc")
        let configuration = try resolve()
        #expect(configuration.tls.authority == nil)
        #expect(configuration.namespace == "default")
        #expect(
            configuration.warnings == [
                "in-cluster configuration: \(empty.path)/ca.crt: no such file: trusting the system's CAs instead"
            ])
    }
}
