import { ShebaoError, TimeoutError } from "../apdu/index.js"
import type { HostLink } from "../dictionary/index.js"

/** Anything that answers frames: a bank, or a stand-in of a test. */
export interface FrameHandler {
  /** @returns undefined when a frame cannot be answered */
  handle(frame: Uint8Array): Promise<Uint8Array | undefined>
}

/** What may go wrong on the way, once for each call; a test decides by message. */
export interface LinkFaults {
  /** The request gets lost: the bank never sees it. */
  dropRequest?(frame: Uint8Array): boolean
  /** The bank does its work, but its answer gets lost. */
  dropAnswer?(request: Uint8Array, answer: Uint8Array): boolean
  /** The answer waits until this promise is done. */
  delayAnswer?(request: Uint8Array): Promise<void> | undefined
  /** The answer arrives changed. */
  changeAnswer?(answer: Uint8Array, request: Uint8Array): Uint8Array
}

/**
 * A link to a bank in the same process.
 *
 * @param faults what goes wrong on the way; a lost message is a TimeoutError at once, nobody waits for the real time
 * @example const link = inProcessLink(bank, { dropAnswer: (request) => request[11] === 0x02 })
 */
export function inProcessLink(bank: FrameHandler, faults: LinkFaults = {}): HostLink {
  let isClosed = false
  const lost = () => new TimeoutError("The bank did not answer in time.")
  return {
    async exchange(frame) {
      if (isClosed) throw new ShebaoError("HOST_UNREACHABLE", "The link to the bank is closed.")
      if (faults.dropRequest?.(frame)) throw lost()
      const answer = await bank.handle(frame)
      await faults.delayAnswer?.(frame)
      if (!answer || faults.dropAnswer?.(frame, answer)) throw lost()
      return faults.changeAnswer?.(answer, frame) ?? answer
    },
    async close() {
      isClosed = true
    },
  }
}
