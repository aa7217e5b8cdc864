import APIMachinery
import KubeAPI

/// Something that the users of a cluster are to see in `kubectl get events` and `kubectl describe`.
struct ControllerEvent: Sendable, Hashable {
    enum Kind: String, Sendable {
        case normal = "Normal"
        case warning = "Warning"
    }

    /// The object that an event is about (core/v1 `ObjectReference`).
    struct Subject: Sendable, Hashable {
        let apiVersion: String
        let kind: String
        let name: ObjectName
        let uid: String

        init(_ object: Unstructured) {
            apiVersion = object.apiVersion
            kind = object.kind
            name = object.objectName
            uid = object.uid
        }

        init(_ resource: Resource, _ name: ObjectName, uid: String) {
            apiVersion = resource.apiVersion
            kind = resource.kind
            self.name = name
            self.uid = uid
        }
    }

    let subject: Subject
    let kind: Kind
    /// Why it happened, in one word: `ScalingReplicaSet`.
    let reason: String
    var message: String
    /// Who says it: `deployment-controller`.
    let component: String
    /// What was being done, of an event in the newer style (events.k8s.io); empty for one in the older.
    let action: String
}

/// Writes events in the name of one component.
struct EventRecorder: Sendable {
    let component: String
    let posts: EventPosts

    func normal(_ reason: String, _ message: String, about object: Unstructured, action: String = "") {
        record(.normal, reason, message, about: .init(object), action: action)
    }

    func warning(_ reason: String, _ message: String, about object: Unstructured, action: String = "") {
        record(.warning, reason, message, about: .init(object), action: action)
    }

    func record(
        _ kind: ControllerEvent.Kind, _ reason: String, _ message: String, about subject: ControllerEvent.Subject,
        action: String = ""
    ) {
        posts.add(
            ControllerEvent(
                subject: subject, kind: kind, reason: reason, message: message, component: component, action: action))
    }
}
