/**
 * Reads the byte stream of the vpcd protocol (readers §2.2): length (2 bytes, big endian) ‖ payload, in any pieces.
 *
 * @param onMessage called once for each complete message, in order; the bytes belong to the callee
 * @returns takes a chunk; true when an incomplete message is left
 */
export function messageStream(onMessage: (message: Uint8Array) => void): (chunk: Uint8Array) => boolean {
  let pending = new Uint8Array(0)
  return (chunk) => {
    let bytes = chunk
    if (pending.length > 0) {
      bytes = new Uint8Array(pending.length + chunk.length)
      bytes.set(pending)
      bytes.set(chunk, pending.length)
    }
    let at = 0
    while (bytes.length - at >= 2) {
      const end = at + 2 + ((bytes[at]! << 8) | bytes[at + 1]!)
      if (bytes.length < end) break
      // A plain Uint8Array: `slice` of the socket's Buffer would not copy.
      onMessage(new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset + at + 2, end - at - 2))
      at = end
    }
    pending = new Uint8Array(bytes.subarray(at))
    return pending.length > 0
  }
}

/**
 * Puts the length before a payload, so that one `write` sends both.
 *
 * @param payload 1 to 65,535 bytes: the driver waits for ever after a length of 0 (readers §2.5)
 * @throws {RangeError} on any other length
 */
export function framed(payload: Uint8Array): Uint8Array {
  if (payload.length < 1 || payload.length > 0xffff)
    throw new RangeError(`payload: expected 1..65535 bytes, got ${payload.length}`)
  const frame = Buffer.allocUnsafe(2 + payload.length)
  frame[0] = payload.length >> 8
  frame[1] = payload.length & 0xff
  frame.set(payload, 2)
  return frame
}
