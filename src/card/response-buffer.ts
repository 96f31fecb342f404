/** Where a handler puts its response data; the status word is its return value. */
export interface ResponseBuffer {
  readonly length: number
  append(bytes: Uint8Array): void
  appendByte(value: number): void
}
