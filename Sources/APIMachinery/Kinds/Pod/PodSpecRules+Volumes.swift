import KubeAPI

/// The rules for volumes (`ValidateVolumes`, `validateVolumeSource`), of the kinds that come from the API or the node; of
/// vendors' volumes only that there is one source.
extension PodSpecRules {
    /// In upstream's order, in which one source is the first and others are refused.
    private static let sources = [
        "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi",
        "glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc",
        "flexVolume", "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk",
        "storageos", "projected", "scaleIO", "csi", "ephemeral", "image",
    ]

    mutating func checkVolumes() {
        var names: Set<String> = []
        for (index, volume) in spec.list("volumes").enumerated() {
            let path = "\(path).volumes[\(index)]"
            checkSource(of: volume, path)
            let name = volume.text("name")
            if name.isEmpty {
                failures.append(.required("\(path).name"))
            } else {
                failures.check("\(path).name", name, NameSyntax.dns1123Label)
            }
            if !names.insert(name).inserted { failures.append(.duplicate("\(path).name", .string(name))) }
        }
    }

    private mutating func checkSource(of volume: JSONValue, _ path: String) {
        var isFirst = true
        for kind in Self.sources {
            guard let source = volume.field(kind) else { continue }
            guard isFirst else {
                failures.append(.forbidden("\(path).\(kind)", "may not specify more than 1 volume type"))
                continue
            }
            isFirst = false
            check(kind, source, "\(path).\(kind)")
        }
        if isFirst { failures.append(.required(path, "must specify a volume type")) }
    }

    private mutating func check(_ kind: String, _ source: JSONValue, _ path: String) {
        switch kind {
        case "emptyDir":
            if let limit = source.field("sizeLimit"), limit.quantity.map({ $0 < .zero }) == true {
                failures.append(.forbidden("\(path).sizeLimit", "SizeLimit field must be a valid resource quantity"))
            }
        case "hostPath":
            guard !source.text("path").isEmpty else {
                failures.append(.required("\(path).path"))
                return
            }
            failures.check("\(path).path", source.text("path"), FilePathSyntax.withoutParents)
            failures.check(
                "\(path).type", source.text("type"),
                isOneOf: [
                    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
                ])
        case "secret", "configMap":
            let key = kind == "secret" ? "secretName" : "name"
            failures.require("\(path).\(key)", source.text(key))
            checkMode(source, "defaultMode", path)
            checkItems(source, path)
        case "nfs":
            failures.require("\(path).server", source.text("server"))
            failures.require("\(path).path", source.text("path"))
            if !source.text("path").hasPrefix("/") {
                failures.append(.invalid("\(path).path", .string(source.text("path")), "must be an absolute path"))
            }
        case "persistentVolumeClaim": failures.require("\(path).claimName", source.text("claimName"))
        case "downwardAPI":
            checkMode(source, "defaultMode", path)
            for file in source.list("items") { checkFile(file, path) }
        case "projected":
            checkMode(source, "defaultMode", path)
            checkProjection(source, path)
        case "csi": failures.require("\(path).driver", source.text("driver"))
        case "ephemeral": checkClaimTemplate(source.field("volumeClaimTemplate"), "\(path).volumeClaimTemplate")
        case "image":
            if isPod { failures.require("\(path).reference", source.text("reference")) }
            check(source, "pullPolicy", path, isOneOf: ["Always", "IfNotPresent", "Never"])
        default: break
        }
    }

