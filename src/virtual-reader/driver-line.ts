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
  /** Milliseconds of silence until `onSilent`; a line that is not even open by then is given up. */
  patience: number
  /** Milliseconds from the first message until the driver must have powered the card. */
  powerPatience: number
  /**
   * Hang up when it did not: pcscd missed that another card left, as it does when this line was open at its last look, and
   * would take this card for that one (measured). A line that hangs up is what it does see. Until then nothing
   * reaches the card, as it has no power.
   */
  mayStandBack: boolean
  /** First message of the driver: the card is in (readers §3.1). */
  onInserted: () => void
  /** The driver powered the card and read its ATR: PC/SC programs see it now. */
  onReady: () => void
  /** The line is open, or waits to be, but the driver says nothing: another card is in the slot (readers §3.5). */
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
  /** It hung up, as pcscd had not seen another card leave. */
  stoodBack: boolean
  /** Nobody took or refused the connection: the driver takes one card, and queues one. */
  unanswered: boolean
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
  let unanswered = false
  let ready = false
  let toldReady = false
  let afterPower = false
  let lastLook = 0
  let withdraw: (() => void) | undefined
  let unpowered: NodeJS.Timeout | undefined

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

  const powered = () => {
    clearTimeout(unpowered)
    toldReady = true
    options.onReady()
  }

  const standBack = () => {
    if (!options.mayStandBack) return powered()
    stoodBack = true
    socket.destroy()
  }

  const giveUp = () => {
    options.onSilent()
    unanswered = socket.connecting
    if (unanswered) socket.destroy()
  }
  const silence = setTimeout(giveUp, options.patience)

  const end = () => {
    ended = true
    if (inserted) socket.end()
    else socket.destroy()
  }

  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      clearTimeout(silence)
      clearTimeout(unpowered)
      withdraw?.()
      slot.powerOff()
      options.onClosed({ inserted, cardGone, stoodBack, unanswered })
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
  })
  socket.on("data", (chunk) => {
    if (incompleteSince !== undefined) options.onGap(performance.now() - incompleteSince)
    const first = !inserted
    inserted = true
    const incomplete = receive(chunk)
    incompleteSince = incomplete ? performance.now() : undefined
    if (incomplete) rearm?.(socket)
    if (first) {
      clearTimeout(silence)
      unpowered = setTimeout(standBack, options.powerPatience)
      withdraw = announceLocalCard(() => performance.now() - lastLook)
      options.onInserted()
    }
    if (ready && !toldReady) powered()
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
