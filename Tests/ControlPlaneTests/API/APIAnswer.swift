import AsyncHTTPClient
import FoundationEssentials
import KubeAPI
import NIOCore
import NIOHTTP1

@testable import ControlPlane

/// An answer of the API with its whole body.
struct APIAnswer: Sendable {
    let code: Int
    let headers: HTTPHeaders
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value { try JSON.decode(type, from: body) }
}

/// A list, as far as tests look at it.
struct ListAnswer<Object: Decodable>: Decodable {
    struct Metadata: Decodable {
        let resourceVersion: String
        let `continue`: String?
        let remainingItemCount: Int?
    }
    let apiVersion: String
    let kind: String
    let metadata: Metadata
    let items: [Object]
}

extension ServedStore {
    func get(
        _ path: String, method: String = "GET", accept: String? = nil, body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> APIAnswer {
        var request = request(path)
        request.method = HTTPMethod(rawValue: method)
        if let accept { request.headers.add(name: "Accept", value: accept) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await http.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return APIAnswer(
            code: Int(response.status.code), headers: response.headers, body: Data(bytes.readableBytesView))
    }

    func list<Object: KubernetesObject>(_ type: Object.Type, _ path: String) async throws -> ListAnswer<Object> {
        try await get(path).decode()
    }

    func failure(_ path: String, method: String = "GET", accept: String? = nil) async throws -> Status {
        let answer = try await get(path, method: method, accept: accept)
        let status = try answer.decode(Status.self)
        // What the body says is what the answer is.
        return status.code == answer.code ? status : Status(code: answer.code, reason: "Differs", message: answer.text)
    }
}
