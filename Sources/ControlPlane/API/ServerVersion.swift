/// What the server says that it is (k8s.io/apimachinery version `Info`). What a program that is not Go has not is empty.
struct ServerVersion: Encodable {
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

    init() {
        #if arch(x86_64)
            platform = "linux/amd64"
        #elseif arch(arm64)
            platform = "linux/arm64"
        #else
            platform = "linux"
        #endif
    }
}
