/**
 * The way to a bank host: in the same process, behind TCP, or a recorded one.
 *
 * A frame is TPDU ‖ header ‖ ISO 8583 message, without the two length bytes of the wire (host-iso8583 §1).
 * One request is in flight at a time.
 */
export interface HostLink {
  /**
   * Sends a request and waits for its answer.
   *
   * @throws {TimeoutError} when no answer came in time
   * @throws {ShebaoError} with code `HOST_UNREACHABLE` when the request could not be delivered
   */
  exchange(frame: Uint8Array): Promise<Uint8Array>
  close(): Promise<void>
}