    /// `ValidatePersistentVolumeClaimTemplate`: labels and annotations, and the least that a claim says.
    private mutating func checkClaimTemplate(_ template: JSONValue?, _ path: String) {
        guard let template else {
            failures.append(.required(path))
            return
        }
        failures += MetadataRules.labelFailures(
            template.part("metadata").pairs("labels"), "\(path).metadata.labels")
        for field in template.part("metadata").object?.fields ?? []
        where !["labels", "annotations", "creationTimestamp"].contains(field.key) && !field.value.isEmpty {
            failures.append(.forbidden("\(path).metadata.\(field.key)", "cannot be set"))
        }
        let claim = template.part("spec")
        if claim.list("accessModes").isEmpty {
            failures.append(.required("\(path).spec.accessModes", "at least 1 access mode is required"))
        }
        for mode in claim.texts("accessModes") {
            failures.check(
                "\(path).spec.accessModes", mode,
                isOneOf: ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"])
        }
        guard let amount = claim.part("resources").part("requests").field("storage") else {
            failures.append(.required("\(path).spec.resources[storage]"))
            return
        }
        if let quantity = amount.quantity, quantity <= .zero {
            failures.append(
                .invalid(
                    "\(path).spec.resources[storage]", .string(amount.quantityText), "must be greater than zero"))
        }
    }

    private mutating func checkMode(_ source: JSONValue, _ key: String, _ path: String) {
        guard let mode = source.field(key)?.integer, !(0...0o777).contains(mode) else { return }
        failures.append(
            .invalid(
                "\(path).\(key)", JSONValue(mode), "must be a number between 0 and 0777 (octal), both inclusive"))
    }

    /// `validateKeyToPath` of each item.
    private mutating func checkItems(_ source: JSONValue, _ path: String) {
        for (index, item) in source.list("items").enumerated() {
            let path = "\(path).items[\(index)]"
            failures.require("\(path).key", item.text("key"))
            failures.require("\(path).path", item.text("path"))
            failures.check("\(path).path", item.text("path"), FilePathSyntax.plain)
            checkMode(item, "mode", path)
        }
    }

    /// `validateDownwardAPIVolumeFile`.
    private mutating func checkFile(_ file: JSONValue, _ path: String) {
        failures.require("\(path).path", file.text("path"))
        failures.check("\(path).path", file.text("path"), FilePathSyntax.plain)
        if let reference = file.field("fieldRef") {
            checkFieldReference(reference, isFile: true, "\(path).fieldRef")
            if file.has("resourceFieldRef") {
                failures.append(
                    .invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"))
            }
        } else if let reference = file.field("resourceFieldRef") {
            checkAmountReference(reference, isFile: true, "\(path).resourceFieldRef")
        } else {
            failures.append(.required(path, "one of fieldRef and resourceFieldRef is required"))
        }
        checkMode(file, "mode", path)
    }

    private mutating func checkProjection(_ projection: JSONValue, _ path: String) {
        var paths: Set<String> = []
        for (index, source) in projection.list("sources").enumerated() {
            let place = "\(path).sources[\(index)]"
            for kind in ["secret", "configMap"] {
                guard let part = source.field(kind) else { continue }
                failures.require("\(place).\(kind).name", part.text("name"))
                checkItems(part, "\(place).\(kind)")
                for item in part.list("items") where !item.text("path").isEmpty {
                    guard !paths.insert(item.text("path")).inserted else { continue }
                    failures.append(.invalid(path, .string(part.text("name")), "conflicting duplicate paths"))
                }
            }
            if let part = source.field("downwardAPI") {
                for file in part.list("items") {
                    checkFile(file, "\(place).downwardAPI")
                    guard !file.text("path").isEmpty, !paths.insert(file.text("path")).inserted else { continue }
                    failures.append(.invalid(path, .string(file.text("path")), "conflicting duplicate paths"))
                }
            }
            if let token = source.field("serviceAccountToken") {
                checkToken(token, path, "\(place).serviceAccountToken")
            }
            let kinds = source.object?.fields.filter { !$0.value.isNull }.count ?? 0
            if kinds > 1 { failures.append(.forbidden(place, "may not specify more than 1 volume type per source")) }
        }
    }

    private mutating func checkToken(_ token: JSONValue, _ volume: String, _ path: String) {
        let seconds = token.number("expirationSeconds")
        if seconds < 600 {
            failures.append(
                .invalid(
                    "\(path).expirationSeconds", JSONValue(seconds), "may not specify a duration less than 10 minutes"))
        }
        if seconds > 1 << 32 {
            failures.append(
                .invalid(
                    "\(path).expirationSeconds", JSONValue(seconds),
                    "may not specify a duration larger than 2^32 seconds"))
        }
        if token.text("path").isEmpty {
            failures.append(.required("\(volume).path"))
        } else {
            failures.check("\(volume).path", token.text("path"), FilePathSyntax.plain)
        }
        if isPod, spec.text("serviceAccountName").isEmpty {
            failures.append(.forbidden(path, "must not be specified when serviceAccountName is not set"))
        }
    }
}
