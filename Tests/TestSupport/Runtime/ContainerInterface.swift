/// An interface of a container, and the environment of a CNI plugin that is called for it (CNI specification, "Parameters").
package struct ContainerInterface: Hashable, Sendable {
    package let containerID: String
    /// Empty where there is no namespace any more.
    package let namespacePath: String
    package let name: String
    /// Where the plugin finds others.
    package let pluginFolders: String

    package init(containerID: String, namespacePath: String, name: String = "eth0", pluginFolders: String) {
        (self.containerID, self.namespacePath) = (containerID, namespacePath)
        (self.name, self.pluginFolders) = (name, pluginFolders)
    }

    /// - Parameter command: ADD, DEL, CHECK.
    package func environment(_ command: String) -> [String: String] {
        [
            "CNI_COMMAND": command, "CNI_CONTAINERID": containerID, "CNI_NETNS": namespacePath, "CNI_IFNAME": name,
            "CNI_PATH": pluginFolders, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        ]
    }
}
