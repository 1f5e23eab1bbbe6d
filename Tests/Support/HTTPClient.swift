package import LimpetDocuments
import Foundation
import LimpetScoring

/// One HTTP request over a socket of its own, closed after the answer.
package struct HTTPClient {
    package let port: Int

    package struct Answer: Sendable {
        package let status: Int
        package let head: String
        package let body: String

        package var json: JSON { (try? JSONReader.read(Array(body.utf8)[...])) ?? .null }
    }

    package struct SocketError: Error {}

    package init(port: Int) { self.port = port }

    package func post(_ path: String, _ body: String, headers: [String: String] = [:]) async throws -> Answer
    {
        let length = ["Content-Length": String(body.utf8.count)]
        let type = headers["Content-Type"] == nil ? ["Content-Type": "application/json"] : [:]
        return try await send("POST", path, headers.merging(length.merging(type) { $1 }) { $1 }, body)
    }

    package func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, headers, "")
    }

    package func send(
        _ method: String, _ path: String, _ headers: [String: String], _ body: String
    ) async throws -> Answer {
        var text = "\(method) \(path) HTTP/1.1\r\nConnection: close\r\n"
        if headers["Host"] == nil { text += "Host: 127.0.0.1:\(port)\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        let request = Array((text + "\r\n" + body).utf8)
        // The calls block; they must not hold a thread that the service needs for its answer.
        return try await onOwnThread { [port] in try Self.exchange(request, port: port) }
    }

    /// A connection on which nothing has been sent yet; below 0 when there is none.
    package static func connect(port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result != 0 { close(descriptor) }
        return result == 0 ? descriptor : -1
    }

    private static func exchange(_ request: [UInt8], port: Int) throws -> Answer {
        let descriptor = connect(port: port)
        guard descriptor >= 0 else { throw SocketError() }
        defer { close(descriptor) }
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // A service that refuses a large body may close before it has read all of it.
            guard count > 0 else { break }
            sent += count
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return try parse(String(decoding: answer, as: UTF8.self))
    }

    private static func parse(_ text: String) throws -> Answer {
        guard let end = text.range(of: "\r\n\r\n"), text.hasPrefix("HTTP/1.1 "),
            let status = Int(text.dropFirst(9).prefix(3))
        else { throw SocketError() }
        return Answer(
            status: status, head: String(text[..<end.lowerBound]), body: String(text[end.upperBound...]))
    }
}
