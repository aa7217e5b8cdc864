import Hummingbird
import NIOCore

/// What a handler has beside the request: the connection that it came on, and who it is from.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Nil before it is known, and for what everybody may ask for.
    var user: UserInfo?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
