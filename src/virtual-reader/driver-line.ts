import { connect } from "node:net"
import { CardRemovedError } from "../apdu/index.js"
import { announceLocalCard } from "./local-cards.js"
import type { QuickAck } from "./quick-ack.js"
import { GET_ATR, POWER_ON, RESET, type Slot } from "./slot.js"
import { framed, messageStream } from "./stream.js"

/** One TCP connection from a card to a slot of the vpcd driver. */
export interface DriverLine {
  /** Ends in good order: a command that began to arrive is answered first. Resolves when the line is closed. */
  finish(): Promise<void>
}

export interface DriverLineOptions {
  host: string
  port: number
  /** Local port; the kernel chooses where absent. */
  localPort?: number
  slot: Slot
  /** Set again after each incomplete message. */
  rearm: QuickAck | undefined
  /** Milliseconds of silence on an open line until `onSilent`. */
  patience: number
  /** Whether another card holds the slot, as this line is dialled; see `longestSilence`. */
  queued: boolean
  /**
   * Milliseconds of silence after which the first message means as well that this line waited for another card to leave.
   * pcscd has not seen that one go and would take this for the same card (measured), so the line hangs up: that is what
   * pcscd sees. Undefined answers in any case.
   */
  longestSilence: number | undefined
  /** First message of the driver: the card is in (readers §3.1). */
  onInserted: () => void
  /** The driver powered the card and read its ATR: PC/SC programs see it now. */
  onReady: () => void
  /** The line is open but the driver says nothing: another card is in the slot (readers §3.5). */
  onSilent: () => void
  /** Milliseconds between two pieces of one message. */
  onGap: (milliseconds: number) => void
  onClosed: (why: LineEnd) => void
}

/** How a line ended. */
export interface LineEnd {
  inserted: boolean
  /** The card lost its power in the middle of a command. */
  cardGone: boolean
  /** It hung up for having waited behind another card. */
  stoodBack: boolean
}

/** How long an orderly end may take before the line is cut: the driver looks every 400 ms. */
const FAREWELL_MILLISECONDS = 1000

/** Connects to the driver and answers its messages until either side closes. */
export function driverLine(options: DriverLineOptions): DriverLine {
  const { host, port, slot, rearm } = options
  let inserted = false
  let incompleteSince: number | undefined
  let finishing = false
  let ended = false
  let cardGone = false
  let stoodBack = false
  let ready = false
  let toldReady = false
  let connectedAt = 0
  let afterPower = false
  let lastLook = 0
  let withdraw: (() => void) | undefined
  let silence: NodeJS.Timeout | undefined

  // The driver listens on IPv4 only, and `localhost` may mean ::1 first (readers §2.1).
  const socket = connect({ host, port, family: 4, ...(options.localPort && { localPort: options.localPort }) })
  socket.setNoDelay(true)

  const receive = messageStream((message) => {
    if (ended || cardGone) return
    try {
      const answer = slot.answer(message)
      if (answer !== undefined) {
        socket.write(framed(answer))
        ready ||= slot.powered
      }
      if (message.length === 1) noteLook(message[0]!)
    } catch (error) {
      if (!(error instanceof CardRemovedError)) throw error
      cardGone = true
      socket.destroy()
    }
  })

  /** pcscd asks for the ATR to see whether the card is there, and also each time it has powered it. */
  const noteLook = (control: number) => {
    if (control === GET_ATR && !afterPower) lastLook = performance.now()
    afterPower = control === POWER_ON || control === RESET
  }

  const hasWaited = () => {
    const { longestSilence, queued } = options
    return longestSilence !== undefined && (queued || performance.now() - connectedAt > longestSilence)
  }

  const end = () => {
    ended = true
    if (inserted) socket.end()
    else socket.destroy()
  }

  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      clearTimeout(silence)
      withdraw?.()
      slot.powerOff()
      options.onClosed({ inserted, cardGone, stoodBack })
      resolve()
    })
  })
  socket.on("error", () => {}) // "close" follows and tells.
  socket.on("connect", () => {
    if (socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress) {
      socket.destroy() // The kernel connected the port with itself (readers §3.6).
      return
    }
    rearm?.(socket)
    connectedAt = performance.now()
    silence = setTimeout(options.onSilent, options.patience)
  })
  socket.on("data", (chunk) => {
    if (incompleteSince !== undefined) options.onGap(performance.now() - incompleteSince)
    const first = !inserted
    if (first && hasWaited()) {
      stoodBack = true
      socket.destroy()
      return
    }
    inserted = true
    const incomplete = receive(chunk)
    incompleteSince = incomplete ? performance.now() : undefined
    if (incomplete) rearm?.(socket)
    if (first) {
      clearTimeout(silence)
      withdraw = announceLocalCard(() => performance.now() - lastLook)
      options.onInserted()
    }
    if (ready && !toldReady) {
      toldReady = true
      options.onReady()
    }
    if (finishing && !incomplete && !ended) end()
  })

  return {
    async finish() {
      if (!finishing && !socket.destroyed) {
        finishing = true
        const cut = setTimeout(() => socket.destroy(), FAREWELL_MILLISECONDS)
        closed.then(() => clearTimeout(cut))
        if (incompleteSince === undefined) end()
      }
      await closed
    },
  }
}
