import FoundationEssentials
import KubeAPI
import Manifest

/// One kubeconfig, or several merged: for each name the entry of the first file that has it, and the current context of
/// the first file that names one (clientcmd/loader.go). Relative paths are resolved against the file that has them.
package struct KubeConfig: Sendable {
    /// An entry and the file that it is from.
    struct Sourced<Entry> {
        let entry: Entry
        /// "kubeconfig /etc/kubernetes/kubelet.conf".
        let file: String
    }

    var clusters: [String: Sourced<KubeConfigDocument.Cluster>] = [:]
    var users: [String: Sourced<KubeConfigDocument.User>] = [:]
    var contexts: [String: Sourced<KubeConfigDocument.Context>] = [:]
    package internal(set) var currentContext = ""
    /// What of the files is probably not meant so.
    package internal(set) var warnings: [String] = []
    /// The files that were read, for errors; those that do not exist are left out.
    package internal(set) var files: [String] = []

    /// With nothing in it.
    package init() {}

    /// Loads one file, which has to be there.
    ///
    /// - Throws: `KubeConfigError`.
    package init(file: String) throws(KubeConfigError) {
        do {
            try merge(file)
        } catch let failure as LocalFile.Failure {
            throw KubeConfigError(file: "kubeconfig \(file)", problem: failure.problem)
        } catch let error as KubeConfigError {
            throw error
        } catch {
            throw KubeConfigError(file: "kubeconfig \(file)", problem: "cannot be read")
        }
    }

    /// Loads and merges a list of files. Those that do not exist are skipped, but not all of them.
    ///
    /// - Throws: `KubeConfigError`.
    package init(merging list: [String]) throws(KubeConfigError) {
        for file in list where !file.isEmpty {
            do {
                try merge(file)
            } catch let failure as LocalFile.Failure {
                if !failure.isMissing {
                    throw KubeConfigError(file: "kubeconfig \(file)", problem: failure.problem)
                }
            } catch let error as KubeConfigError {
                throw error
            } catch {
                throw KubeConfigError(file: "kubeconfig \(file)", problem: "cannot be read")
            }
        }
        if files.isEmpty {
            throw KubeConfigError(problem: "none of these kubeconfigs exists: \(list.joined(separator: ", "))")
        }
    }

    /// The files that clients read when they are told nothing: those of `KUBECONFIG`, each once, or else `~/.kube/config`.
    package static func defaultFiles(environment: [String: String]) -> [String] {
        let list = environment["KUBECONFIG"] ?? ""
        guard !list.isEmpty else { return ["\(environment["HOME"] ?? "")/.kube/config"] }
        var files: [String] = []
        for file in list.split(separator: ":").map(String.init) where !files.contains(file) { files.append(file) }
        return files
    }
}

extension KubeConfig {
    /// Throws `LocalFile.Failure` where the file is not read, and `KubeConfigError` for what it holds.
    private mutating func merge(_ path: String) throws {
        let file = "kubeconfig \(path)"
        let (document, repeated) = try Self.document(try LocalFile.text(of: path), file: file)
        warnings += repeated.map {
            "\(file), line \($0.line): key '\($0.name.quotable)' is given again further down; the last one counts"
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        try Self.merge(document.clusters, into: &clusters, file: file) { $0.resolvePaths(in: folder) }
        try Self.merge(document.users, into: &users, file: file) { $0.resolvePaths(in: folder) }
        try Self.merge(document.contexts, into: &contexts, file: file) { _ in }
        if currentContext.isEmpty { currentContext = document.currentContext }
        files.append(path)
    }

    private static func document(
        _ text: String, file: String
    ) throws(KubeConfigError) -> (KubeConfigDocument, [RepeatedKey]) {
        let json: Data
        let repeated: [RepeatedKey]
        do {
            let document = try YAMLDocument(of: text, name: file)
            if document?.hasSuccessors == true {
                throw KubeConfigError(file: file, problem: "a second document; only one is expected")
            }
            json = document?.json ?? Data("null".utf8)
            repeated = document?.repeatedKeys ?? []
        } catch let error as KubeConfigError {
            throw error
        } catch let error as ManifestError {
            let place = error.line.map { "line \($0)\(error.column.map { ", column \($0)" } ?? ""): " } ?? ""
            throw KubeConfigError(file: file, problem: place + error.problem)
        } catch {
            throw KubeConfigError(file: file, problem: "\(error)")
        }
        do {
            let document = try DecodingProblem.decode(KubeConfigDocument?.self, from: json)
            return (document ?? KubeConfigDocument(), repeated)
        } catch {
            throw KubeConfigError(file: file, problem: "\(error)")
        }
    }

    private static func merge<Entry: KubeConfigEntry>(
        _ list: [Named<Entry>], into entries: inout [String: Sourced<Entry>], file: String,
        resolve: (inout Entry) -> Void
    ) throws(KubeConfigError) {
        var names: Set<String> = []
        for item in list {
            guard names.insert(item.name).inserted else {
                throw KubeConfigError(
                    file: file, entry: "\(Entry.key) '\(item.name.quotable)'", problem: "is given twice")
            }
            var entry = item.entry
            resolve(&entry)
            if entries[item.name] == nil { entries[item.name] = Sourced(entry: entry, file: file) }
        }
    }
}

extension KubeConfig.Sourced: Sendable where Entry: Sendable {}

extension KubeConfigDocument.Cluster {
    fileprivate mutating func resolvePaths(in folder: String) { authority = authority.path(in: folder) }
}

extension KubeConfigDocument.User {
    fileprivate mutating func resolvePaths(in folder: String) {
        certificate = certificate.path(in: folder)
        clientKey = clientKey.path(in: folder)
        tokenFile = tokenFile.path(in: folder)
        // A name without a slash is looked up in PATH.
        if let command = exec?.command, command.contains("/") { exec?.command = command.path(in: folder) }
    }
}

extension String {
    /// The path, where it is relative as one that starts in `folder`; empty stays empty.
    fileprivate func path(in folder: String) -> String {
        isEmpty || hasPrefix("/") ? self : folder.hasSuffix("/") ? folder + self : "\(folder)/\(self)"
    }
}
