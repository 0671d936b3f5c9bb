// Written by UniFFI: `cargo xtask uniffi` writes it again.

// swiftlint:disable all
import Foundation

// Depending on the consumer's build setup, the low-level FFI code
// might be in a separate module, or it might be compiled inline into
// this module. This is a bit of light hackery to work with both.
#if canImport(ClanforgeFFI)
import ClanforgeFFI
#endif

fileprivate extension RustBuffer {
    // Allocate a new buffer, copying the contents of a `UInt8` array.
    init(bytes: [UInt8]) {
        let rbuf = bytes.withUnsafeBufferPointer { ptr in
            RustBuffer.from(ptr)
        }
        self.init(capacity: rbuf.capacity, len: rbuf.len, data: rbuf.data)
    }

    static func empty() -> RustBuffer {
        RustBuffer(capacity: 0, len:0, data: nil)
    }

    static func from(_ ptr: UnsafeBufferPointer<UInt8>) -> RustBuffer {
        try! rustCall { ffi_clanforge_uniffi_rustbuffer_from_bytes(ForeignBytes(bufferPointer: ptr), $0) }
    }

    // Frees the buffer in place.
    // The buffer must not be used after this is called.
    func deallocate() {
        try! rustCall { ffi_clanforge_uniffi_rustbuffer_free(self, $0) }
    }
}

