/// The documents of discovery (meta/v1 `APIVersions`, `APIGroupList`, `APIGroup`, `APIResourceList`).
enum Discovery {
    struct Versions: Encodable {
        struct ServerAddress: Encodable {
            let clientCIDR: String
            let serverAddress: String
        }
        let kind = "APIVersions"
        let versions: [String]
        /// No client is told of another address.
        let serverAddressByClientCIDRs: [ServerAddress] = []
    }

    struct Group: Encodable {
        struct Version: Encodable {
            let groupVersion: String
            let version: String
        }
        let kind = "APIGroup"
        let apiVersion = "v1"
        let name: String
        let versions: [Version]
        let preferredVersion: Version
    }

    struct GroupList: Encodable {
        let kind = "APIGroupList"
        let apiVersion = "v1"
        let groups: [Group]
    }

    struct ResourceList: Encodable {
        struct Entry: Encodable {
            let name: String
            let singularName: String
            let namespaced: Bool
            let kind: String
            let verbs: [String]
            let shortNames: [String]?
            let categories: [String]?
        }
        let kind = "APIResourceList"
        let apiVersion = "v1"
        let groupVersion: String
        let resources: [Entry]
    }

    struct Paths: Encodable {
        let paths: [String]
    }

    /// k8s.io/apimachinery version `Info`. What a program that is not Go has not is empty.
    struct Version: Encodable {
        /// Of the API whose rules are followed here.
        let major = "1"
        let minor = "36"
        let gitVersion = "v1.36.0+fairlead"
        let gitCommit = ""
        let gitTreeState = ""
        let buildDate = "1970-01-01T00:00:00Z"
        let goVersion = ""
        let compiler = ""
        let platform: String
    }
}
