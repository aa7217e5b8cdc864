import KubeAPI

extension KubeConfig {
    /// An entry that was looked up by its name.
    struct Found<Entry: KubeConfigEntry> {
        let name: String
        let entry: Entry
        /// "kubeconfig /etc/kubernetes/kubelet.conf".
        let file: String

        /// "kubeconfig kubelet.conf: user 'kube-proxy'".
        var place: String { "\(file): \(label)" }
        private var label: String { "\(Entry.key) '\(name.quotable)'" }

        func error(_ field: String, _ problem: String) -> KubeConfigError {
            KubeConfigError(file: file, entry: label, field: field, problem: problem)
        }

        /// One of two ways to give PEM text; nil where neither is used.
        func source(data: Secret?, file: String, field: String) throws(KubeConfigError) -> PEMSource? {
            switch (data, file.isEmpty) {
            case (.some, false): throw error(field, "is given as well as \(field)-data; give one of them")
            case (let data?, true): .data(data)
            case (nil, false): .file(file)
            case (nil, true): nil
            }
        }
    }

    /// nil where no context is named at all.
    func context(named name: String) throws(KubeConfigError) -> Found<KubeConfigDocument.Context>? {
        guard !name.isEmpty else { return nil }
        guard let found = contexts[name] else {
            throw KubeConfigError(file: label, entry: "context '\(name.quotable)'", problem: "does not exist")
        }
        let context = Found(name: name, entry: found.entry, file: found.file)
        let namespace = found.entry.namespace
        guard namespace.isEmpty || namespace.isDNSLabel else {
            throw context.error("namespace", "'\(namespace.quotable)' is not a name of a namespace")
        }
        return context
    }

    /// - Parameter isRequired: whether it is an error where there is none.
    func cluster(
        of context: Found<KubeConfigDocument.Context>?, isRequired: Bool
    ) throws(KubeConfigError) -> Found<KubeConfigDocument.Cluster>? {
        guard let context else {
            guard isRequired else { return nil }
            throw KubeConfigError(file: label, field: "current-context", problem: "is not set")
        }
        let name = context.entry.cluster
        if let found = clusters[name] { return Found(name: name, entry: found.entry, file: found.file) }
        guard isRequired else { return nil }
        throw context.error("cluster", name.isEmpty ? "is required" : "'\(name.quotable)' does not exist")
    }

    /// nil where the context names no user.
    func user(
        of context: Found<KubeConfigDocument.Context>?
    ) throws(KubeConfigError) -> Found<KubeConfigDocument.User>? {
        guard let context, !context.entry.user.isEmpty else { return nil }
        let name = context.entry.user
        guard let found = users[name] else { throw context.error("user", "'\(name.quotable)' does not exist") }
        return Found(name: name, entry: found.entry, file: found.file)
    }

    private var label: String? { files.isEmpty ? nil : "kubeconfig \(files.joined(separator: ", "))" }
}

extension String {
    /// RFC 1123: up to 63 lower case letters, digits and hyphens, none of these at an end.
    fileprivate var isDNSLabel: Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(utf8.count) && utf8.first != hyphen && utf8.last != hyphen
            && utf8.allSatisfy { (0x30...0x39) ~= $0 || (0x61...0x7A) ~= $0 || $0 == hyphen }
    }
}