fileprivate extension ForeignBytes {
    init(bufferPointer: UnsafeBufferPointer<UInt8>) {
        self.init(len: Int32(bufferPointer.count), data: bufferPointer.baseAddress)
    }

    init(rawBufferPointer: UnsafeRawBufferPointer) {
        self.init(
            len: Int32(rawBufferPointer.count),
            data: rawBufferPointer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
    }
}

// Converter for `&[u8]` / `[ByRef] bytes` arguments.
//
// Conforms to `FfiConverter` so the compiler enforces the full converter
// method set. Only the scope-bound `lower(_:_body:)` overload is sound —
// zero-copy byte buffers only flow foreign -> Rust, and only in argument
// position. The four protocol-witness methods (`lift`, `lower`, `read`,
// `write`) `fatalError` at runtime if anyone reaches them.
//
// The scope-bound `lower` takes a closure because the `ForeignBytes`
// pointer is only guaranteed valid for the duration of
// `Data.withUnsafeBytes`. Callers must run the full FFI call inside
// the closure body.
fileprivate enum FfiConverterByRefBytes: FfiConverter {
    typealias SwiftType = Data
    typealias FfiType = ForeignBytes

    static func lower<R>(_ value: Data, _ body: (ForeignBytes) throws -> R) rethrows -> R {
        return try value.withUnsafeBytes { rawBuf in
            try body(ForeignBytes(rawBufferPointer: rawBuf))
        }
    }

    static func lower(_ value: Data) -> ForeignBytes {
        fatalError("ByRef bytes cannot use the plain lower: returning ForeignBytes escapes the Data.withUnsafeBytes scope. Use the scope-bound lower(_:_body:) overload instead.")
    }

    static func lift(_ value: ForeignBytes) throws -> Data {
        fatalError("ByRef bytes cannot be lifted: zero-copy &[u8] only flows foreign->Rust")
    }

    static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Data {
        fatalError("ByRef bytes cannot be read from a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")
    }

    static func write(_ value: Data, into buf: inout [UInt8]) {
        fatalError("ByRef bytes cannot be written to a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")
    }
}

// For every type used in the interface, we provide helper methods for conveniently
// lifting and lowering that type from C-compatible data, and for reading and writing
// values of that type in a buffer.

// Helper classes/extensions that don't change.
// Someday, this will be in a library of its own.

fileprivate extension Data {
    init(rustBuffer: RustBuffer) {
        self.init(
            bytesNoCopy: rustBuffer.data!,
            count: Int(rustBuffer.len),
            deallocator: .none
        )
    }
}

// Define reader functionality.  Normally this would be defined in a class or
// struct, but we use standalone functions instead in order to make external
// types work.
//
// With external types, one swift source file needs to be able to call the read
// method on another source file's FfiConverter, but then what visibility
// should Reader have?
// - If Reader is fileprivate, then this means the read() must also
//   be fileprivate, which doesn't work with external types.
// - If Reader is internal/public, we'll get compile errors since both source
//   files will try define the same type.
//
// Instead, the read() method and these helper functions input a tuple of data

fileprivate func createReader(data: Data) -> (data: Data, offset: Data.Index) {
    (data: data, offset: 0)
}

// Reads an integer at the current offset, in big-endian order, and advances
// the offset on success. Throws if reading the integer would move the
// offset past the end of the buffer.
fileprivate func readInt<T: FixedWidthInteger>(_ reader: inout (data: Data, offset: Data.Index)) throws -> T {
    let range = reader.offset..<reader.offset + MemoryLayout<T>.size
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    if T.self == UInt8.self {
        let value = reader.data[reader.offset]
        reader.offset += 1
        return value as! T
    }
    var value: T = 0
    let _ = withUnsafeMutableBytes(of: &value, { reader.data.copyBytes(to: $0, from: range)})
    reader.offset = range.upperBound
    return value.bigEndian
}

// Reads an arbitrary number of bytes, to be used to read
// raw bytes, this is useful when lifting strings
fileprivate func readBytes(_ reader: inout (data: Data, offset: Data.Index), count: Int) throws -> Array<UInt8> {
    let range = reader.offset..<(reader.offset+count)
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    var value = [UInt8](repeating: 0, count: count)
    value.withUnsafeMutableBufferPointer({ buffer in
        reader.data.copyBytes(to: buffer, from: range)
    })
    reader.offset = range.upperBound
    return value
}

// Reads a float at the current offset.
fileprivate func readFloat(_ reader: inout (data: Data, offset: Data.Index)) throws -> Float {
    return Float(bitPattern: try readInt(&reader))
}

// Reads a float at the current offset.
fileprivate func readDouble(_ reader: inout (data: Data, offset: Data.Index)) throws -> Double {
    return Double(bitPattern: try readInt(&reader))
}

// Indicates if the offset has reached the end of the buffer.
fileprivate func hasRemaining(_ reader: (data: Data, offset: Data.Index)) -> Bool {
    return reader.offset < reader.data.count
}

// Define writer functionality.  Normally this would be defined in a class or
// struct, but we use standalone functions instead in order to make external
// types work.  See the above discussion on Readers for details.

fileprivate func createWriter() -> [UInt8] {
    return []
}

fileprivate func writeBytes<S>(_ writer: inout [UInt8], _ byteArr: S) where S: Sequence, S.Element == UInt8 {
    writer.append(contentsOf: byteArr)
}

// Writes an integer in big-endian order.
//
// Warning: make sure what you are trying to write
// is in the correct type!
fileprivate func writeInt<T: FixedWidthInteger>(_ writer: inout [UInt8], _ value: T) {
    var value = value.bigEndian
    withUnsafeBytes(of: &value) { writer.append(contentsOf: $0) }
}

fileprivate func writeFloat(_ writer: inout [UInt8], _ value: Float) {
    writeInt(&writer, value.bitPattern)
}

fileprivate func writeDouble(_ writer: inout [UInt8], _ value: Double) {
    writeInt(&writer, value.bitPattern)
}

// Protocol for types that transfer other types across the FFI. This is
// analogous to the Rust trait of the same name.
fileprivate protocol FfiConverter {
    associatedtype FfiType
    associatedtype SwiftType

    static func lift(_ value: FfiType) throws -> SwiftType
    static func lower(_ value: SwiftType) -> FfiType
    static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType
    static func write(_ value: SwiftType, into buf: inout [UInt8])
}

// Types conforming to `Primitive` pass themselves directly over the FFI.
fileprivate protocol FfiConverterPrimitive: FfiConverter where FfiType == SwiftType { }

extension FfiConverterPrimitive {
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lift(_ value: FfiType) throws -> SwiftType {
        return value
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lower(_ value: SwiftType) -> FfiType {
        return value
    }
}

// Types conforming to `FfiConverterRustBuffer` lift and lower into a `RustBuffer`.
// Used for complex types where it's hard to write a custom lift/lower.
fileprivate protocol FfiConverterRustBuffer: FfiConverter where FfiType == RustBuffer {}

extension FfiConverterRustBuffer {
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lift(_ buf: RustBuffer) throws -> SwiftType {
        var reader = createReader(data: Data(rustBuffer: buf))
        let value = try read(from: &reader)
        if hasRemaining(reader) {
            throw UniffiInternalError.incompleteData
        }
        buf.deallocate()
        return value
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lower(_ value: SwiftType) -> RustBuffer {
          var writer = createWriter()
          write(value, into: &writer)
          return RustBuffer(bytes: writer)
    }
}
// An error type for FFI errors. These errors occur at the UniFFI level, not
// the library level.
fileprivate enum UniffiInternalError: LocalizedError {
    case bufferOverflow
    case incompleteData
    case unexpectedOptionalTag
    case unexpectedEnumCase
    case unexpectedNullPointer
    case unexpectedRustCallStatusCode
    case unexpectedRustCallError
    case unexpectedStaleHandle
    case rustPanic(_ message: String)

    public var errorDescription: String? {
        switch self {
        case .bufferOverflow: return "Reading the requested value would read past the end of the buffer"
        case .incompleteData: return "The buffer still has data after lifting its containing value"
        case .unexpectedOptionalTag: return "Unexpected optional tag; should be 0 or 1"
        case .unexpectedEnumCase: return "Raw enum value doesn't match any cases"
        case .unexpectedNullPointer: return "Raw pointer value was null"
        case .unexpectedRustCallStatusCode: return "Unexpected RustCallStatus code"
        case .unexpectedRustCallError: return "CALL_ERROR but no errorClass specified"
        case .unexpectedStaleHandle: return "The object in the handle map has been dropped already"
        case let .rustPanic(message): return message
        }
    }
}

fileprivate extension NSLock {
    func withLock<T>(f: () throws -> T) rethrows -> T {
        self.lock()
        defer { self.unlock() }
        return try f()
    }
}

fileprivate let CALL_SUCCESS: Int8 = 0
fileprivate let CALL_ERROR: Int8 = 1
fileprivate let CALL_UNEXPECTED_ERROR: Int8 = 2
fileprivate let CALL_CANCELLED: Int8 = 3

fileprivate extension RustCallStatus {
    init() {
        self.init(
            code: CALL_SUCCESS,
            errorBuf: RustBuffer.init(
                capacity: 0,
                len: 0,
                data: nil
            )
        )
    }
}

private func rustCall<T>(_ callback: (UnsafeMutablePointer<RustCallStatus>) -> T) throws -> T {
    let neverThrow: ((RustBuffer) throws -> Never)? = nil
    return try makeRustCall(callback, errorHandler: neverThrow)
}

private func rustCallWithError<T, E: Swift.Error>(
    _ errorHandler: @escaping (RustBuffer) throws -> E,
    _ callback: (UnsafeMutablePointer<RustCallStatus>) -> T) throws -> T {
    try makeRustCall(callback, errorHandler: errorHandler)
}

private func makeRustCall<T, E: Swift.Error>(
    _ callback: (UnsafeMutablePointer<RustCallStatus>) -> T,
    errorHandler: ((RustBuffer) throws -> E)?
) throws -> T {
    uniffiEnsureClanforgeUniffiInitialized()
    var callStatus = RustCallStatus.init()
    let returnedVal = callback(&callStatus)
    try uniffiCheckCallStatus(callStatus: callStatus, errorHandler: errorHandler)
    return returnedVal
}

private func uniffiCheckCallStatus<E: Swift.Error>(
    callStatus: RustCallStatus,
    errorHandler: ((RustBuffer) throws -> E)?
) throws {
    switch callStatus.code {
        case CALL_SUCCESS:
            return

        case CALL_ERROR:
            if let errorHandler = errorHandler {
                throw try errorHandler(callStatus.errorBuf)
            } else {
                callStatus.errorBuf.deallocate()
                throw UniffiInternalError.unexpectedRustCallError
            }

        case CALL_UNEXPECTED_ERROR:
            // When the rust code sees a panic, it tries to construct a RustBuffer
            // with the message.  But if that code panics, then it just sends back
            // an empty buffer.
            if callStatus.errorBuf.len > 0 {
                throw UniffiInternalError.rustPanic(try FfiConverterString.lift(callStatus.errorBuf))
            } else {
                callStatus.errorBuf.deallocate()
                throw UniffiInternalError.rustPanic("Rust panic")
            }

        case CALL_CANCELLED:
            fatalError("Cancellation not supported yet")

        default:
            throw UniffiInternalError.unexpectedRustCallStatusCode
    }
}

private func uniffiTraitInterfaceCall<T>(
    callStatus: UnsafeMutablePointer<RustCallStatus>,
    makeCall: () throws -> T,
    writeReturn: (T) -> ()
) {
    do {
        try writeReturn(makeCall())
    } catch let error {
        callStatus.pointee.code = CALL_UNEXPECTED_ERROR
        callStatus.pointee.errorBuf = FfiConverterString.lower(String(describing: error))
    }
}

private func uniffiTraitInterfaceCallWithError<T, E>(
    callStatus: UnsafeMutablePointer<RustCallStatus>,
    makeCall: () throws -> T,
    writeReturn: (T) -> (),
    lowerError: (E) -> RustBuffer
) {
    do {
        try writeReturn(makeCall())
    } catch let error as E {
        callStatus.pointee.code = CALL_ERROR
        callStatus.pointee.errorBuf = lowerError(error)
    } catch {
        callStatus.pointee.code = CALL_UNEXPECTED_ERROR
        callStatus.pointee.errorBuf = FfiConverterString.lower(String(describing: error))
    }
}
// Initial value and increment amount for handles. 
// These ensure that SWIFT handles always have the lowest bit set
fileprivate let UNIFFI_HANDLEMAP_INITIAL: UInt64 = 1
fileprivate let UNIFFI_HANDLEMAP_DELTA: UInt64 = 2

fileprivate final class UniffiHandleMap<T>: @unchecked Sendable {
    // All mutation happens with this lock held, which is why we implement @unchecked Sendable.
    private let lock = NSLock()
    private var map: [UInt64: T] = [:]
    private var currentHandle: UInt64 = UNIFFI_HANDLEMAP_INITIAL

    func insert(obj: T) -> UInt64 {
        lock.withLock {
            return doInsert(obj)
        }
    }

    // Low-level insert function, this assumes `lock` is held.
    private func doInsert(_ obj: T) -> UInt64 {
        let handle = currentHandle
        currentHandle += UNIFFI_HANDLEMAP_DELTA
        map[handle] = obj
        return handle
    }

     func get(handle: UInt64) throws -> T {
        try lock.withLock {
            guard let obj = map[handle] else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return obj
        }
    }

     func clone(handle: UInt64) throws -> UInt64 {
        try lock.withLock {
            guard let obj = map[handle] else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return doInsert(obj)
        }
    }

    @discardableResult
    func remove(handle: UInt64) throws -> T {
        try lock.withLock {
            guard let obj = map.removeValue(forKey: handle) else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return obj
        }
    }

    var count: Int {
        get {
            map.count
        }
    }
}


// Public interface members begin here.
// Magic number for the Rust proxy to call using the same mechanism as every other method,
// to free the callback once it's dropped by Rust.
private let IDX_CALLBACK_FREE: Int32 = 0
// Callback return codes
private let UNIFFI_CALLBACK_SUCCESS: Int32 = 0
private let UNIFFI_CALLBACK_ERROR: Int32 = 1
private let UNIFFI_CALLBACK_UNEXPECTED_ERROR: Int32 = 2

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterUInt16: FfiConverterPrimitive {
    typealias FfiType = UInt16
    typealias SwiftType = UInt16

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UInt16 {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterUInt32: FfiConverterPrimitive {
    typealias FfiType = UInt32
    typealias SwiftType = UInt32

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UInt32 {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterUInt64: FfiConverterPrimitive {
    typealias FfiType = UInt64
    typealias SwiftType = UInt64

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UInt64 {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterInt64: FfiConverterPrimitive {
    typealias FfiType = Int64
    typealias SwiftType = Int64

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Int64 {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: Int64, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterDouble: FfiConverterPrimitive {
    typealias FfiType = Double
    typealias SwiftType = Double

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Double {
        return try lift(readDouble(&buf))
    }

    public static func write(_ value: Double, into buf: inout [UInt8]) {
        writeDouble(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterBool : FfiConverter {
    typealias FfiType = Int8
    typealias SwiftType = Bool

    public static func lift(_ value: Int8) throws -> Bool {
        return value != 0
    }

    public static func lower(_ value: Bool) -> Int8 {
        return value ? 1 : 0
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Bool {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: Bool, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterString: FfiConverter {
    typealias SwiftType = String
    typealias FfiType = RustBuffer

    public static func lift(_ value: RustBuffer) throws -> String {
        defer {
            value.deallocate()
        }
        if value.data == nil {
            return String()
        }
        let bytes = UnsafeBufferPointer<UInt8>(start: value.data!, count: Int(value.len))
        // Use Swift's native UTF-8 decoder; `String(bytes:encoding:.utf8)` goes
        // through Foundation's NSString and silently strips a leading U+FEFF BOM.
        // Invalid UTF-8 substitutes U+FFFD instead of trapping (unreachable
        // given Rust's `String` invariant).
        return String(decoding: bytes, as: UTF8.self)
    }

    public static func lower(_ value: String) -> RustBuffer {
        return value.utf8CString.withUnsafeBufferPointer { ptr in
            // The swift string gives us int8_t, we want uint8_t.
            ptr.withMemoryRebound(to: UInt8.self) { ptr in
                // The swift string gives us a trailing null byte, we don't want it.
                let buf = UnsafeBufferPointer(rebasing: ptr.prefix(upTo: ptr.count - 1))
                return RustBuffer.from(buf)
            }
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> String {
        let len: Int32 = try readInt(&buf)
        // See `lift` above for why we avoid Foundation's NSString-backed decoder here.
        return String(decoding: try readBytes(&buf, count: Int(len)), as: UTF8.self)
    }

    public static func write(_ value: String, into buf: inout [UInt8]) {
        let len = Int32(value.utf8.count)
        writeInt(&buf, len)
        writeBytes(&buf, value.utf8)
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterData: FfiConverterRustBuffer {
    typealias SwiftType = Data

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Data {
        let len: Int32 = try readInt(&buf)
        return Data(try readBytes(&buf, count: Int(len)))
    }

    public static func write(_ value: Data, into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        writeBytes(&buf, value)
    }
}




/**
 * Ends calls before their time, in languages whose tasks do not: what was given it fails as cancelled, and its connection
 * closes.
 */
public protocol CancellationProtocol: AnyObject, Sendable {
    
    /**
     * Ends the calls that it was given to, and every later one.
     */
    func cancel() 
    
    /**
     * Returns whether it was told to.
     */
    func isCancelled()  -> Bool
    
}
/**
 * Ends calls before their time, in languages whose tasks do not: what was given it fails as cancelled, and its connection
 * closes.
 */
open class Cancellation: CancellationProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_clanforge_uniffi_fn_clone_cancellation(self.handle, $0) }
    }
    /**
     * Returns one for any number of calls.
     */
public convenience init() {
    let handle =
        try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_constructor_cancellation_new(uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_clanforge_uniffi_fn_free_cancellation(handle, $0) }
    }

    

    
    /**
     * Ends the calls that it was given to, and every later one.
     */
open func cancel()  {try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_cancellation_cancel(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}
    
    /**
     * Returns whether it was told to.
     */
open func isCancelled() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_cancellation_is_cancelled(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    

    
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeCancellation: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Cancellation

    public static func lift(_ handle: UInt64) throws -> Cancellation {
        return Cancellation(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Cancellation) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Cancellation {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Cancellation, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCancellation_lift(_ handle: UInt64) throws -> Cancellation {
    return try FfiConverterTypeCancellation.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCancellation_lower(_ value: Cancellation) -> UInt64 {
    return FfiConverterTypeCancellation.lower(value)
}






/**
 * Asks the service for image statuses. Connections are kept and shared by all calls.
 */
public protocol ClientProtocol: AnyObject, Sendable {
    
    /**
     * Returns the status, with detail, to be taken before a rollout is started and given to `wait` afterwards.
     */
    func baseline(image: ImageRef, cancellation: Cancellation?) async throws  -> Baseline
    
    /**
     * Returns the same, and blocks the thread until it is known.
     */
    func baselineBlocking(image: ImageRef) throws  -> Baseline
    
    /**
     * Returns how far an image is.
     */
    func imageStatus(image: ImageRef, detail: Bool, timeoutSeconds: Double?, retries: UInt32?, cancellation: Cancellation?) async throws  -> ImageStatus
    
    /**
     * Returns how far an image is, and blocks the thread until it is known.
     */
    func imageStatusBlocking(image: ImageRef, detail: Bool, timeoutSeconds: Double?, retries: UInt32?) throws  -> ImageStatus
    
    /**
     * Starts a call for a status, and returns it as one that runs.
     */
    func startImageStatus(image: ImageRef, detail: Bool, timeoutSeconds: Double?, retries: UInt32?) throws  -> Pending
    
    /**
     * Waits until an image is ready by a gate, has failed, or is no longer worth waiting for, and returns how it ended.
     *
     * The baseline tells the new version's counts from the old one's; without one an outcome may be assumed.
     */
    func wait(image: ImageRef, policy: Policy?, baseline: Baseline?, detail: Bool, seed: UInt64?, listener: UpdateListener?, cancellation: Cancellation?) async throws  -> Outcome
    
    /**
     * Waits likewise, and blocks the thread to the end.
     */
    func waitBlocking(image: ImageRef, policy: Policy?, baseline: Baseline?, detail: Bool, seed: UInt64?, listener: UpdateListener?) throws  -> Outcome
    
    /**
     * Waits as `wait` does, one update after another.
     */
    func watch(image: ImageRef, policy: Policy?, baseline: Baseline?, detail: Bool, seed: UInt64?) throws  -> Watch
    
}
/**
 * Asks the service for image statuses. Connections are kept and shared by all calls.
 */
open class Client: ClientProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_clanforge_uniffi_fn_clone_client(self.handle, $0) }
    }
    /**
     * Returns a client with these settings.
     */
public convenience init(settings: ClientSettings)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_constructor_client_new(
        FfiConverterTypeClientSettings_lower(settings),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_clanforge_uniffi_fn_free_client(handle, $0) }
    }

    

    
    /**
     * Returns the status, with detail, to be taken before a rollout is started and given to `wait` afterwards.
     */
open func baseline(image: ImageRef, cancellation: Cancellation? = nil)async throws  -> Baseline  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_clanforge_uniffi_fn_method_client_baseline(
                        self.uniffiCloneHandle(),FfiConverterTypeImageRef_lower(image),FfiConverterOptionTypeCancellation.lower(cancellation)
                )
            },
            pollFunc: ffi_clanforge_uniffi_rust_future_poll_rust_buffer,
            completeFunc: ffi_clanforge_uniffi_rust_future_complete_rust_buffer,
            freeFunc: ffi_clanforge_uniffi_rust_future_free_rust_buffer,
            liftFunc: FfiConverterTypeBaseline_lift,
            errorHandler: FfiConverterTypeClanforgeError_lift
        )
}
    
    /**
     * Returns the same, and blocks the thread until it is known.
     */
open func baselineBlocking(image: ImageRef)throws  -> Baseline  {
    return try  FfiConverterTypeBaseline_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_client_baseline_blocking(
            self.uniffiCloneHandle(),
        FfiConverterTypeImageRef_lower(image),uniffiCallStatus
    )
})
}
    
    /**
     * Returns how far an image is.
     */
open func imageStatus(image: ImageRef, detail: Bool = false, timeoutSeconds: Double? = nil, retries: UInt32? = nil, cancellation: Cancellation? = nil)async throws  -> ImageStatus  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_clanforge_uniffi_fn_method_client_image_status(
                        self.uniffiCloneHandle(),FfiConverterTypeImageRef_lower(image),FfiConverterBool.lower(detail),FfiConverterOptionDouble.lower(timeoutSeconds),FfiConverterOptionUInt32.lower(retries),FfiConverterOptionTypeCancellation.lower(cancellation)
                )
            },
            pollFunc: ffi_clanforge_uniffi_rust_future_poll_u64,
            completeFunc: ffi_clanforge_uniffi_rust_future_complete_u64,
            freeFunc: ffi_clanforge_uniffi_rust_future_free_u64,
            liftFunc: FfiConverterTypeImageStatus_lift,
            errorHandler: FfiConverterTypeClanforgeError_lift
        )
}
    
    /**
     * Returns how far an image is, and blocks the thread until it is known.
     */
open func imageStatusBlocking(image: ImageRef, detail: Bool = false, timeoutSeconds: Double? = nil, retries: UInt32? = nil)throws  -> ImageStatus  {
    return try  FfiConverterTypeImageStatus_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_client_image_status_blocking(
            self.uniffiCloneHandle(),
        FfiConverterTypeImageRef_lower(image),
        FfiConverterBool.lower(detail),
        FfiConverterOptionDouble.lower(timeoutSeconds),
        FfiConverterOptionUInt32.lower(retries),uniffiCallStatus
    )
})
}
    
    /**
     * Starts a call for a status, and returns it as one that runs.
     */
open func startImageStatus(image: ImageRef, detail: Bool = false, timeoutSeconds: Double? = nil, retries: UInt32? = nil)throws  -> Pending  {
    return try  FfiConverterTypePending_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_client_start_image_status(
            self.uniffiCloneHandle(),
        FfiConverterTypeImageRef_lower(image),
        FfiConverterBool.lower(detail),
        FfiConverterOptionDouble.lower(timeoutSeconds),
        FfiConverterOptionUInt32.lower(retries),uniffiCallStatus
    )
})
}
    
    /**
     * Waits until an image is ready by a gate, has failed, or is no longer worth waiting for, and returns how it ended.
     *
     * The baseline tells the new version's counts from the old one's; without one an outcome may be assumed.
     */
open func wait(image: ImageRef, policy: Policy? = nil, baseline: Baseline? = nil, detail: Bool = false, seed: UInt64? = nil, listener: UpdateListener? = nil, cancellation: Cancellation? = nil)async throws  -> Outcome  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_clanforge_uniffi_fn_method_client_wait(
                        self.uniffiCloneHandle(),FfiConverterTypeImageRef_lower(image),FfiConverterOptionTypePolicy.lower(policy),FfiConverterOptionTypeBaseline.lower(baseline),FfiConverterBool.lower(detail),FfiConverterOptionUInt64.lower(seed),FfiConverterOptionTypeUpdateListener.lower(listener),FfiConverterOptionTypeCancellation.lower(cancellation)
                )
            },
            pollFunc: ffi_clanforge_uniffi_rust_future_poll_rust_buffer,
            completeFunc: ffi_clanforge_uniffi_rust_future_complete_rust_buffer,
            freeFunc: ffi_clanforge_uniffi_rust_future_free_rust_buffer,
            liftFunc: FfiConverterTypeOutcome_lift,
            errorHandler: FfiConverterTypeClanforgeError_lift
        )
}
    
    /**
     * Waits likewise, and blocks the thread to the end.
     */
open func waitBlocking(image: ImageRef, policy: Policy? = nil, baseline: Baseline? = nil, detail: Bool = false, seed: UInt64? = nil, listener: UpdateListener? = nil)throws  -> Outcome  {
    return try  FfiConverterTypeOutcome_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_client_wait_blocking(
            self.uniffiCloneHandle(),
        FfiConverterTypeImageRef_lower(image),
        FfiConverterOptionTypePolicy.lower(policy),
        FfiConverterOptionTypeBaseline.lower(baseline),
        FfiConverterBool.lower(detail),
        FfiConverterOptionUInt64.lower(seed),
        FfiConverterOptionTypeUpdateListener.lower(listener),uniffiCallStatus
    )
})
}
    
    /**
     * Waits as `wait` does, one update after another.
     */
open func watch(image: ImageRef, policy: Policy? = nil, baseline: Baseline? = nil, detail: Bool = false, seed: UInt64? = nil)throws  -> Watch  {
    return try  FfiConverterTypeWatch_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_client_watch(
            self.uniffiCloneHandle(),
        FfiConverterTypeImageRef_lower(image),
        FfiConverterOptionTypePolicy.lower(policy),
        FfiConverterOptionTypeBaseline.lower(baseline),
        FfiConverterBool.lower(detail),
        FfiConverterOptionUInt64.lower(seed),uniffiCallStatus
    )
})
}
    

    
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeClient: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Client

    public static func lift(_ handle: UInt64) throws -> Client {
        return Client(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Client) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Client {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Client, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeClient_lift(_ handle: UInt64) throws -> Client {
    return try FfiConverterTypeClient.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeClient_lower(_ value: Client) -> UInt64 {
    return FfiConverterTypeClient.lower(value)
}






/**
 * How far an image is: machines in each state, and with detail those of each fleet and region.
 */
public protocol ImageStatusProtocol: AnyObject, Sendable {
    
    /**
     * Returns running machines that are fully installed.
     */
    func completedMachines()  -> UInt64
    
    /**
     * Returns the machines of the whole image, as the service states them.
     */
    func counts()  -> MachineCounts
    
    /**
     * Returns disabled machines that were unable to install.
     */
    func failedMachines()  -> UInt64
    
    /**
     * Returns the regions with failed machines, most failed first; nothing without detail.
     */
    func failedRegions()  -> [RegionRow]?
    
    /**
     * Returns the fleets in the order of their ids; nothing without detail.
     */
    func fleets()  -> [FleetStatus]?
    
    /**
     * Returns whether the status has the counts of each fleet and region.
     */
    func hasDetail()  -> Bool
    
    /**
     * Returns whether there are machines, and all are completed. That they are of the new version only a wait can tell.
     */
    func isReady()  -> Bool
    
    /**
     * Returns where a whole is not the sum of its parts; nothing without detail.
     */
    func mismatches()  -> [Mismatch]?
    
    /**
     * Returns running machines with an install pending.
     */
    func pendingMachines()  -> UInt64
    
    /**
     * Returns the regions with pending machines, most pending first; nothing without detail.
     */
    func pendingRegions()  -> [RegionRow]?
    
    /**
     * Returns the completed machines in percent of all, 100 only where all are; nothing without machines.
     */
    func percentComplete()  -> Double?
    
    /**
     * Returns the same for people: `97.5 %`, never rounded up to `100 %`.
     */
    func percentText()  -> String
    
    /**
     * Returns what the counts say.
     */
    func readiness()  -> Readiness
    
    /**
     * Returns every region of every fleet as a flat row; nothing without detail.
     */
    func regions()  -> [RegionRow]?
    
    /**
     * Returns all that the counts say as JSON: what the command's `-o json` has as `summary`.
     */
    func summary()  -> String
    
    /**
     * Returns the status as JSON, as the service writes it.
     */
    func toJson()  -> String
    
    /**
     * Returns the machines of all three states.
     */
    func totalMachines()  -> UInt64
    
}
/**
 * How far an image is: machines in each state, and with detail those of each fleet and region.
 */
open class ImageStatus: ImageStatusProtocol, @unchecked Sendable, Equatable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_clanforge_uniffi_fn_clone_imagestatus(self.handle, $0) }
    }
    /**
     * Returns a status of counts, and of fleets where it has detail.
     */
public convenience init(counts: MachineCounts, fleets: [FleetStatus]? = nil)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_constructor_imagestatus_new(
        FfiConverterTypeMachineCounts_lower(counts),
        FfiConverterOptionSequenceTypeFleetStatus.lower(fleets),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_clanforge_uniffi_fn_free_imagestatus(handle, $0) }
    }

    
    /**
     * Returns the status of a response's body in bytes, decoded as a client does.
     */
public static func fromBytes(body: Data)throws  -> ImageStatus  {
    return try  FfiConverterTypeImageStatus_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_constructor_imagestatus_from_bytes(
        FfiConverterData.lower(body),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the status of a response's body, decoded as a client does.
     */
public static func fromJson(body: String)throws  -> ImageStatus  {
    return try  FfiConverterTypeImageStatus_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_constructor_imagestatus_from_json(
        FfiConverterString.lower(body),uniffiCallStatus
    )
})
}
    

    
    /**
     * Returns running machines that are fully installed.
     */
open func completedMachines() -> UInt64  {
    return try!  FfiConverterUInt64.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_completed_machines(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the machines of the whole image, as the service states them.
     */
open func counts() -> MachineCounts  {
    return try!  FfiConverterTypeMachineCounts_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_counts(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns disabled machines that were unable to install.
     */
open func failedMachines() -> UInt64  {
    return try!  FfiConverterUInt64.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_failed_machines(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the regions with failed machines, most failed first; nothing without detail.
     */
open func failedRegions() -> [RegionRow]?  {
    return try!  FfiConverterOptionSequenceTypeRegionRow.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_failed_regions(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the fleets in the order of their ids; nothing without detail.
     */
open func fleets() -> [FleetStatus]?  {
    return try!  FfiConverterOptionSequenceTypeFleetStatus.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_fleets(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns whether the status has the counts of each fleet and region.
     */
open func hasDetail() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_has_detail(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns whether there are machines, and all are completed. That they are of the new version only a wait can tell.
     */
open func isReady() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_is_ready(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns where a whole is not the sum of its parts; nothing without detail.
     */
open func mismatches() -> [Mismatch]?  {
    return try!  FfiConverterOptionSequenceTypeMismatch.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_mismatches(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns running machines with an install pending.
     */
open func pendingMachines() -> UInt64  {
    return try!  FfiConverterUInt64.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_pending_machines(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the regions with pending machines, most pending first; nothing without detail.
     */
open func pendingRegions() -> [RegionRow]?  {
    return try!  FfiConverterOptionSequenceTypeRegionRow.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_pending_regions(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the completed machines in percent of all, 100 only where all are; nothing without machines.
     */
open func percentComplete() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_percent_complete(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the same for people: `97.5 %`, never rounded up to `100 %`.
     */
open func percentText() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_percent_text(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns what the counts say.
     */
open func readiness() -> Readiness  {
    return try!  FfiConverterTypeReadiness_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_readiness(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns every region of every fleet as a flat row; nothing without detail.
     */
open func regions() -> [RegionRow]?  {
    return try!  FfiConverterOptionSequenceTypeRegionRow.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_regions(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns all that the counts say as JSON: what the command's `-o json` has as `summary`.
     */
open func summary() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_summary(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the status as JSON, as the service writes it.
     */
open func toJson() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_to_json(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the machines of all three states.
     */
open func totalMachines() -> UInt64  {
    return try!  FfiConverterUInt64.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_total_machines(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    

    
// The local Rust `Eq` implementation - only `eq` is used.
public static func == (self: ImageStatus, other: ImageStatus) -> Bool {
    return try!  FfiConverterBool.lift(
        try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_imagestatus_uniffi_trait_eq_eq(
            self.uniffiCloneHandle(),
        FfiConverterTypeImageStatus_lower(other),uniffiCallStatus
    )
}
    )
}
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeImageStatus: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = ImageStatus

    public static func lift(_ handle: UInt64) throws -> ImageStatus {
        return ImageStatus(unsafeFromHandle: handle)
    }

    public static func lower(_ value: ImageStatus) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ImageStatus {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: ImageStatus, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeImageStatus_lift(_ handle: UInt64) throws -> ImageStatus {
    return try FfiConverterTypeImageStatus.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeImageStatus_lower(_ value: ImageStatus) -> UInt64 {
    return FfiConverterTypeImageStatus.lower(value)
}






/**
 * The state machine of waiting, without clock: for tests, and for rollouts that were recorded.
 */
public protocol MonitorProtocol: AnyObject, Sendable {
    
    /**
     * Returns whether the counts were seen to be the new version's.
     */
    func hasStarted()  -> Bool
    
    /**
     * Returns whether the gate needs the counts of each fleet and region.
     */
    func needsDetail()  -> Bool
    
    /**
     * Takes a reading that failed, likewise.
     */
    func observeFailure(elapsedSeconds: Double, failure: ReadFailure) throws  -> Step
    
    /**
     * Takes a status that was read so many seconds after the wait began, in the order of their times.
     */
    func observeStatus(elapsedSeconds: Double, status: ImageStatus) throws  -> Step
    
}
/**
 * The state machine of waiting, without clock: for tests, and for rollouts that were recorded.
 */
open class Monitor: MonitorProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_clanforge_uniffi_fn_clone_monitor(self.handle, $0) }
    }
    /**
     * Returns the monitor of an image.
     */
public convenience init(image: ImageRef, policy: Policy? = nil, baseline: Baseline? = nil)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_constructor_monitor_new(
        FfiConverterTypeImageRef_lower(image),
        FfiConverterOptionTypePolicy.lower(policy),
        FfiConverterOptionTypeBaseline.lower(baseline),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_clanforge_uniffi_fn_free_monitor(handle, $0) }
    }

    

    
    /**
     * Returns whether the counts were seen to be the new version's.
     */
open func hasStarted() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_monitor_has_started(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns whether the gate needs the counts of each fleet and region.
     */
open func needsDetail() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_monitor_needs_detail(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Takes a reading that failed, likewise.
     */
open func observeFailure(elapsedSeconds: Double, failure: ReadFailure)throws  -> Step  {
    return try  FfiConverterTypeStep_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_monitor_observe_failure(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(elapsedSeconds),
        FfiConverterTypeReadFailure_lower(failure),uniffiCallStatus
    )
})
}
    
    /**
     * Takes a status that was read so many seconds after the wait began, in the order of their times.
     */
open func observeStatus(elapsedSeconds: Double, status: ImageStatus)throws  -> Step  {
    return try  FfiConverterTypeStep_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_monitor_observe_status(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(elapsedSeconds),
        FfiConverterTypeImageStatus_lower(status),uniffiCallStatus
    )
})
}
    

    
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeMonitor: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Monitor

    public static func lift(_ handle: UInt64) throws -> Monitor {
        return Monitor(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Monitor) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Monitor {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Monitor, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeMonitor_lift(_ handle: UInt64) throws -> Monitor {
    return try FfiConverterTypeMonitor.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeMonitor_lower(_ value: Monitor) -> UInt64 {
    return FfiConverterTypeMonitor.lower(value)
}






/**
 * A call that runs, for languages whose threads must not be held by it: whoever waits for it looks again and again.
 */
public protocol PendingProtocol: AnyObject, Sendable {
    
    /**
     * Ends the call, and closes its connection.
     */
    func cancel() 
    
    /**
     * Blocks for so many seconds at most, and returns what the call ended with; nothing where it goes on.
     */
    func waitFor(seconds: Double) throws  -> Answer?
    
}
/**
 * A call that runs, for languages whose threads must not be held by it: whoever waits for it looks again and again.
 */
open class Pending: PendingProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_clanforge_uniffi_fn_clone_pending(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_clanforge_uniffi_fn_free_pending(handle, $0) }
    }

    

    
    /**
     * Ends the call, and closes its connection.
     */
open func cancel()  {try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_pending_cancel(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}
    
    /**
     * Blocks for so many seconds at most, and returns what the call ended with; nothing where it goes on.
     */
open func waitFor(seconds: Double)throws  -> Answer?  {
    return try  FfiConverterOptionTypeAnswer.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_pending_wait_for(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(seconds),uniffiCallStatus
    )
})
}
    

    
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypePending: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Pending

    public static func lift(_ handle: UInt64) throws -> Pending {
        return Pending(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Pending) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Pending {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Pending, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypePending_lift(_ handle: UInt64) throws -> Pending {
    return try FfiConverterTypePending.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypePending_lower(_ value: Pending) -> UInt64 {
    return FfiConverterTypePending.lower(value)
}






/**
 * A simulator that plays until it is closed.
 */
public protocol SimulationProtocol: AnyObject, Sendable {
    
    /**
     * Returns the access key that it accepts.
     */
    func accessKey()  -> String
    
    /**
     * Returns the environment variables that point a client, or the command, at it.
     */
    func environment()  -> [String: String]
    
    /**
     * Returns how many connections are open.
     */
    func openConnections() throws  -> UInt64
    
    /**
     * Returns how many requests have come.
     */
    func requests() throws  -> UInt64
    
    /**
     * Returns how far the rollout is, in seconds of its own time; its clock starts with the first request.
     */
    func rolloutSeconds() throws  -> Double
    
    /**
     * Returns the secret key that it accepts.
     */
    func secretKey()  -> String
    
    /**
     * Returns the settings of a client of it.
     */
    func settings()  -> ClientSettings
    
    /**
     * Stops playing.
     */
    func stop() 
    
    /**
     * Returns the bearer token that it accepts.
     */
    func token()  -> String
    
    /**
     * Returns its address.
     */
    func url()  -> String
    
}
/**
 * A simulator that plays until it is closed.
 */
open class Simulation: SimulationProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_clanforge_uniffi_fn_clone_simulation(self.handle, $0) }
    }
    /**
     * Plays a scenario that ships, see `scenarios`, or that of a file by its path, on a loopback port.
     */
public convenience init(scenario: String = "happy", speed: Double = Double(1.0), port: UInt16 = UInt16(0), accountServiceId: UInt64? = nil, imageId: UInt64? = nil)throws  {
    let handle =
        try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_constructor_simulation_new(
        FfiConverterString.lower(scenario),
        FfiConverterDouble.lower(speed),
        FfiConverterUInt16.lower(port),
        FfiConverterOptionUInt64.lower(accountServiceId),
        FfiConverterOptionUInt64.lower(imageId),uniffiCallStatus
    )
}
    self.init(unsafeFromHandle: handle)
}

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_clanforge_uniffi_fn_free_simulation(handle, $0) }
    }

    

    
    /**
     * Returns the access key that it accepts.
     */
open func accessKey() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_simulation_access_key(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the environment variables that point a client, or the command, at it.
     */
open func environment() -> [String: String]  {
    return try!  FfiConverterDictionaryStringString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_simulation_environment(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns how many connections are open.
     */
open func openConnections()throws  -> UInt64  {
    return try  FfiConverterUInt64.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_simulation_open_connections(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns how many requests have come.
     */
open func requests()throws  -> UInt64  {
    return try  FfiConverterUInt64.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_simulation_requests(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns how far the rollout is, in seconds of its own time; its clock starts with the first request.
     */
open func rolloutSeconds()throws  -> Double  {
    return try  FfiConverterDouble.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_simulation_rollout_seconds(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the secret key that it accepts.
     */
open func secretKey() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_simulation_secret_key(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns the settings of a client of it.
     */
open func settings() -> ClientSettings  {
    return try!  FfiConverterTypeClientSettings_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_simulation_settings(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Stops playing.
     */
open func stop()  {try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_simulation_stop(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}
    
    /**
     * Returns the bearer token that it accepts.
     */
open func token() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_simulation_token(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Returns its address.
     */
open func url() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_simulation_url(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    

    
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeSimulation: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Simulation

    public static func lift(_ handle: UInt64) throws -> Simulation {
        return Simulation(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Simulation) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Simulation {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Simulation, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSimulation_lift(_ handle: UInt64) throws -> Simulation {
    return try FfiConverterTypeSimulation.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSimulation_lower(_ value: Simulation) -> UInt64 {
    return FfiConverterTypeSimulation.lower(value)
}






/**
 * Is told what happens while a wait goes on.
 */
public protocol UpdateListener: AnyObject, Sendable {
    
    /**
     * Takes one update; the last is the outcome.
     */
    func onUpdate(update: Update) 
    
}
/**
 * Is told what happens while a wait goes on.
 */
open class UpdateListenerImpl: UpdateListener, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_clanforge_uniffi_fn_clone_updatelistener(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_clanforge_uniffi_fn_free_updatelistener(handle, $0) }
    }

    

    
    /**
     * Takes one update; the last is the outcome.
     */
open func onUpdate(update: Update)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_updatelistener_on_update(
            self.uniffiCloneHandle(),
        FfiConverterTypeUpdate_lower(update),uniffiCallStatus
    )
}
}
    

    
}



// Put the implementation in a struct so we don't pollute the top-level namespace
fileprivate struct UniffiCallbackInterfaceUpdateListener {

    // Create the VTable using a series of closures.
    // Swift automatically converts these into C callback functions.
    //
    // Store the vtable directly.
    static let vtable: UniffiVTableCallbackInterfaceUpdateListener = UniffiVTableCallbackInterfaceUpdateListener(
        uniffiFree: { (uniffiHandle: UInt64) -> () in
            do {
                try FfiConverterTypeUpdateListener.handleMap.remove(handle: uniffiHandle)
            } catch {
                print("Uniffi callback interface UpdateListener: handle missing in uniffiFree")
            }
        },
        uniffiClone: { (uniffiHandle: UInt64) -> UInt64 in
            do {
                return try FfiConverterTypeUpdateListener.handleMap.clone(handle: uniffiHandle)
            } catch {
                fatalError("Uniffi callback interface UpdateListener: handle missing in uniffiClone")
            }
        },
        onUpdate: { (
            uniffiHandle: UInt64,
            update: RustBuffer,
            uniffiOutReturn: UnsafeMutableRawPointer,
            uniffiCallStatus: UnsafeMutablePointer<RustCallStatus>
        ) in
            let makeCall = {
                () throws -> () in
                guard let uniffiObj = try? FfiConverterTypeUpdateListener.handleMap.get(handle: uniffiHandle) else {
                    throw UniffiInternalError.unexpectedStaleHandle
                }
                return uniffiObj.onUpdate(
                     update: try FfiConverterTypeUpdate_lift(update)
                )
            }

            
            let writeReturn = { () }
            uniffiTraitInterfaceCall(
                callStatus: uniffiCallStatus,
                makeCall: makeCall,
                writeReturn: writeReturn
            )
        }
    )

    // Rust stores this pointer for future callback invocations, so it must live
    // for the process lifetime (not just for the init function call).
    //
    // `nonisolated(unsafe)` is needed under Swift 6 strict concurrency.
    // This is safe because the pointee is initialized once during static init
    // and never mutated by either side of the FFI.  Its fields are C function pointers.
    nonisolated(unsafe) static let vtablePtr: UnsafePointer<UniffiVTableCallbackInterfaceUpdateListener> = {
        let ptr = UnsafeMutablePointer<UniffiVTableCallbackInterfaceUpdateListener>.allocate(capacity: 1)
        ptr.initialize(to: vtable)
        return UnsafePointer(ptr)
    }()
}

private func uniffiCallbackInitUpdateListener() {
    uniffi_clanforge_uniffi_fn_init_callback_vtable_updatelistener(UniffiCallbackInterfaceUpdateListener.vtablePtr)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeUpdateListener: FfiConverter {
    fileprivate static let handleMap = UniffiHandleMap<UpdateListener>()

    typealias FfiType = UInt64
    typealias SwiftType = UpdateListener

    public static func lift(_ handle: UInt64) throws -> UpdateListener {
        if ((handle & 1) == 0) {
            // Rust-generated handle, construct a new class that uses the handle to implement the
            // interface
            return UpdateListenerImpl(unsafeFromHandle: handle)
        } else {
            // Swift-generated handle, get the object from the handle map
            return try handleMap.remove(handle: handle)
        }
    }

    public static func lower(_ value: UpdateListener) -> UInt64 {
         if let rustImpl = value as? UpdateListenerImpl {
             // Rust-implemented object.  Clone the handle and return it
            return rustImpl.uniffiCloneHandle()
         } else {
            // Swift object, generate a new vtable handle and return that.
            return handleMap.insert(obj: value)
         }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UpdateListener {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: UpdateListener, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeUpdateListener_lift(_ handle: UInt64) throws -> UpdateListener {
    return try FfiConverterTypeUpdateListener.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeUpdateListener_lower(_ value: UpdateListener) -> UInt64 {
    return FfiConverterTypeUpdateListener.lower(value)
}






/**
 * The updates of a wait, one after another: readings and failed readings, and last the outcome.
 */
public protocol WatchProtocol: AnyObject, Sendable {
    
    /**
     * Returns the next update; nothing after the last, or once the wait is ended.
     */
    func next() async throws  -> Update?
    
    /**
     * Starts a call for the next update, and returns it as one that runs.
     */
    func startNext() throws  -> Pending
    
    /**
     * Ends the waiting, and closes its connection.
     */
    func stop() 
    
}
/**
 * The updates of a wait, one after another: readings and failed readings, and last the outcome.
 */
open class Watch: WatchProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_clanforge_uniffi_fn_clone_watch(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_clanforge_uniffi_fn_free_watch(handle, $0) }
    }

    

    
    /**
     * Returns the next update; nothing after the last, or once the wait is ended.
     */
open func next()async throws  -> Update?  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_clanforge_uniffi_fn_method_watch_next(
                        self.uniffiCloneHandle()
                )
            },
            pollFunc: ffi_clanforge_uniffi_rust_future_poll_rust_buffer,
            completeFunc: ffi_clanforge_uniffi_rust_future_complete_rust_buffer,
            freeFunc: ffi_clanforge_uniffi_rust_future_free_rust_buffer,
            liftFunc: FfiConverterOptionTypeUpdate.lift,
            errorHandler: FfiConverterTypeClanforgeError_lift
        )
}
    
    /**
     * Starts a call for the next update, and returns it as one that runs.
     */
open func startNext()throws  -> Pending  {
    return try  FfiConverterTypePending_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_watch_start_next(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}
    
    /**
     * Ends the waiting, and closes its connection.
     */
open func stop()  {try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_method_watch_stop(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
}
}
    

    
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeWatch: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Watch

    public static func lift(_ handle: UInt64) throws -> Watch {
        return Watch(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Watch) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Watch {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Watch, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeWatch_lift(_ handle: UInt64) throws -> Watch {
    return try FfiConverterTypeWatch.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeWatch_lower(_ value: Watch) -> UInt64 {
    return FfiConverterTypeWatch.lower(value)
}




/**
 * A status from before a rollout is started, by which a wait tells the new version's counts from the old one's.
 */
public struct Baseline {
    /**
     * The image that it was taken of.
     */
    public var image: ImageRef
    /**
     * The status, with detail.
     */
    public var status: ImageStatus

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The image that it was taken of.
         */image: ImageRef, 
        /**
         * The status, with detail.
         */status: ImageStatus) {
        self.image = image
        self.status = status
    }

    

    
}

#if compiler(>=6)
extension Baseline: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeBaseline: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Baseline {
        return
            try Baseline(
                image: FfiConverterTypeImageRef.read(from: &buf), 
                status: FfiConverterTypeImageStatus.read(from: &buf)
        )
    }

    public static func write(_ value: Baseline, into buf: inout [UInt8]) {
        FfiConverterTypeImageRef.write(value.image, into: &buf)
        FfiConverterTypeImageStatus.write(value.status, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeBaseline_lift(_ buf: RustBuffer) throws -> Baseline {
    return try FfiConverterTypeBaseline.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeBaseline_lower(_ value: Baseline) -> RustBuffer {
    return FfiConverterTypeBaseline.lower(value)
}


/**
 * How the counts of the image changed between two readings; each may be negative.
 */
public struct Changes: Equatable, Hashable {
    /**
     * Those with an install pending.
     */
    public var pendingMachines: Int64
    /**
     * Those that were unable to install.
     */
    public var failedMachines: Int64
    /**
     * Those that are fully installed.
     */
    public var completedMachines: Int64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Those with an install pending.
         */pendingMachines: Int64, 
        /**
         * Those that were unable to install.
         */failedMachines: Int64, 
        /**
         * Those that are fully installed.
         */completedMachines: Int64) {
        self.pendingMachines = pendingMachines
        self.failedMachines = failedMachines
        self.completedMachines = completedMachines
    }

    

    
}

#if compiler(>=6)
extension Changes: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeChanges: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Changes {
        return
            try Changes(
                pendingMachines: FfiConverterInt64.read(from: &buf), 
                failedMachines: FfiConverterInt64.read(from: &buf), 
                completedMachines: FfiConverterInt64.read(from: &buf)
        )
    }

    public static func write(_ value: Changes, into buf: inout [UInt8]) {
        FfiConverterInt64.write(value.pendingMachines, into: &buf)
        FfiConverterInt64.write(value.failedMachines, into: &buf)
        FfiConverterInt64.write(value.completedMachines, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChanges_lift(_ buf: RustBuffer) throws -> Changes {
    return try FfiConverterTypeChanges.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChanges_lower(_ value: Changes) -> RustBuffer {
    return FfiConverterTypeChanges.lower(value)
}


/**
 * The settings of a client.
 *
 * Credentials and address that are not given come from `CLANFORGE_ACCESS_KEY` and `CLANFORGE_SECRET_KEY`, or
 * `CLANFORGE_TOKEN`, and from `CLANFORGE_BASE_URL`.
 */
public struct ClientSettings: Equatable, Hashable {
    /**
     * The access key, with the secret key.
     */
    public var accessKey: String?
    /**
     * The secret key, with the access key.
     */
    public var secretKey: String?
    /**
     * A bearer token, in place of both keys.
     */
    public var token: String?
    /**
     * The service's address.
     */
    public var baseUrl: String?
    /**
     * How long a call may take, retries and pauses included, in seconds: 60 by default.
     */
    public var timeoutSeconds: Double?
    /**
     * How long one attempt may take, in seconds: 20 by default.
     */
    public var attemptTimeoutSeconds: Double?
    /**
     * How long opening a connection may take, in seconds: 5 by default.
     */
    public var connectTimeoutSeconds: Double?
    /**
     * How many more attempts may follow a failed one: 2 by default.
     */
    public var retries: UInt32?
    /**
     * The pause before a first retry, drawn up to this, in seconds: 0.5 by default.
     */
    public var firstBackoffSeconds: Double?
    /**
     * The longest pause before a retry, in seconds: 8 by default.
     */
    public var maxBackoffSeconds: Double?
    /**
     * How long a connection is kept for the next call, in seconds: 15 by default.
     */
    public var idleTimeoutSeconds: Double?
    /**
     * The longest answer that is read, in bytes: 16 MiB by default.
     */
    public var maxBodyBytes: UInt64?
    /**
     * A file of certificates to trust, as PEM, and no others; the platform's by default.
     */
    public var caFile: String?
    /**
     * A file of certificates to trust as well.
     */
    public var extraCaFile: String?
    /**
     * The proxy to use, whatever the environment says.
     */
    public var proxy: String?
    /**
     * Use no proxy, whatever the environment says.
     */
    public var noProxy: Bool
    /**
     * Send credentials in clear text beyond this machine: for test servers only.
     */
    public var allowHttp: Bool
    /**
     * What the product calls itself, in front of this library's own name.
     */
    public var userAgent: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The access key, with the secret key.
         */accessKey: String? = nil, 
        /**
         * The secret key, with the access key.
         */secretKey: String? = nil, 
        /**
         * A bearer token, in place of both keys.
         */token: String? = nil, 
        /**
         * The service's address.
         */baseUrl: String? = nil, 
        /**
         * How long a call may take, retries and pauses included, in seconds: 60 by default.
         */timeoutSeconds: Double? = nil, 
        /**
         * How long one attempt may take, in seconds: 20 by default.
         */attemptTimeoutSeconds: Double? = nil, 
        /**
         * How long opening a connection may take, in seconds: 5 by default.
         */connectTimeoutSeconds: Double? = nil, 
        /**
         * How many more attempts may follow a failed one: 2 by default.
         */retries: UInt32? = nil, 
        /**
         * The pause before a first retry, drawn up to this, in seconds: 0.5 by default.
         */firstBackoffSeconds: Double? = nil, 
        /**
         * The longest pause before a retry, in seconds: 8 by default.
         */maxBackoffSeconds: Double? = nil, 
        /**
         * How long a connection is kept for the next call, in seconds: 15 by default.
         */idleTimeoutSeconds: Double? = nil, 
        /**
         * The longest answer that is read, in bytes: 16 MiB by default.
         */maxBodyBytes: UInt64? = nil, 
        /**
         * A file of certificates to trust, as PEM, and no others; the platform's by default.
         */caFile: String? = nil, 
        /**
         * A file of certificates to trust as well.
         */extraCaFile: String? = nil, 
        /**
         * The proxy to use, whatever the environment says.
         */proxy: String? = nil, 
        /**
         * Use no proxy, whatever the environment says.
         */noProxy: Bool = false, 
        /**
         * Send credentials in clear text beyond this machine: for test servers only.
         */allowHttp: Bool = false, 
        /**
         * What the product calls itself, in front of this library's own name.
         */userAgent: String? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.token = token
        self.baseUrl = baseUrl
        self.timeoutSeconds = timeoutSeconds
        self.attemptTimeoutSeconds = attemptTimeoutSeconds
        self.connectTimeoutSeconds = connectTimeoutSeconds
        self.retries = retries
        self.firstBackoffSeconds = firstBackoffSeconds
        self.maxBackoffSeconds = maxBackoffSeconds
        self.idleTimeoutSeconds = idleTimeoutSeconds
        self.maxBodyBytes = maxBodyBytes
        self.caFile = caFile
        self.extraCaFile = extraCaFile
        self.proxy = proxy
        self.noProxy = noProxy
        self.allowHttp = allowHttp
        self.userAgent = userAgent
    }

    

    
}

#if compiler(>=6)
extension ClientSettings: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeClientSettings: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ClientSettings {
        return
            try ClientSettings(
                accessKey: FfiConverterOptionString.read(from: &buf), 
                secretKey: FfiConverterOptionString.read(from: &buf), 
                token: FfiConverterOptionString.read(from: &buf), 
                baseUrl: FfiConverterOptionString.read(from: &buf), 
                timeoutSeconds: FfiConverterOptionDouble.read(from: &buf), 
                attemptTimeoutSeconds: FfiConverterOptionDouble.read(from: &buf), 
                connectTimeoutSeconds: FfiConverterOptionDouble.read(from: &buf), 
                retries: FfiConverterOptionUInt32.read(from: &buf), 
                firstBackoffSeconds: FfiConverterOptionDouble.read(from: &buf), 
                maxBackoffSeconds: FfiConverterOptionDouble.read(from: &buf), 
                idleTimeoutSeconds: FfiConverterOptionDouble.read(from: &buf), 
                maxBodyBytes: FfiConverterOptionUInt64.read(from: &buf), 
                caFile: FfiConverterOptionString.read(from: &buf), 
                extraCaFile: FfiConverterOptionString.read(from: &buf), 
                proxy: FfiConverterOptionString.read(from: &buf), 
                noProxy: FfiConverterBool.read(from: &buf), 
                allowHttp: FfiConverterBool.read(from: &buf), 
                userAgent: FfiConverterOptionString.read(from: &buf)
        )
    }

    public static func write(_ value: ClientSettings, into buf: inout [UInt8]) {
        FfiConverterOptionString.write(value.accessKey, into: &buf)
        FfiConverterOptionString.write(value.secretKey, into: &buf)
        FfiConverterOptionString.write(value.token, into: &buf)
        FfiConverterOptionString.write(value.baseUrl, into: &buf)
        FfiConverterOptionDouble.write(value.timeoutSeconds, into: &buf)
        FfiConverterOptionDouble.write(value.attemptTimeoutSeconds, into: &buf)
        FfiConverterOptionDouble.write(value.connectTimeoutSeconds, into: &buf)
        FfiConverterOptionUInt32.write(value.retries, into: &buf)
        FfiConverterOptionDouble.write(value.firstBackoffSeconds, into: &buf)
        FfiConverterOptionDouble.write(value.maxBackoffSeconds, into: &buf)
        FfiConverterOptionDouble.write(value.idleTimeoutSeconds, into: &buf)
        FfiConverterOptionUInt64.write(value.maxBodyBytes, into: &buf)
        FfiConverterOptionString.write(value.caFile, into: &buf)
        FfiConverterOptionString.write(value.extraCaFile, into: &buf)
        FfiConverterOptionString.write(value.proxy, into: &buf)
        FfiConverterBool.write(value.noProxy, into: &buf)
        FfiConverterBool.write(value.allowHttp, into: &buf)
        FfiConverterOptionString.write(value.userAgent, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeClientSettings_lift(_ buf: RustBuffer) throws -> ClientSettings {
    return try FfiConverterTypeClientSettings.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeClientSettings_lower(_ value: ClientSettings) -> RustBuffer {
    return FfiConverterTypeClientSettings.lower(value)
}


/**
 * What an error says beside its reason.
 */
public struct ErrorFields: Equatable, Hashable {
    /**
     * The HTTP status of the last answer, where there was one.
     */
    public var status: UInt16?
    /**
     * The service's id of the last request, where its answer had one: what its support asks for.
     */
    public var requestId: String?
    /**
     * How many requests were sent.
     */
    public var attempts: UInt32
    /**
     * How long the call took, in seconds.
     */
    public var elapsedSeconds: Double
    /**
     * How long the service asked to wait, in seconds, where it did.
     */
    public var retryAfterSeconds: Double?
    /**
     * The service's own code of the error, where it gave one.
     */
    public var apiCode: String?
    /**
     * The service's own words, where it gave some.
     */
    public var apiMessage: String?
    /**
     * Where in the answer the mistake is, as `JSONPath`, for an answer that cannot be read.
     */
    public var jsonPath: String?
    /**
     * The causes, the nearest first.
     */
    public var causes: [String]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The HTTP status of the last answer, where there was one.
         */status: UInt16?, 
        /**
         * The service's id of the last request, where its answer had one: what its support asks for.
         */requestId: String?, 
        /**
         * How many requests were sent.
         */attempts: UInt32, 
        /**
         * How long the call took, in seconds.
         */elapsedSeconds: Double, 
        /**
         * How long the service asked to wait, in seconds, where it did.
         */retryAfterSeconds: Double?, 
        /**
         * The service's own code of the error, where it gave one.
         */apiCode: String?, 
        /**
         * The service's own words, where it gave some.
         */apiMessage: String?, 
        /**
         * Where in the answer the mistake is, as `JSONPath`, for an answer that cannot be read.
         */jsonPath: String?, 
        /**
         * The causes, the nearest first.
         */causes: [String]) {
        self.status = status
        self.requestId = requestId
        self.attempts = attempts
        self.elapsedSeconds = elapsedSeconds
        self.retryAfterSeconds = retryAfterSeconds
        self.apiCode = apiCode
        self.apiMessage = apiMessage
        self.jsonPath = jsonPath
        self.causes = causes
    }

    

    
}

#if compiler(>=6)
extension ErrorFields: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeErrorFields: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ErrorFields {
        return
            try ErrorFields(
                status: FfiConverterOptionUInt16.read(from: &buf), 
                requestId: FfiConverterOptionString.read(from: &buf), 
                attempts: FfiConverterUInt32.read(from: &buf), 
                elapsedSeconds: FfiConverterDouble.read(from: &buf), 
                retryAfterSeconds: FfiConverterOptionDouble.read(from: &buf), 
                apiCode: FfiConverterOptionString.read(from: &buf), 
                apiMessage: FfiConverterOptionString.read(from: &buf), 
                jsonPath: FfiConverterOptionString.read(from: &buf), 
                causes: FfiConverterSequenceString.read(from: &buf)
        )
    }

    public static func write(_ value: ErrorFields, into buf: inout [UInt8]) {
        FfiConverterOptionUInt16.write(value.status, into: &buf)
        FfiConverterOptionString.write(value.requestId, into: &buf)
        FfiConverterUInt32.write(value.attempts, into: &buf)
        FfiConverterDouble.write(value.elapsedSeconds, into: &buf)
        FfiConverterOptionDouble.write(value.retryAfterSeconds, into: &buf)
        FfiConverterOptionString.write(value.apiCode, into: &buf)
        FfiConverterOptionString.write(value.apiMessage, into: &buf)
        FfiConverterOptionString.write(value.jsonPath, into: &buf)
        FfiConverterSequenceString.write(value.causes, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeErrorFields_lift(_ buf: RustBuffer) throws -> ErrorFields {
    return try FfiConverterTypeErrorFields.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeErrorFields_lower(_ value: ErrorFields) -> RustBuffer {
    return FfiConverterTypeErrorFields.lower(value)
}


/**
 * The time left until the gate may pass, as a range that holds in about eight of ten cases.
 */
public struct Estimate: Equatable, Hashable {
    /**
     * The low end, in seconds.
     */
    public var lowSeconds: Double
    /**
     * The high end, in seconds.
     */
    public var highSeconds: Double

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The low end, in seconds.
         */lowSeconds: Double, 
        /**
         * The high end, in seconds.
         */highSeconds: Double) {
        self.lowSeconds = lowSeconds
        self.highSeconds = highSeconds
    }

    

    
}

#if compiler(>=6)
extension Estimate: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeEstimate: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Estimate {
        return
            try Estimate(
                lowSeconds: FfiConverterDouble.read(from: &buf), 
                highSeconds: FfiConverterDouble.read(from: &buf)
        )
    }

    public static func write(_ value: Estimate, into buf: inout [UInt8]) {
        FfiConverterDouble.write(value.lowSeconds, into: &buf)
        FfiConverterDouble.write(value.highSeconds, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeEstimate_lift(_ buf: RustBuffer) throws -> Estimate {
    return try FfiConverterTypeEstimate.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeEstimate_lower(_ value: Estimate) -> RustBuffer {
    return FfiConverterTypeEstimate.lower(value)
}


/**
 * One fleet.
 */
public struct FleetStatus: Equatable, Hashable {
    /**
     * The fleet's id.
     */
    public var fleetId: String
    /**
     * Its machines, as the service states them.
     */
    public var counts: MachineCounts
    /**
     * Its regions, in the order of their ids.
     */
    public var regions: [RegionStatus]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The fleet's id.
         */fleetId: String, 
        /**
         * Its machines, as the service states them.
         */counts: MachineCounts, 
        /**
         * Its regions, in the order of their ids.
         */regions: [RegionStatus]) {
        self.fleetId = fleetId
        self.counts = counts
        self.regions = regions
    }

    

    
}

#if compiler(>=6)
extension FleetStatus: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeFleetStatus: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> FleetStatus {
        return
            try FleetStatus(
                fleetId: FfiConverterString.read(from: &buf), 
                counts: FfiConverterTypeMachineCounts.read(from: &buf), 
                regions: FfiConverterSequenceTypeRegionStatus.read(from: &buf)
        )
    }

    public static func write(_ value: FleetStatus, into buf: inout [UInt8]) {
        FfiConverterString.write(value.fleetId, into: &buf)
        FfiConverterTypeMachineCounts.write(value.counts, into: &buf)
        FfiConverterSequenceTypeRegionStatus.write(value.regions, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFleetStatus_lift(_ buf: RustBuffer) throws -> FleetStatus {
    return try FfiConverterTypeFleetStatus.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFleetStatus_lower(_ value: FleetStatus) -> RustBuffer {
    return FfiConverterTypeFleetStatus.lower(value)
}


/**
 * The caller's own definition of ready: three limits, one for each count, and where they apply.
 *
 * A status passes when in every scope that `per` names the pending and the failed machines are no more, and the completed
 * machines no fewer, than the gate says, all in one reading. What the gate names and the reading does not have is never
 * ready.
 */
public struct Gate: Equatable, Hashable {
    /**
     * The most machines with installs pending that a scope may have: a number, or `5%` of its machines.
     */
    public var maxPending: String
    /**
     * The most failed machines that a scope may have, likewise.
     */
    public var maxFailed: String
    /**
     * The fewest completed machines that a scope must have; 0 lets an image without machines pass.
     */
    public var minCompleted: UInt64
    /**
     * What the limits apply to: the total, where nothing is given.
     */
    public var per: Per?
    /**
     * The ids of the fleets to judge; none for all.
     */
    public var fleets: [String]
    /**
     * The ids or names of the regions to judge; none for all.
     */
    public var regions: [String]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The most machines with installs pending that a scope may have: a number, or `5%` of its machines.
         */maxPending: String = "0", 
        /**
         * The most failed machines that a scope may have, likewise.
         */maxFailed: String = "0", 
        /**
         * The fewest completed machines that a scope must have; 0 lets an image without machines pass.
         */minCompleted: UInt64 = UInt64(1), 
        /**
         * What the limits apply to: the total, where nothing is given.
         */per: Per? = nil, 
        /**
         * The ids of the fleets to judge; none for all.
         */fleets: [String] = [], 
        /**
         * The ids or names of the regions to judge; none for all.
         */regions: [String] = []) {
        self.maxPending = maxPending
        self.maxFailed = maxFailed
        self.minCompleted = minCompleted
        self.per = per
        self.fleets = fleets
        self.regions = regions
    }

    

    
}

#if compiler(>=6)
extension Gate: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeGate: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Gate {
        return
            try Gate(
                maxPending: FfiConverterString.read(from: &buf), 
                maxFailed: FfiConverterString.read(from: &buf), 
                minCompleted: FfiConverterUInt64.read(from: &buf), 
                per: FfiConverterOptionTypePer.read(from: &buf), 
                fleets: FfiConverterSequenceString.read(from: &buf), 
                regions: FfiConverterSequenceString.read(from: &buf)
        )
    }

    public static func write(_ value: Gate, into buf: inout [UInt8]) {
        FfiConverterString.write(value.maxPending, into: &buf)
        FfiConverterString.write(value.maxFailed, into: &buf)
        FfiConverterUInt64.write(value.minCompleted, into: &buf)
        FfiConverterOptionTypePer.write(value.per, into: &buf)
        FfiConverterSequenceString.write(value.fleets, into: &buf)
        FfiConverterSequenceString.write(value.regions, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeGate_lift(_ buf: RustBuffer) throws -> Gate {
    return try FfiConverterTypeGate.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeGate_lower(_ value: Gate) -> RustBuffer {
    return FfiConverterTypeGate.lower(value)
}


/**
 * An image of an account service.
 */
public struct ImageRef: Equatable, Hashable {
    /**
     * The id of the account service.
     */
    public var accountServiceId: UInt64
    /**
     * The id of the image.
     */
    public var imageId: UInt64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The id of the account service.
         */accountServiceId: UInt64, 
        /**
         * The id of the image.
         */imageId: UInt64) {
        self.accountServiceId = accountServiceId
        self.imageId = imageId
    }

    

    
}

#if compiler(>=6)
extension ImageRef: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeImageRef: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ImageRef {
        return
            try ImageRef(
                accountServiceId: FfiConverterUInt64.read(from: &buf), 
                imageId: FfiConverterUInt64.read(from: &buf)
        )
    }

    public static func write(_ value: ImageRef, into buf: inout [UInt8]) {
        FfiConverterUInt64.write(value.accountServiceId, into: &buf)
        FfiConverterUInt64.write(value.imageId, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeImageRef_lift(_ buf: RustBuffer) throws -> ImageRef {
    return try FfiConverterTypeImageRef.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeImageRef_lower(_ value: ImageRef) -> RustBuffer {
    return FfiConverterTypeImageRef.lower(value)
}


/**
 * Machines in each state; all three together are at most 2^64 - 1.
 */
public struct MachineCounts: Equatable, Hashable {
    /**
     * Running machines with an install pending.
     */
    public var pendingMachines: UInt64
    /**
     * Disabled machines that were unable to install.
     */
    public var failedMachines: UInt64
    /**
     * Running machines that are fully installed.
     */
    public var completedMachines: UInt64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Running machines with an install pending.
         */pendingMachines: UInt64, 
        /**
         * Disabled machines that were unable to install.
         */failedMachines: UInt64, 
        /**
         * Running machines that are fully installed.
         */completedMachines: UInt64) {
        self.pendingMachines = pendingMachines
        self.failedMachines = failedMachines
        self.completedMachines = completedMachines
    }

    

    
}

#if compiler(>=6)
extension MachineCounts: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeMachineCounts: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> MachineCounts {
        return
            try MachineCounts(
                pendingMachines: FfiConverterUInt64.read(from: &buf), 
                failedMachines: FfiConverterUInt64.read(from: &buf), 
                completedMachines: FfiConverterUInt64.read(from: &buf)
        )
    }

    public static func write(_ value: MachineCounts, into buf: inout [UInt8]) {
        FfiConverterUInt64.write(value.pendingMachines, into: &buf)
        FfiConverterUInt64.write(value.failedMachines, into: &buf)
        FfiConverterUInt64.write(value.completedMachines, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeMachineCounts_lift(_ buf: RustBuffer) throws -> MachineCounts {
    return try FfiConverterTypeMachineCounts.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeMachineCounts_lower(_ value: MachineCounts) -> RustBuffer {
    return FfiConverterTypeMachineCounts.lower(value)
}


/**
 * Where the counts of a whole are not the sum of its parts, as happens in a live system.
 */
public struct Mismatch: Equatable, Hashable {
    /**
     * The fleet; none for the image.
     */
    public var fleetId: String?
    /**
     * The counts of the whole.
     */
    public var stated: MachineCounts
    /**
     * The sum of its parts.
     */
    public var summed: MachineCounts

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The fleet; none for the image.
         */fleetId: String?, 
        /**
         * The counts of the whole.
         */stated: MachineCounts, 
        /**
         * The sum of its parts.
         */summed: MachineCounts) {
        self.fleetId = fleetId
        self.stated = stated
        self.summed = summed
    }

    

    
}

#if compiler(>=6)
extension Mismatch: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeMismatch: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Mismatch {
        return
            try Mismatch(
                fleetId: FfiConverterOptionString.read(from: &buf), 
                stated: FfiConverterTypeMachineCounts.read(from: &buf), 
                summed: FfiConverterTypeMachineCounts.read(from: &buf)
        )
    }

    public static func write(_ value: Mismatch, into buf: inout [UInt8]) {
        FfiConverterOptionString.write(value.fleetId, into: &buf)
        FfiConverterTypeMachineCounts.write(value.stated, into: &buf)
        FfiConverterTypeMachineCounts.write(value.summed, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeMismatch_lift(_ buf: RustBuffer) throws -> Mismatch {
    return try FfiConverterTypeMismatch.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeMismatch_lower(_ value: Mismatch) -> RustBuffer {
    return FfiConverterTypeMismatch.lower(value)
}


/**
 * How a wait ended: a value, whatever the end.
 */
public struct Outcome {
    /**
     * What kind of end it was.
     */
    public var kind: OutcomeKind
    /**
     * Whether the gate passed.
     */
    public var isReady: Bool
    /**
     * A sentence that a person can act on.
     */
    public var reason: String
    /**
     * How sure it is that the counts are the new version's.
     */
    public var freshness: Freshness
    /**
     * The image.
     */
    public var image: ImageRef
    /**
     * The last status; nothing where there was none.
     */
    public var status: ImageStatus?
    /**
     * How old that status is, in seconds.
     */
    public var statusAgeSeconds: Double?
    /**
     * What the gate says of it.
     */
    public var verdict: Verdict?
    /**
     * How long the wait took, in seconds.
     */
    public var elapsedSeconds: Double
    /**
     * How many statuses were read.
     */
    public var readings: UInt64
    /**
     * How many readings failed.
     */
    public var errors: UInt64
    /**
     * The outcome as the command's `wait -o json` writes it.
     */
    public var json: String

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * What kind of end it was.
         */kind: OutcomeKind, 
        /**
         * Whether the gate passed.
         */isReady: Bool, 
        /**
         * A sentence that a person can act on.
         */reason: String, 
        /**
         * How sure it is that the counts are the new version's.
         */freshness: Freshness, 
        /**
         * The image.
         */image: ImageRef, 
        /**
         * The last status; nothing where there was none.
         */status: ImageStatus?, 
        /**
         * How old that status is, in seconds.
         */statusAgeSeconds: Double?, 
        /**
         * What the gate says of it.
         */verdict: Verdict?, 
        /**
         * How long the wait took, in seconds.
         */elapsedSeconds: Double, 
        /**
         * How many statuses were read.
         */readings: UInt64, 
        /**
         * How many readings failed.
         */errors: UInt64, 
        /**
         * The outcome as the command's `wait -o json` writes it.
         */json: String) {
        self.kind = kind
        self.isReady = isReady
        self.reason = reason
        self.freshness = freshness
        self.image = image
        self.status = status
        self.statusAgeSeconds = statusAgeSeconds
        self.verdict = verdict
        self.elapsedSeconds = elapsedSeconds
        self.readings = readings
        self.errors = errors
        self.json = json
    }

    

    
}

#if compiler(>=6)
extension Outcome: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeOutcome: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Outcome {
        return
            try Outcome(
                kind: FfiConverterTypeOutcomeKind.read(from: &buf), 
                isReady: FfiConverterBool.read(from: &buf), 
                reason: FfiConverterString.read(from: &buf), 
                freshness: FfiConverterTypeFreshness.read(from: &buf), 
                image: FfiConverterTypeImageRef.read(from: &buf), 
                status: FfiConverterOptionTypeImageStatus.read(from: &buf), 
                statusAgeSeconds: FfiConverterOptionDouble.read(from: &buf), 
                verdict: FfiConverterOptionTypeVerdict.read(from: &buf), 
                elapsedSeconds: FfiConverterDouble.read(from: &buf), 
                readings: FfiConverterUInt64.read(from: &buf), 
                errors: FfiConverterUInt64.read(from: &buf), 
                json: FfiConverterString.read(from: &buf)
        )
    }

    public static func write(_ value: Outcome, into buf: inout [UInt8]) {
        FfiConverterTypeOutcomeKind.write(value.kind, into: &buf)
        FfiConverterBool.write(value.isReady, into: &buf)
        FfiConverterString.write(value.reason, into: &buf)
        FfiConverterTypeFreshness.write(value.freshness, into: &buf)
        FfiConverterTypeImageRef.write(value.image, into: &buf)
        FfiConverterOptionTypeImageStatus.write(value.status, into: &buf)
        FfiConverterOptionDouble.write(value.statusAgeSeconds, into: &buf)
        FfiConverterOptionTypeVerdict.write(value.verdict, into: &buf)
        FfiConverterDouble.write(value.elapsedSeconds, into: &buf)
        FfiConverterUInt64.write(value.readings, into: &buf)
        FfiConverterUInt64.write(value.errors, into: &buf)
        FfiConverterString.write(value.json, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeOutcome_lift(_ buf: RustBuffer) throws -> Outcome {
    return try FfiConverterTypeOutcome.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeOutcome_lower(_ value: Outcome) -> RustBuffer {
    return FfiConverterTypeOutcome.lower(value)
}


/**
 * How a wait decides. What is left out has its default: a strict gate, a timeout of an hour, and the rest as the command's
 * `wait --help` says.
 */
public struct Policy: Equatable, Hashable {
    /**
     * The definition of ready.
     */
    public var gate: Gate?
    /**
     * How long to wait, all in all, in seconds.
     */
    public var timeoutSeconds: Double?
    /**
     * Wait as long as it takes.
     */
    public var noTimeout: Bool
    /**
     * How long there may be no progress, in seconds.
     */
    public var stallTimeoutSeconds: Double?
    /**
     * How many readings in a row must agree before ready or failed is believed.
     */
    public var confirmations: UInt32?
    /**
     * How long it may take until the counts are seen to be the new version's, in seconds.
     */
    public var startGraceSeconds: Double?
    /**
     * The share of the machines, such as `50%`, that must be seen to cease to be completed.
     */
    public var evidence: String?
    /**
     * Never pass without that evidence.
     */
    public var requireFresh: Bool?
    /**
     * That evidence has been seen already, by a wait that this one continues.
     */
    public var started: Bool?
    /**
     * How long readings may fail one after another, in seconds.
     */
    public var maxUnreachableSeconds: Double?
    /**
     * End as failed at once, without waiting for the other machines.
     */
    public var failFast: Bool?
    /**
     * The shortest pause between readings, in seconds.
     */
    public var minIntervalSeconds: Double?
    /**
     * The longest pause between readings, in seconds.
     */
    public var maxIntervalSeconds: Double?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The definition of ready.
         */gate: Gate? = nil, 
        /**
         * How long to wait, all in all, in seconds.
         */timeoutSeconds: Double? = nil, 
        /**
         * Wait as long as it takes.
         */noTimeout: Bool = false, 
        /**
         * How long there may be no progress, in seconds.
         */stallTimeoutSeconds: Double? = nil, 
        /**
         * How many readings in a row must agree before ready or failed is believed.
         */confirmations: UInt32? = nil, 
        /**
         * How long it may take until the counts are seen to be the new version's, in seconds.
         */startGraceSeconds: Double? = nil, 
        /**
         * The share of the machines, such as `50%`, that must be seen to cease to be completed.
         */evidence: String? = nil, 
        /**
         * Never pass without that evidence.
         */requireFresh: Bool? = nil, 
        /**
         * That evidence has been seen already, by a wait that this one continues.
         */started: Bool? = nil, 
        /**
         * How long readings may fail one after another, in seconds.
         */maxUnreachableSeconds: Double? = nil, 
        /**
         * End as failed at once, without waiting for the other machines.
         */failFast: Bool? = nil, 
        /**
         * The shortest pause between readings, in seconds.
         */minIntervalSeconds: Double? = nil, 
        /**
         * The longest pause between readings, in seconds.
         */maxIntervalSeconds: Double? = nil) {
        self.gate = gate
        self.timeoutSeconds = timeoutSeconds
        self.noTimeout = noTimeout
        self.stallTimeoutSeconds = stallTimeoutSeconds
        self.confirmations = confirmations
        self.startGraceSeconds = startGraceSeconds
        self.evidence = evidence
        self.requireFresh = requireFresh
        self.started = started
        self.maxUnreachableSeconds = maxUnreachableSeconds
        self.failFast = failFast
        self.minIntervalSeconds = minIntervalSeconds
        self.maxIntervalSeconds = maxIntervalSeconds
    }

    

    
}

#if compiler(>=6)
extension Policy: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypePolicy: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Policy {
        return
            try Policy(
                gate: FfiConverterOptionTypeGate.read(from: &buf), 
                timeoutSeconds: FfiConverterOptionDouble.read(from: &buf), 
                noTimeout: FfiConverterBool.read(from: &buf), 
                stallTimeoutSeconds: FfiConverterOptionDouble.read(from: &buf), 
                confirmations: FfiConverterOptionUInt32.read(from: &buf), 
                startGraceSeconds: FfiConverterOptionDouble.read(from: &buf), 
                evidence: FfiConverterOptionString.read(from: &buf), 
                requireFresh: FfiConverterOptionBool.read(from: &buf), 
                started: FfiConverterOptionBool.read(from: &buf), 
                maxUnreachableSeconds: FfiConverterOptionDouble.read(from: &buf), 
                failFast: FfiConverterOptionBool.read(from: &buf), 
                minIntervalSeconds: FfiConverterOptionDouble.read(from: &buf), 
                maxIntervalSeconds: FfiConverterOptionDouble.read(from: &buf)
        )
    }

    public static func write(_ value: Policy, into buf: inout [UInt8]) {
        FfiConverterOptionTypeGate.write(value.gate, into: &buf)
        FfiConverterOptionDouble.write(value.timeoutSeconds, into: &buf)
        FfiConverterBool.write(value.noTimeout, into: &buf)
        FfiConverterOptionDouble.write(value.stallTimeoutSeconds, into: &buf)
        FfiConverterOptionUInt32.write(value.confirmations, into: &buf)
        FfiConverterOptionDouble.write(value.startGraceSeconds, into: &buf)
        FfiConverterOptionString.write(value.evidence, into: &buf)
        FfiConverterOptionBool.write(value.requireFresh, into: &buf)
        FfiConverterOptionBool.write(value.started, into: &buf)
        FfiConverterOptionDouble.write(value.maxUnreachableSeconds, into: &buf)
        FfiConverterOptionBool.write(value.failFast, into: &buf)
        FfiConverterOptionDouble.write(value.minIntervalSeconds, into: &buf)
        FfiConverterOptionDouble.write(value.maxIntervalSeconds, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypePolicy_lift(_ buf: RustBuffer) throws -> Policy {
    return try FfiConverterTypePolicy.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypePolicy_lower(_ value: Policy) -> RustBuffer {
    return FfiConverterTypePolicy.lower(value)
}


/**
 * A reading failed; the wait goes on, or ends with the next update.
 */
public struct ReadFailed: Equatable, Hashable {
    /**
     * When, in seconds from the beginning of the wait.
     */
    public var elapsedSeconds: Double
    /**
     * Why.
     */
    public var error: ReadFailure
    /**
     * The pause before the next try, in seconds; nothing where there is none.
     */
    public var nextTrySeconds: Double?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * When, in seconds from the beginning of the wait.
         */elapsedSeconds: Double, 
        /**
         * Why.
         */error: ReadFailure, 
        /**
         * The pause before the next try, in seconds; nothing where there is none.
         */nextTrySeconds: Double?) {
        self.elapsedSeconds = elapsedSeconds
        self.error = error
        self.nextTrySeconds = nextTrySeconds
    }

    

    
}

#if compiler(>=6)
extension ReadFailed: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeReadFailed: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ReadFailed {
        return
            try ReadFailed(
                elapsedSeconds: FfiConverterDouble.read(from: &buf), 
                error: FfiConverterTypeReadFailure.read(from: &buf), 
                nextTrySeconds: FfiConverterOptionDouble.read(from: &buf)
        )
    }

    public static func write(_ value: ReadFailed, into buf: inout [UInt8]) {
        FfiConverterDouble.write(value.elapsedSeconds, into: &buf)
        FfiConverterTypeReadFailure.write(value.error, into: &buf)
        FfiConverterOptionDouble.write(value.nextTrySeconds, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReadFailed_lift(_ buf: RustBuffer) throws -> ReadFailed {
    return try FfiConverterTypeReadFailed.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReadFailed_lower(_ value: ReadFailed) -> RustBuffer {
    return FfiConverterTypeReadFailed.lower(value)
}


/**
 * Why a reading failed.
 */
public struct ReadFailure: Equatable, Hashable {
    /**
     * What kind of thing went wrong: `server`, `timeout` and so on, the same word in every language.
     */
    public var kind: String
    /**
     * The error in words.
     */
    public var message: String
    /**
     * The HTTP status of the answer, where there was one.
     */
    public var status: UInt16?
    /**
     * How long the service asked to wait, in seconds, where it did.
     */
    public var retryAfterSeconds: Double?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * What kind of thing went wrong: `server`, `timeout` and so on, the same word in every language.
         */kind: String, 
        /**
         * The error in words.
         */message: String, 
        /**
         * The HTTP status of the answer, where there was one.
         */status: UInt16? = nil, 
        /**
         * How long the service asked to wait, in seconds, where it did.
         */retryAfterSeconds: Double? = nil) {
        self.kind = kind
        self.message = message
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
    }

    

    
}

#if compiler(>=6)
extension ReadFailure: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeReadFailure: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ReadFailure {
        return
            try ReadFailure(
                kind: FfiConverterString.read(from: &buf), 
                message: FfiConverterString.read(from: &buf), 
                status: FfiConverterOptionUInt16.read(from: &buf), 
                retryAfterSeconds: FfiConverterOptionDouble.read(from: &buf)
        )
    }

    public static func write(_ value: ReadFailure, into buf: inout [UInt8]) {
        FfiConverterString.write(value.kind, into: &buf)
        FfiConverterString.write(value.message, into: &buf)
        FfiConverterOptionUInt16.write(value.status, into: &buf)
        FfiConverterOptionDouble.write(value.retryAfterSeconds, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReadFailure_lift(_ buf: RustBuffer) throws -> ReadFailure {
    return try FfiConverterTypeReadFailure.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReadFailure_lower(_ value: ReadFailure) -> RustBuffer {
    return FfiConverterTypeReadFailure.lower(value)
}


/**
 * A status was read, and this was made of it.
 */
public struct ReadingTaken {
    /**
     * When, in seconds from the beginning of the wait.
     */
    public var elapsedSeconds: Double
    /**
     * The status.
     */
    public var status: ImageStatus
    /**
     * What the gate says of it.
     */
    public var verdict: Verdict
    /**
     * How the counts changed since the reading before; nothing for the first.
     */
    public var changes: Changes?
    /**
     * How sure it is that the counts are the new version's.
     */
    public var freshness: Freshness
    /**
     * The time left; nothing where nothing can be said.
     */
    public var estimate: Estimate?
    /**
     * The pause before the next reading, in seconds; nothing where there is none.
     */
    public var nextReadingSeconds: Double?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * When, in seconds from the beginning of the wait.
         */elapsedSeconds: Double, 
        /**
         * The status.
         */status: ImageStatus, 
        /**
         * What the gate says of it.
         */verdict: Verdict, 
        /**
         * How the counts changed since the reading before; nothing for the first.
         */changes: Changes?, 
        /**
         * How sure it is that the counts are the new version's.
         */freshness: Freshness, 
        /**
         * The time left; nothing where nothing can be said.
         */estimate: Estimate?, 
        /**
         * The pause before the next reading, in seconds; nothing where there is none.
         */nextReadingSeconds: Double?) {
        self.elapsedSeconds = elapsedSeconds
        self.status = status
        self.verdict = verdict
        self.changes = changes
        self.freshness = freshness
        self.estimate = estimate
        self.nextReadingSeconds = nextReadingSeconds
    }

    

    
}

#if compiler(>=6)
extension ReadingTaken: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeReadingTaken: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ReadingTaken {
        return
            try ReadingTaken(
                elapsedSeconds: FfiConverterDouble.read(from: &buf), 
                status: FfiConverterTypeImageStatus.read(from: &buf), 
                verdict: FfiConverterTypeVerdict.read(from: &buf), 
                changes: FfiConverterOptionTypeChanges.read(from: &buf), 
                freshness: FfiConverterTypeFreshness.read(from: &buf), 
                estimate: FfiConverterOptionTypeEstimate.read(from: &buf), 
                nextReadingSeconds: FfiConverterOptionDouble.read(from: &buf)
        )
    }

    public static func write(_ value: ReadingTaken, into buf: inout [UInt8]) {
        FfiConverterDouble.write(value.elapsedSeconds, into: &buf)
        FfiConverterTypeImageStatus.write(value.status, into: &buf)
        FfiConverterTypeVerdict.write(value.verdict, into: &buf)
        FfiConverterOptionTypeChanges.write(value.changes, into: &buf)
        FfiConverterTypeFreshness.write(value.freshness, into: &buf)
        FfiConverterOptionTypeEstimate.write(value.estimate, into: &buf)
        FfiConverterOptionDouble.write(value.nextReadingSeconds, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReadingTaken_lift(_ buf: RustBuffer) throws -> ReadingTaken {
    return try FfiConverterTypeReadingTaken.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReadingTaken_lower(_ value: ReadingTaken) -> RustBuffer {
    return FfiConverterTypeReadingTaken.lower(value)
}


/**
 * One region of one fleet as a flat row.
 */
public struct RegionRow: Equatable, Hashable {
    /**
     * The fleet's id.
     */
    public var fleetId: String
    /**
     * The region's id.
     */
    public var regionId: String
    /**
     * The region's name for people; two regions may share one.
     */
    public var name: String
    /**
     * Its machines.
     */
    public var counts: MachineCounts

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The fleet's id.
         */fleetId: String, 
        /**
         * The region's id.
         */regionId: String, 
        /**
         * The region's name for people; two regions may share one.
         */name: String, 
        /**
         * Its machines.
         */counts: MachineCounts) {
        self.fleetId = fleetId
        self.regionId = regionId
        self.name = name
        self.counts = counts
    }

    

    
}

#if compiler(>=6)
extension RegionRow: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeRegionRow: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> RegionRow {
        return
            try RegionRow(
                fleetId: FfiConverterString.read(from: &buf), 
                regionId: FfiConverterString.read(from: &buf), 
                name: FfiConverterString.read(from: &buf), 
                counts: FfiConverterTypeMachineCounts.read(from: &buf)
        )
    }

    public static func write(_ value: RegionRow, into buf: inout [UInt8]) {
        FfiConverterString.write(value.fleetId, into: &buf)
        FfiConverterString.write(value.regionId, into: &buf)
        FfiConverterString.write(value.name, into: &buf)
        FfiConverterTypeMachineCounts.write(value.counts, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRegionRow_lift(_ buf: RustBuffer) throws -> RegionRow {
    return try FfiConverterTypeRegionRow.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRegionRow_lower(_ value: RegionRow) -> RustBuffer {
    return FfiConverterTypeRegionRow.lower(value)
}


/**
 * One region of a fleet.
 */
public struct RegionStatus: Equatable, Hashable {
    /**
     * The region's id.
     */
    public var regionId: String
    /**
     * The region's name for people; two regions may share one.
     */
    public var name: String
    /**
     * Its machines.
     */
    public var counts: MachineCounts

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * The region's id.
         */regionId: String, 
        /**
         * The region's name for people; two regions may share one.
         */name: String, 
        /**
         * Its machines.
         */counts: MachineCounts) {
        self.regionId = regionId
        self.name = name
        self.counts = counts
    }

    

    
}

#if compiler(>=6)
extension RegionStatus: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeRegionStatus: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> RegionStatus {
        return
            try RegionStatus(
                regionId: FfiConverterString.read(from: &buf), 
                name: FfiConverterString.read(from: &buf), 
                counts: FfiConverterTypeMachineCounts.read(from: &buf)
        )
    }

    public static func write(_ value: RegionStatus, into buf: inout [UInt8]) {
        FfiConverterString.write(value.regionId, into: &buf)
        FfiConverterString.write(value.name, into: &buf)
        FfiConverterTypeMachineCounts.write(value.counts, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRegionStatus_lift(_ buf: RustBuffer) throws -> RegionStatus {
    return try FfiConverterTypeRegionStatus.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRegionStatus_lower(_ value: RegionStatus) -> RustBuffer {
    return FfiConverterTypeRegionStatus.lower(value)
}


/**
 * A part of a status that a gate judges as one.
 */
public struct Scope: Equatable, Hashable {
    /**
     * What kind of thing it is.
     */
    public var kind: ScopeKind
    /**
     * The fleet's id, for a fleet or a region.
     */
    public var fleetId: String?
    /**
     * The region's id, for a region.
     */
    public var regionId: String?
    /**
     * The region's name.
     */
    public var name: String?
    /**
     * What is missing, in words.
     */
    public var missing: String?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * What kind of thing it is.
         */kind: ScopeKind, 
        /**
         * The fleet's id, for a fleet or a region.
         */fleetId: String?, 
        /**
         * The region's id, for a region.
         */regionId: String?, 
        /**
         * The region's name.
         */name: String?, 
        /**
         * What is missing, in words.
         */missing: String?) {
        self.kind = kind
        self.fleetId = fleetId
        self.regionId = regionId
        self.name = name
        self.missing = missing
    }

    

    
}

#if compiler(>=6)
extension Scope: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeScope: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Scope {
        return
            try Scope(
                kind: FfiConverterTypeScopeKind.read(from: &buf), 
                fleetId: FfiConverterOptionString.read(from: &buf), 
                regionId: FfiConverterOptionString.read(from: &buf), 
                name: FfiConverterOptionString.read(from: &buf), 
                missing: FfiConverterOptionString.read(from: &buf)
        )
    }

    public static func write(_ value: Scope, into buf: inout [UInt8]) {
        FfiConverterTypeScopeKind.write(value.kind, into: &buf)
        FfiConverterOptionString.write(value.fleetId, into: &buf)
        FfiConverterOptionString.write(value.regionId, into: &buf)
        FfiConverterOptionString.write(value.name, into: &buf)
        FfiConverterOptionString.write(value.missing, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeScope_lift(_ buf: RustBuffer) throws -> Scope {
    return try FfiConverterTypeScope.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeScope_lower(_ value: Scope) -> RustBuffer {
    return FfiConverterTypeScope.lower(value)
}


/**
 * What a gate says of one scope.
 */
public struct ScopeVerdict: Equatable, Hashable {
    /**
     * What was judged.
     */
    public var scope: Scope
    /**
     * Its machines; nothing where the reading does not have what the gate names.
     */
    public var counts: MachineCounts?
    /**
     * The limits that they miss: pending, failed, completed, in this order.
     */
    public var shortfalls: [Shortfall]
    /**
     * Whether the scope is in the reading and within every limit.
     */
    public var isReady: Bool

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * What was judged.
         */scope: Scope, 
        /**
         * Its machines; nothing where the reading does not have what the gate names.
         */counts: MachineCounts?, 
        /**
         * The limits that they miss: pending, failed, completed, in this order.
         */shortfalls: [Shortfall], 
        /**
         * Whether the scope is in the reading and within every limit.
         */isReady: Bool) {
        self.scope = scope
        self.counts = counts
        self.shortfalls = shortfalls
        self.isReady = isReady
    }

    

    
}

#if compiler(>=6)
extension ScopeVerdict: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeScopeVerdict: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ScopeVerdict {
        return
            try ScopeVerdict(
                scope: FfiConverterTypeScope.read(from: &buf), 
                counts: FfiConverterOptionTypeMachineCounts.read(from: &buf), 
                shortfalls: FfiConverterSequenceTypeShortfall.read(from: &buf), 
                isReady: FfiConverterBool.read(from: &buf)
        )
    }

    public static func write(_ value: ScopeVerdict, into buf: inout [UInt8]) {
        FfiConverterTypeScope.write(value.scope, into: &buf)
        FfiConverterOptionTypeMachineCounts.write(value.counts, into: &buf)
        FfiConverterSequenceTypeShortfall.write(value.shortfalls, into: &buf)
        FfiConverterBool.write(value.isReady, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeScopeVerdict_lift(_ buf: RustBuffer) throws -> ScopeVerdict {
    return try FfiConverterTypeScopeVerdict.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeScopeVerdict_lower(_ value: ScopeVerdict) -> RustBuffer {
    return FfiConverterTypeScopeVerdict.lower(value)
}


/**
 * A limit that counts miss.
 */
public struct Shortfall: Equatable, Hashable {
    /**
     * Which of the three counts.
     */
    public var count: CountName
    /**
     * How many machines there are.
     */
    public var have: UInt64
    /**
     * How many there may be at most, or for the completed ones must be at least.
     */
    public var limit: UInt64

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Which of the three counts.
         */count: CountName, 
        /**
         * How many machines there are.
         */have: UInt64, 
        /**
         * How many there may be at most, or for the completed ones must be at least.
         */limit: UInt64) {
        self.count = count
        self.have = have
        self.limit = limit
    }

    

    
}

#if compiler(>=6)
extension Shortfall: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeShortfall: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Shortfall {
        return
            try Shortfall(
                count: FfiConverterTypeCountName.read(from: &buf), 
                have: FfiConverterUInt64.read(from: &buf), 
                limit: FfiConverterUInt64.read(from: &buf)
        )
    }

    public static func write(_ value: Shortfall, into buf: inout [UInt8]) {
        FfiConverterTypeCountName.write(value.count, into: &buf)
        FfiConverterUInt64.write(value.have, into: &buf)
        FfiConverterUInt64.write(value.limit, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeShortfall_lift(_ buf: RustBuffer) throws -> Shortfall {
    return try FfiConverterTypeShortfall.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeShortfall_lower(_ value: Shortfall) -> RustBuffer {
    return FfiConverterTypeShortfall.lower(value)
}


/**
 * What a monitor makes of a reading, and what to do next.
 */
public struct Step {
    /**
     * What there is to tell.
     */
    public var update: Update
    /**
     * Read again after so many seconds; nothing to stop.
     */
    public var nextReadingSeconds: Double?
    /**
     * How the wait ended, where it did; a stop without one is the end by an error that no repetition mends.
     */
    public var outcome: Outcome?

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * What there is to tell.
         */update: Update, 
        /**
         * Read again after so many seconds; nothing to stop.
         */nextReadingSeconds: Double?, 
        /**
         * How the wait ended, where it did; a stop without one is the end by an error that no repetition mends.
         */outcome: Outcome?) {
        self.update = update
        self.nextReadingSeconds = nextReadingSeconds
        self.outcome = outcome
    }

    

    
}

#if compiler(>=6)
extension Step: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeStep: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Step {
        return
            try Step(
                update: FfiConverterTypeUpdate.read(from: &buf), 
                nextReadingSeconds: FfiConverterOptionDouble.read(from: &buf), 
                outcome: FfiConverterOptionTypeOutcome.read(from: &buf)
        )
    }

    public static func write(_ value: Step, into buf: inout [UInt8]) {
        FfiConverterTypeUpdate.write(value.update, into: &buf)
        FfiConverterOptionDouble.write(value.nextReadingSeconds, into: &buf)
        FfiConverterOptionTypeOutcome.write(value.outcome, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStep_lift(_ buf: RustBuffer) throws -> Step {
    return try FfiConverterTypeStep.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStep_lower(_ value: Step) -> RustBuffer {
    return FfiConverterTypeStep.lower(value)
}


/**
 * What a gate says of one status, and why not.
 */
public struct Verdict: Equatable, Hashable {
    /**
     * Whether every scope passes.
     */
    public var isReady: Bool
    /**
     * A sentence that a person can act on: the scope that lacks most, what it has, and what is allowed.
     */
    public var reason: String
    /**
     * What was judged, in the order of the reading.
     */
    public var scopes: [ScopeVerdict]

    // Default memberwise initializers are never public by default, so we
    // declare one manually.
    public init(
        /**
         * Whether every scope passes.
         */isReady: Bool, 
        /**
         * A sentence that a person can act on: the scope that lacks most, what it has, and what is allowed.
         */reason: String, 
        /**
         * What was judged, in the order of the reading.
         */scopes: [ScopeVerdict]) {
        self.isReady = isReady
        self.reason = reason
        self.scopes = scopes
    }

    

    
}

#if compiler(>=6)
extension Verdict: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeVerdict: FfiConverterRustBuffer {
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Verdict {
        return
            try Verdict(
                isReady: FfiConverterBool.read(from: &buf), 
                reason: FfiConverterString.read(from: &buf), 
                scopes: FfiConverterSequenceTypeScopeVerdict.read(from: &buf)
        )
    }

    public static func write(_ value: Verdict, into buf: inout [UInt8]) {
        FfiConverterBool.write(value.isReady, into: &buf)
        FfiConverterString.write(value.reason, into: &buf)
        FfiConverterSequenceTypeScopeVerdict.write(value.scopes, into: &buf)
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeVerdict_lift(_ buf: RustBuffer) throws -> Verdict {
    return try FfiConverterTypeVerdict.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeVerdict_lower(_ value: Verdict) -> RustBuffer {
    return FfiConverterTypeVerdict.lower(value)
}


/**
 * What a pending call ended with.
 */

public enum Answer {
    
    /**
     * A status.
     */
    case status(
        /**
         * The status.
         */status: ImageStatus
    )
    /**
     * The next update of a wait; nothing after the last.
     */
    case next(
        /**
         * The update.
         */update: Update?
    )





}

#if compiler(>=6)
extension Answer: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAnswer: FfiConverterRustBuffer {
    typealias SwiftType = Answer

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Answer {
        let variant: Int32 = try readInt(&buf)
        switch variant {
        
        case 1: return .status(status: try FfiConverterTypeImageStatus.read(from: &buf)
        )
        
        case 2: return .next(update: try FfiConverterOptionTypeUpdate.read(from: &buf)
        )
        
        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Answer, into buf: inout [UInt8]) {
        switch value {
        
        
        case let .status(status):
            writeInt(&buf, Int32(1))
            FfiConverterTypeImageStatus.write(status, into: &buf)
            
        
        case let .next(update):
            writeInt(&buf, Int32(2))
            FfiConverterOptionTypeUpdate.write(update, into: &buf)
            
        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAnswer_lift(_ buf: RustBuffer) throws -> Answer {
    return try FfiConverterTypeAnswer.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAnswer_lower(_ value: Answer) -> RustBuffer {
    return FfiConverterTypeAnswer.lower(value)
}



/**
 * What a call fails with. Its reason holds the whole chain of causes in one line, and neither a key nor a query.
 */
public 
enum ClanforgeError: Swift.Error, Equatable, Hashable, Foundation.LocalizedError {

    
    
    /**
     * The client or the call is set up wrongly; nothing was sent.
     */
    case Configuration(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * The service does not accept the credentials (401).
     */
    case Authentication(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * The service forbids the call (403), as it does for credentials that it does not know as well.
     */
    case PermissionDenied(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * The service has no such image or account service (404).
     */
    case NotFound(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * The service asks for fewer calls (429).
     */
    case RateLimited(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * The service failed (5xx).
     */
    case Server(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * The service said no in its own words, whatever the HTTP status.
     */
    case Api(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * The service sent the client elsewhere (3xx), where credentials must not follow.
     */
    case Redirect(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * The service could not be reached, or the connection broke.
     */
    case Connection(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * An attempt or the whole call took longer than allowed, or the service gave up waiting (408).
     */
    case Timeout(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * The answer is no image status.
     */
    case Decode(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * The call was ended by its `Cancellation`.
     */
    case Cancelled(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )
    /**
     * A defect of this library.
     */
    case Internal(
        /**
         * What went wrong, with every cause, in one line.
         */reason: String, 
        /**
         * Everything else that is known of it.
         */fields: ErrorFields
    )

    

    

    
    public var errorDescription: String? {
        String(reflecting: self)
    }
    
}

#if compiler(>=6)
extension ClanforgeError: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeClanforgeError: FfiConverterRustBuffer {
    typealias SwiftType = ClanforgeError

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ClanforgeError {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        

        
        case 1: return .Configuration(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 2: return .Authentication(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 3: return .PermissionDenied(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 4: return .NotFound(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 5: return .RateLimited(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 6: return .Server(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 7: return .Api(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 8: return .Redirect(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 9: return .Connection(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 10: return .Timeout(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 11: return .Decode(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 12: return .Cancelled(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )
        case 13: return .Internal(
            reason: try FfiConverterString.read(from: &buf), 
            fields: try FfiConverterTypeErrorFields.read(from: &buf)
            )

         default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: ClanforgeError, into buf: inout [UInt8]) {
        switch value {

        

        
        
        case let .Configuration(reason,fields):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .Authentication(reason,fields):
            writeInt(&buf, Int32(2))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .PermissionDenied(reason,fields):
            writeInt(&buf, Int32(3))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .NotFound(reason,fields):
            writeInt(&buf, Int32(4))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .RateLimited(reason,fields):
            writeInt(&buf, Int32(5))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .Server(reason,fields):
            writeInt(&buf, Int32(6))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .Api(reason,fields):
            writeInt(&buf, Int32(7))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .Redirect(reason,fields):
            writeInt(&buf, Int32(8))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .Connection(reason,fields):
            writeInt(&buf, Int32(9))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .Timeout(reason,fields):
            writeInt(&buf, Int32(10))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .Decode(reason,fields):
            writeInt(&buf, Int32(11))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .Cancelled(reason,fields):
            writeInt(&buf, Int32(12))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        
        case let .Internal(reason,fields):
            writeInt(&buf, Int32(13))
            FfiConverterString.write(reason, into: &buf)
            FfiConverterTypeErrorFields.write(fields, into: &buf)
            
        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeClanforgeError_lift(_ buf: RustBuffer) throws -> ClanforgeError {
    return try FfiConverterTypeClanforgeError.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeClanforgeError_lower(_ value: ClanforgeError) -> RustBuffer {
    return FfiConverterTypeClanforgeError.lower(value)
}


/**
 * One of the three counts.
 */

public enum CountName: Equatable, Hashable {
    
    /**
     * Machines with an install pending.
     */
    case pendingMachines
    /**
     * Machines that were unable to install.
     */
    case failedMachines
    /**
     * Machines that are fully installed.
     */
    case completedMachines





}

#if compiler(>=6)
extension CountName: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeCountName: FfiConverterRustBuffer {
    typealias SwiftType = CountName

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> CountName {
        let variant: Int32 = try readInt(&buf)
        switch variant {
        
        case 1: return .pendingMachines
        
        case 2: return .failedMachines
        
        case 3: return .completedMachines
        
        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: CountName, into buf: inout [UInt8]) {
        switch value {
        
        
        case .pendingMachines:
            writeInt(&buf, Int32(1))
        
        
        case .failedMachines:
            writeInt(&buf, Int32(2))
        
        
        case .completedMachines:
            writeInt(&buf, Int32(3))
        
        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCountName_lift(_ buf: RustBuffer) throws -> CountName {
    return try FfiConverterTypeCountName.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeCountName_lower(_ value: CountName) -> RustBuffer {
    return FfiConverterTypeCountName.lower(value)
}



/**
 * How sure it is that the counts are the new version's.
 */

public enum Freshness: Equatable, Hashable {
    
    /**
     * The rollout was seen to begin.
     */
    case observed
    /**
     * Assumed for want of proof.
     */
    case assumed
    /**
     * Not yet known.
     */
    case unknown





}

#if compiler(>=6)
extension Freshness: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeFreshness: FfiConverterRustBuffer {
    typealias SwiftType = Freshness

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Freshness {
        let variant: Int32 = try readInt(&buf)
        switch variant {
        
        case 1: return .observed
        
        case 2: return .assumed
        
        case 3: return .unknown
        
        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Freshness, into buf: inout [UInt8]) {
        switch value {
        
        
        case .observed:
            writeInt(&buf, Int32(1))
        
        
        case .assumed:
            writeInt(&buf, Int32(2))
        
        
        case .unknown:
            writeInt(&buf, Int32(3))
        
        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFreshness_lift(_ buf: RustBuffer) throws -> Freshness {
    return try FfiConverterTypeFreshness.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFreshness_lower(_ value: Freshness) -> RustBuffer {
    return FfiConverterTypeFreshness.lower(value)
}



/**
 * What kind of end a wait came to.
 */

public enum OutcomeKind: Equatable, Hashable {
    
    /**
     * The gate passed.
     */
    case ready
    /**
     * More machines failed than the gate allows.
     */
    case failed
    /**
     * There was no progress for too long.
     */
    case stalled
    /**
     * It took too long all in all.
     */
    case timedOut
    /**
     * The rollout was not seen to begin.
     */
    case notStarted
    /**
     * The service could not be read for too long.
     */
    case unreachable





}

#if compiler(>=6)
extension OutcomeKind: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeOutcomeKind: FfiConverterRustBuffer {
    typealias SwiftType = OutcomeKind

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> OutcomeKind {
        let variant: Int32 = try readInt(&buf)
        switch variant {
        
        case 1: return .ready
        
        case 2: return .failed
        
        case 3: return .stalled
        
        case 4: return .timedOut
        
        case 5: return .notStarted
        
        case 6: return .unreachable
        
        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: OutcomeKind, into buf: inout [UInt8]) {
        switch value {
        
        
        case .ready:
            writeInt(&buf, Int32(1))
        
        
        case .failed:
            writeInt(&buf, Int32(2))
        
        
        case .stalled:
            writeInt(&buf, Int32(3))
        
        
        case .timedOut:
            writeInt(&buf, Int32(4))
        
        
        case .notStarted:
            writeInt(&buf, Int32(5))
        
        
        case .unreachable:
            writeInt(&buf, Int32(6))
        
        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeOutcomeKind_lift(_ buf: RustBuffer) throws -> OutcomeKind {
    return try FfiConverterTypeOutcomeKind.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeOutcomeKind_lower(_ value: OutcomeKind) -> RustBuffer {
    return FfiConverterTypeOutcomeKind.lower(value)
}



/**
 * What the limits of a gate apply to.
 */

public enum Per: Equatable, Hashable {
    
    /**
     * The whole image.
     */
    case total
    /**
     * Each fleet.
     */
    case fleet
    /**
     * Each region.
     */
    case region





}

#if compiler(>=6)
extension Per: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypePer: FfiConverterRustBuffer {
    typealias SwiftType = Per

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Per {
        let variant: Int32 = try readInt(&buf)
        switch variant {
        
        case 1: return .total
        
        case 2: return .fleet
        
        case 3: return .region
        
        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Per, into buf: inout [UInt8]) {
        switch value {
        
        
        case .total:
            writeInt(&buf, Int32(1))
        
        
        case .fleet:
            writeInt(&buf, Int32(2))
        
        
        case .region:
            writeInt(&buf, Int32(3))
        
        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypePer_lift(_ buf: RustBuffer) throws -> Per {
    return try FfiConverterTypePer.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypePer_lower(_ value: Per) -> RustBuffer {
    return FfiConverterTypePer.lower(value)
}



/**
 * What the counts say of a whole.
 */

public enum Readiness: Equatable, Hashable {
    
    /**
     * There are no machines.
     */
    case empty
    /**
     * Machines have an install pending.
     */
    case installing
    /**
     * None is pending, and some failed.
     */
    case degraded
    /**
     * All are completed.
     */
    case ready





}

#if compiler(>=6)
extension Readiness: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeReadiness: FfiConverterRustBuffer {
    typealias SwiftType = Readiness

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Readiness {
        let variant: Int32 = try readInt(&buf)
        switch variant {
        
        case 1: return .empty
        
        case 2: return .installing
        
        case 3: return .degraded
        
        case 4: return .ready
        
        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Readiness, into buf: inout [UInt8]) {
        switch value {
        
        
        case .empty:
            writeInt(&buf, Int32(1))
        
        
        case .installing:
            writeInt(&buf, Int32(2))
        
        
        case .degraded:
            writeInt(&buf, Int32(3))
        
        
        case .ready:
            writeInt(&buf, Int32(4))
        
        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReadiness_lift(_ buf: RustBuffer) throws -> Readiness {
    return try FfiConverterTypeReadiness.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeReadiness_lower(_ value: Readiness) -> RustBuffer {
    return FfiConverterTypeReadiness.lower(value)
}



/**
 * What kind of thing a scope is.
 */

public enum ScopeKind: Equatable, Hashable {
    
    /**
     * The whole image.
     */
    case total
    /**
     * The selected fleets and regions taken together.
     */
    case selection
    /**
     * One fleet.
     */
    case fleet
    /**
     * One region of one fleet.
     */
    case region
    /**
     * The pending and failed machines that a whole states and its parts do not.
     */
    case unaccounted
    /**
     * What the gate names and the reading lacks.
     */
    case missing





}

#if compiler(>=6)
extension ScopeKind: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeScopeKind: FfiConverterRustBuffer {
    typealias SwiftType = ScopeKind

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ScopeKind {
        let variant: Int32 = try readInt(&buf)
        switch variant {
        
        case 1: return .total
        
        case 2: return .selection
        
        case 3: return .fleet
        
        case 4: return .region
        
        case 5: return .unaccounted
        
        case 6: return .missing
        
        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: ScopeKind, into buf: inout [UInt8]) {
        switch value {
        
        
        case .total:
            writeInt(&buf, Int32(1))
        
        
        case .selection:
            writeInt(&buf, Int32(2))
        
        
        case .fleet:
            writeInt(&buf, Int32(3))
        
        
        case .region:
            writeInt(&buf, Int32(4))
        
        
        case .unaccounted:
            writeInt(&buf, Int32(5))
        
        
        case .missing:
            writeInt(&buf, Int32(6))
        
        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeScopeKind_lift(_ buf: RustBuffer) throws -> ScopeKind {
    return try FfiConverterTypeScopeKind.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeScopeKind_lower(_ value: ScopeKind) -> RustBuffer {
    return FfiConverterTypeScopeKind.lower(value)
}



/**
 * One event of a wait. The last is the outcome.
 */

public enum Update {
    
    /**
     * A status was read.
     */
    case reading(
        /**
         * What was made of it.
         */reading: ReadingTaken
    )
    /**
     * A reading failed.
     */
    case readFailed(
        /**
         * Why, and what follows.
         */failed: ReadFailed
    )
    /**
     * The wait ended.
     */
    case ended(
        /**
         * How.
         */outcome: Outcome
    )





}

#if compiler(>=6)
extension Update: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeUpdate: FfiConverterRustBuffer {
    typealias SwiftType = Update

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Update {
        let variant: Int32 = try readInt(&buf)
        switch variant {
        
        case 1: return .reading(reading: try FfiConverterTypeReadingTaken.read(from: &buf)
        )
        
        case 2: return .readFailed(failed: try FfiConverterTypeReadFailed.read(from: &buf)
        )
        
        case 3: return .ended(outcome: try FfiConverterTypeOutcome.read(from: &buf)
        )
        
        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Update, into buf: inout [UInt8]) {
        switch value {
        
        
        case let .reading(reading):
            writeInt(&buf, Int32(1))
            FfiConverterTypeReadingTaken.write(reading, into: &buf)
            
        
        case let .readFailed(failed):
            writeInt(&buf, Int32(2))
            FfiConverterTypeReadFailed.write(failed, into: &buf)
            
        
        case let .ended(outcome):
            writeInt(&buf, Int32(3))
            FfiConverterTypeOutcome.write(outcome, into: &buf)
            
        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeUpdate_lift(_ buf: RustBuffer) throws -> Update {
    return try FfiConverterTypeUpdate.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeUpdate_lower(_ value: Update) -> RustBuffer {
    return FfiConverterTypeUpdate.lower(value)
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionUInt16: FfiConverterRustBuffer {
    typealias SwiftType = UInt16?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterUInt16.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterUInt16.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionUInt32: FfiConverterRustBuffer {
    typealias SwiftType = UInt32?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterUInt32.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterUInt32.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionUInt64: FfiConverterRustBuffer {
    typealias SwiftType = UInt64?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterUInt64.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterUInt64.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionDouble: FfiConverterRustBuffer {
    typealias SwiftType = Double?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterDouble.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterDouble.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionBool: FfiConverterRustBuffer {
    typealias SwiftType = Bool?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterBool.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterBool.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionString: FfiConverterRustBuffer {
    typealias SwiftType = String?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterString.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterString.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeCancellation: FfiConverterRustBuffer {
    typealias SwiftType = Cancellation?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeCancellation.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeCancellation.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeImageStatus: FfiConverterRustBuffer {
    typealias SwiftType = ImageStatus?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeImageStatus.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeImageStatus.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeUpdateListener: FfiConverterRustBuffer {
    typealias SwiftType = UpdateListener?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeUpdateListener.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeUpdateListener.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeBaseline: FfiConverterRustBuffer {
    typealias SwiftType = Baseline?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeBaseline.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeBaseline.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeChanges: FfiConverterRustBuffer {
    typealias SwiftType = Changes?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeChanges.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeChanges.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeEstimate: FfiConverterRustBuffer {
    typealias SwiftType = Estimate?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeEstimate.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeEstimate.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeGate: FfiConverterRustBuffer {
    typealias SwiftType = Gate?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeGate.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeGate.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeMachineCounts: FfiConverterRustBuffer {
    typealias SwiftType = MachineCounts?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeMachineCounts.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeMachineCounts.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeOutcome: FfiConverterRustBuffer {
    typealias SwiftType = Outcome?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeOutcome.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeOutcome.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypePolicy: FfiConverterRustBuffer {
    typealias SwiftType = Policy?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypePolicy.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypePolicy.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeVerdict: FfiConverterRustBuffer {
    typealias SwiftType = Verdict?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeVerdict.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeVerdict.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeAnswer: FfiConverterRustBuffer {
    typealias SwiftType = Answer?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeAnswer.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeAnswer.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypePer: FfiConverterRustBuffer {
    typealias SwiftType = Per?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypePer.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypePer.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeUpdate: FfiConverterRustBuffer {
    typealias SwiftType = Update?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterTypeUpdate.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterTypeUpdate.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionSequenceTypeFleetStatus: FfiConverterRustBuffer {
    typealias SwiftType = [FleetStatus]?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterSequenceTypeFleetStatus.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterSequenceTypeFleetStatus.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionSequenceTypeMismatch: FfiConverterRustBuffer {
    typealias SwiftType = [Mismatch]?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterSequenceTypeMismatch.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterSequenceTypeMismatch.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionSequenceTypeRegionRow: FfiConverterRustBuffer {
    typealias SwiftType = [RegionRow]?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterSequenceTypeRegionRow.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterSequenceTypeRegionRow.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceString: FfiConverterRustBuffer {
    typealias SwiftType = [String]

    public static func write(_ value: [String], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterString.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [String] {
        let len: Int32 = try readInt(&buf)
        var seq = [String]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterString.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeFleetStatus: FfiConverterRustBuffer {
    typealias SwiftType = [FleetStatus]

    public static func write(_ value: [FleetStatus], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeFleetStatus.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [FleetStatus] {
        let len: Int32 = try readInt(&buf)
        var seq = [FleetStatus]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeFleetStatus.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeMismatch: FfiConverterRustBuffer {
    typealias SwiftType = [Mismatch]

    public static func write(_ value: [Mismatch], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeMismatch.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [Mismatch] {
        let len: Int32 = try readInt(&buf)
        var seq = [Mismatch]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeMismatch.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeRegionRow: FfiConverterRustBuffer {
    typealias SwiftType = [RegionRow]

    public static func write(_ value: [RegionRow], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeRegionRow.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [RegionRow] {
        let len: Int32 = try readInt(&buf)
        var seq = [RegionRow]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeRegionRow.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeRegionStatus: FfiConverterRustBuffer {
    typealias SwiftType = [RegionStatus]

    public static func write(_ value: [RegionStatus], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeRegionStatus.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [RegionStatus] {
        let len: Int32 = try readInt(&buf)
        var seq = [RegionStatus]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeRegionStatus.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeScopeVerdict: FfiConverterRustBuffer {
    typealias SwiftType = [ScopeVerdict]

    public static func write(_ value: [ScopeVerdict], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeScopeVerdict.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [ScopeVerdict] {
        let len: Int32 = try readInt(&buf)
        var seq = [ScopeVerdict]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeScopeVerdict.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceTypeShortfall: FfiConverterRustBuffer {
    typealias SwiftType = [Shortfall]

    public static func write(_ value: [Shortfall], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterTypeShortfall.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [Shortfall] {
        let len: Int32 = try readInt(&buf)
        var seq = [Shortfall]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterTypeShortfall.read(from: &buf))
        }
        return seq
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterDictionaryStringString: FfiConverterRustBuffer {
    public static func write(_ value: [String: String], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for (key, value) in value {
            FfiConverterString.write(key, into: &buf)
            FfiConverterString.write(value, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [String: String] {
        let len: Int32 = try readInt(&buf)
        var dict = [String: String]()
        dict.reserveCapacity(Int(len))
        for _ in 0..<len {
            let key = try FfiConverterString.read(from: &buf)
            let value = try FfiConverterString.read(from: &buf)
            dict[key] = value
        }
        return dict
    }
}
private let UNIFFI_RUST_FUTURE_POLL_READY: Int8 = 0
private let UNIFFI_RUST_FUTURE_POLL_WAKE: Int8 = 1

fileprivate let uniffiContinuationHandleMap = UniffiHandleMap<UnsafeContinuation<Int8, Never>>()

fileprivate func uniffiRustCallAsync<F, T>(
    rustFutureFunc: () -> UInt64,
    pollFunc: (UInt64, @escaping UniffiRustFutureContinuationCallback, UInt64) -> (),
    completeFunc: (UInt64, UnsafeMutablePointer<RustCallStatus>) -> F,
    freeFunc: (UInt64) -> (),
    liftFunc: (F) throws -> T,
    errorHandler: ((RustBuffer) throws -> Swift.Error)?
) async throws -> T {
    // Make sure to call the ensure init function since future creation doesn't have a
    // RustCallStatus param, so doesn't use makeRustCall()
    uniffiEnsureClanforgeUniffiInitialized()
    let rustFuture = rustFutureFunc()
    defer {
        freeFunc(rustFuture)
    }
    var pollResult: Int8;
    repeat {
        pollResult = await withUnsafeContinuation {
            pollFunc(
                rustFuture,
                { handle, pollResult in
                    uniffiFutureContinuationCallback(handle: handle, pollResult: pollResult)
                },
                uniffiContinuationHandleMap.insert(obj: $0)
            )
        }
    } while pollResult != UNIFFI_RUST_FUTURE_POLL_READY

    return try liftFunc(makeRustCall(
        { completeFunc(rustFuture, $0) },
        errorHandler: errorHandler
    ))
}

// Callback handlers for an async calls.  These are invoked by Rust when the future is ready.  They
// lift the return value or error and resume the suspended function.
fileprivate func uniffiFutureContinuationCallback(handle: UInt64, pollResult: Int8) {
    if let continuation = try? uniffiContinuationHandleMap.remove(handle: handle) {
        continuation.resume(returning: pollResult)
    } else {
        print("uniffiFutureContinuationCallback invalid handle")
    }
}
/**
 * Returns the version of this library.
 */
public func version() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_version(uniffiCallStatus
    )
})
}
/**
 * Returns how far an image is, with credentials from the environment: for a single call.
 */
public func imageStatus(image: ImageRef, detail: Bool = false)async throws  -> ImageStatus  {
    return
        try  await uniffiRustCallAsync(
            rustFutureFunc: {
                uniffi_clanforge_uniffi_fn_func_image_status(FfiConverterTypeImageRef_lower(image),FfiConverterBool.lower(detail)
                )
            },
            pollFunc: ffi_clanforge_uniffi_rust_future_poll_u64,
            completeFunc: ffi_clanforge_uniffi_rust_future_complete_u64,
            freeFunc: ffi_clanforge_uniffi_rust_future_free_u64,
            liftFunc: FfiConverterTypeImageStatus_lift,
            errorHandler: FfiConverterTypeClanforgeError_lift
        )
}
/**
 * The same, which blocks the thread until it is known.
 */
public func imageStatusBlocking(image: ImageRef, detail: Bool = false)throws  -> ImageStatus  {
    return try  FfiConverterTypeImageStatus_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_image_status_blocking(
        FfiConverterTypeImageRef_lower(image),
        FfiConverterBool.lower(detail),uniffiCallStatus
    )
})
}
/**
 * Judges one status.
 */
public func evaluate(gate: Gate, status: ImageStatus)throws  -> Verdict  {
    return try  FfiConverterTypeVerdict_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_evaluate(
        FfiConverterTypeGate_lower(gate),
        FfiConverterTypeImageStatus_lower(status),uniffiCallStatus
    )
})
}
/**
 * Returns a verdict on a status as JSON, in the shape of the command's `-o json`.
 */
public func evaluateToJson(gate: Gate, status: ImageStatus)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_evaluate_to_json(
        FfiConverterTypeGate_lower(gate),
        FfiConverterTypeImageStatus_lower(status),uniffiCallStatus
    )
})
}
/**
 * Returns the gate of JSON; fields that are left out have their defaults, an unknown one is an error.
 */
public func gateFromJson(text: String)throws  -> Gate  {
    return try  FfiConverterTypeGate_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_gate_from_json(
        FfiConverterString.lower(text),uniffiCallStatus
    )
})
}
/**
 * Returns whether a gate cannot judge a status without detail.
 */
public func gateNeedsDetail(gate: Gate)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_gate_needs_detail(
        FfiConverterTypeGate_lower(gate),uniffiCallStatus
    )
})
}
/**
 * Returns a gate as JSON, with every field.
 */
public func gateToJson(gate: Gate)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_gate_to_json(
        FfiConverterTypeGate_lower(gate),uniffiCallStatus
    )
})
}
/**
 * Returns whether there are machines, and all are completed.
 */
public func isReady(counts: MachineCounts)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_is_ready(
        FfiConverterTypeMachineCounts_lower(counts),uniffiCallStatus
    )
})
}
/**
 * Returns the completed machines in percent of all, 100 only where all are; nothing without machines.
 */
public func percentComplete(counts: MachineCounts)throws  -> Double?  {
    return try  FfiConverterOptionDouble.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_percent_complete(
        FfiConverterTypeMachineCounts_lower(counts),uniffiCallStatus
    )
})
}
/**
 * Returns the same for people: `97.5 %`, never rounded up to `100 %`.
 */
public func percentText(counts: MachineCounts)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_percent_text(
        FfiConverterTypeMachineCounts_lower(counts),uniffiCallStatus
    )
})
}
/**
 * Returns what counts say of a whole.
 */
public func readiness(counts: MachineCounts)throws  -> Readiness  {
    return try  FfiConverterTypeReadiness_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_readiness(
        FfiConverterTypeMachineCounts_lower(counts),uniffiCallStatus
    )
})
}
/**
 * Returns the machines of all three states.
 */
public func totalMachines(counts: MachineCounts)throws  -> UInt64  {
    return try  FfiConverterUInt64.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_total_machines(
        FfiConverterTypeMachineCounts_lower(counts),uniffiCallStatus
    )
})
}
/**
 * Returns the baseline of JSON that the command's `baseline` or `baseline_to_json` wrote.
 */
public func baselineFromJson(text: String)throws  -> Baseline  {
    return try  FfiConverterTypeBaseline_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_baseline_from_json(
        FfiConverterString.lower(text),uniffiCallStatus
    )
})
}
/**
 * Returns a baseline as JSON: what the command's `--since` reads.
 */
public func baselineToJson(baseline: Baseline) -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_baseline_to_json(
        FfiConverterTypeBaseline_lower(baseline),uniffiCallStatus
    )
})
}
/**
 * Returns the policy of JSON; fields that are left out have their defaults, an unknown one is an error.
 */
public func policyFromJson(text: String)throws  -> Policy  {
    return try  FfiConverterTypePolicy_lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_policy_from_json(
        FfiConverterString.lower(text),uniffiCallStatus
    )
})
}
/**
 * Returns a policy as JSON, with every field.
 */
public func policyToJson(policy: Policy)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeClanforgeError_lift) {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_policy_to_json(
        FfiConverterTypePolicy_lower(policy),uniffiCallStatus
    )
})
}
/**
 * Returns the scenarios that ship: what each shows, by its name.
 */
public func scenarios() -> [String: String]  {
    return try!  FfiConverterDictionaryStringString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_clanforge_uniffi_fn_func_scenarios(uniffiCallStatus
    )
})
}

private enum InitializationResult {
    case ok
    case contractVersionMismatch
    case apiChecksumMismatch
}
// Use a global variable to perform the versioning checks. Swift ensures that
// the code inside is only computed once.
private let initializationResult: InitializationResult = {
    // Get the bindings contract version from our ComponentInterface
    let bindings_contract_version = 30
    // Get the scaffolding contract version by calling the into the dylib
    let scaffolding_contract_version = ffi_clanforge_uniffi_uniffi_contract_version()
    if bindings_contract_version != scaffolding_contract_version {
        return InitializationResult.contractVersionMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_version() != 12693) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_image_status() != 15905) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_image_status_blocking() != 54309) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_evaluate() != 5480) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_evaluate_to_json() != 10245) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_gate_from_json() != 60069) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_gate_needs_detail() != 34446) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_gate_to_json() != 21923) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_is_ready() != 16255) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_percent_complete() != 4219) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_percent_text() != 42798) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_readiness() != 51355) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_total_machines() != 51104) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_baseline_from_json() != 1928) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_baseline_to_json() != 2930) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_policy_from_json() != 54059) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_policy_to_json() != 50240) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_func_scenarios() != 62190) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_cancellation_cancel() != 44572) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_cancellation_is_cancelled() != 47113) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_client_baseline() != 39810) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_client_baseline_blocking() != 57164) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_client_image_status() != 48580) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_client_image_status_blocking() != 45854) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_client_start_image_status() != 60267) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_client_wait() != 48789) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_client_wait_blocking() != 24610) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_client_watch() != 51026) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_pending_cancel() != 44417) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_pending_wait_for() != 34041) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_updatelistener_on_update() != 38221) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_watch_next() != 29020) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_watch_start_next() != 58288) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_watch_stop() != 41323) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_completed_machines() != 23854) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_counts() != 26371) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_failed_machines() != 42701) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_failed_regions() != 27050) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_fleets() != 42211) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_has_detail() != 14154) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_is_ready() != 50470) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_mismatches() != 39024) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_pending_machines() != 32239) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_pending_regions() != 4636) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_percent_complete() != 45035) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_percent_text() != 28753) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_readiness() != 63478) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_regions() != 279) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_summary() != 13984) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_to_json() != 58194) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_imagestatus_total_machines() != 1368) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_monitor_has_started() != 1111) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_monitor_needs_detail() != 10365) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_monitor_observe_failure() != 11407) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_monitor_observe_status() != 28155) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_simulation_access_key() != 2146) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_simulation_environment() != 49805) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_simulation_open_connections() != 29126) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_simulation_requests() != 48807) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_simulation_rollout_seconds() != 18826) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_simulation_secret_key() != 45676) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_simulation_settings() != 51563) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_simulation_stop() != 33901) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_simulation_token() != 27687) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_method_simulation_url() != 53057) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_constructor_cancellation_new() != 37316) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_constructor_client_new() != 60747) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_constructor_imagestatus_from_bytes() != 36711) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_constructor_imagestatus_from_json() != 19193) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_constructor_imagestatus_new() != 64888) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_constructor_monitor_new() != 29205) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_clanforge_uniffi_checksum_constructor_simulation_new() != 30720) {
        return InitializationResult.apiChecksumMismatch
    }

    uniffiCallbackInitUpdateListener()
    return InitializationResult.ok
}()

// Make the ensure init function public so that other modules which have external type references to
// our types can call it.
public func uniffiEnsureClanforgeUniffiInitialized() {
    switch initializationResult {
    case .ok:
        break
    case .contractVersionMismatch:
        fatalError("UniFFI contract version mismatch: try cleaning and rebuilding your project")
    case .apiChecksumMismatch:
        fatalError("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
}

// swiftlint:enable all