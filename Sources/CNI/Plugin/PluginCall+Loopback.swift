extension PluginCall {
    /// Sets the container's `lo` up, whatever name the runtime gives. A previous result is passed on.
    func addLoopback(_ namespace: PodNamespace) throws(CNIError) -> AttachmentResult {
        let previous = try previousResult
        let result = try Loopback().attach(namespace)
        return previous ?? result
    }
}
