import { type CardPort, ShebaoError } from "../apdu/index.js"
import { checkAtr } from "./atr.js"
import { type DriverLine, driverLine } from "./driver-line.js"
import { keepServiceAwake } from "./keep-awake.js"
import { loadQuickAck } from "./quick-ack.js"
import { cardSlot } from "./slot.js"
import { SLOW_DRIVER, slowDriverDetector } from "./slow-driver.js"

/** Port of the driver's first slot; the second slot listens one above (readers §2.1). */
export const VPCD_PORT = 35963

/** What happens at a virtual reader. Messages never hold card data. */
export type VirtualReaderEvent =
  /** The driver sent its first message: the card is in the slot. */
  | { type: "inserted"; port: number; atr: Uint8Array }
  /** pcscd powered the card and read its ATR: PC/SC programs see it from now on. */
  | { type: "ready"; port: number; atr: Uint8Array }
  | { type: "removed"; port: number }
  /** Not inserted for two seconds; still trying. */
  | { type: "waiting"; port: number; code: "UNREACHABLE" | "OCCUPIED"; message: string; messageZh: string }
  | { type: "warning"; port: number; code: string; message: string; messageZh: string }

export interface VirtualReaderOptions {
  /** Port of the driver's slot. Default {@link VPCD_PORT}. */
  port?: number
  /** Address of the driver. Default 127.0.0.1; nothing on the line is secret or authenticated, so name another with care. */
  host?: string
  onEvent?: (event: VirtualReaderEvent) => void
  /** False does without the cure for slow drivers (readers §5.4). Default true: used where koffi can be loaded. */
  quickAck?: boolean
  /** False opens no PC/SC context of its own, which starts pcscd and keeps it from ending when idle. Default true. */
  keepAwake?: boolean
  /** In milliseconds; see {@link DELAYS}. */
  delays?: Partial<Record<keyof typeof DELAYS, number>>
}

/** Default delays, in milliseconds (readers §3.1, §3.5, §3.7). */
export const DELAYS = {
  /** First and longest pause between attempts to connect. */
  firstRetry: 250,
  longestRetry: 2000,
  /** How long failure or silence lasts before it is reported. */
  patience: 2000,
  /** How long pcscd may take from its first look to power; with a slow driver it takes 180. */
  powerPatience: 600,
} as const

/** One slot of the vpcd driver, in which a card can be put. */
export interface VirtualReader {
  readonly port: number
  /**
   * Puts a card into the slot, in place of the one that is in. After a restart of pcscd it is inserted again by itself.
   *
   * @returns resolves when PC/SC programs can see the card; waits for pcscd as long as it takes
   * @throws {InputError} field `atr`, before anything is sent
   * @throws {ShebaoError} `EJECTED` when the card is taken out before it was seen
   */
  insert(card: CardPort): Promise<void>
  /** Takes the card out in good order: a command that began to arrive is answered first. Idempotent. */
  eject(): Promise<void>
  /** Takes the card out and lets go of everything. */
  close(): Promise<void>
}

/**
 * Opens a virtual reader: cards put into it are seen by every PC/SC program of this machine (readers §2, §3). Needs
 * pcscd with the vpcd driver; waits for it where it does not run yet. A terminal had better not share an event loop with
 * the card, as a synchronous PC/SC call keeps it from answering: see `startVirtualCardProcess`.
 *
 * @example
 * const reader = openVirtualReader({ onEvent: console.log })
 * await reader.insert(card)
 */
export function openVirtualReader(options: VirtualReaderOptions = {}): VirtualReader {
  const { port = VPCD_PORT, host = "127.0.0.1", onEvent = () => {}, quickAck = true, keepAwake = true } = options
  const delays = { ...DELAYS, ...options.delays }
  const rearm = quickAck ? loadQuickAck() : undefined
  const service = keepAwake ? keepServiceAwake() : undefined
  const settlesSlowness = slowDriverDetector()
  const warn = (warning: { code: string; message: string; messageZh: string }) =>
    onEvent({ type: "warning", port, ...warning })
  let visit: Visit | undefined

  /** Brings a card in and keeps it in, over any number of connections, until `end`. */
  const enter = (card: CardPort): Visit => {
    const { atr } = card
    const slot = cardSlot(card, warn)
    let line: DriverLine | undefined
    let retry: NodeJS.Timeout | undefined
    let pause = delays.firstRetry
    let outageSince: number | undefined
    const told = new Set<string>()
    let over = false
    let stoodBackLast = false
    let seenResolve = () => {}
    let seenReject = (_: Error) => {}
    const seen = new Promise<void>((resolve, reject) => {
      seenResolve = resolve
      seenReject = reject
    })

    const tellOnce = (code: "UNREACHABLE" | "OCCUPIED", text: { message: string; messageZh: string }) => {
      if (told.has(code)) return
      told.add(code)
      onEvent({ type: "waiting", port, code, ...text })
    }

    const dial = () => {
      service?.wake()
      line = driverLine({
        host,
        port,
        slot,
        rearm,
        patience: delays.patience,
        powerPatience: delays.powerPatience,
        mayStandBack: !stoodBackLast,
        onInserted() {
          pause = delays.firstRetry
          outageSince = undefined
          told.clear()
          onEvent({ type: "inserted", port, atr })
        },
        onReady() {
          onEvent({ type: "ready", port, atr })
          seenResolve()
        },
        onSilent: () => tellOnce("OCCUPIED", occupied(port)),
        onGap: (gap) => settlesSlowness(gap) && warn(SLOW_DRIVER),
        onClosed({ inserted, cardGone, stoodBack, unanswered }) {
          line = undefined
          stoodBackLast = stoodBack
          over ||= cardGone
          if (inserted) onEvent({ type: "removed", port })
          if (!over) again(unanswered)
        },
      })
    }

    const again = (unanswered: boolean) => {
      const now = performance.now()
      outageSince = unanswered ? undefined : (outageSince ?? now)
      if (outageSince !== undefined && now - outageSince >= delays.patience)
        tellOnce("UNREACHABLE", unreachable(host, port))
      retry = setTimeout(dial, pause)
      pause = Math.min(pause * 2, delays.longestRetry)
    }

    dial()
    return {
      seen,
      async end() {
        over = true
        clearTimeout(retry)
        seenReject(new ShebaoError("EJECTED", "The card was taken out.", { messageZh: "卡片已退出。" }))
        await line?.finish()
      },
    }
  }

  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(job: () => Promise<T>): Promise<T> => {
    const done = turn.then(job)
    turn = done.catch(() => {})
    return done
  }
  const eject = () => inTurn(async () => visit?.end())

  return {
    port,
    eject,
    insert(card) {
      try {
        checkAtr(card.atr)
      } catch (error) {
        return Promise.reject(error)
      }
      const done = inTurn(async () => {
        await visit?.end()
        visit = enter(card)
        return visit
      }).then(({ seen }) => seen)
      done.catch(() => {}) // Not everybody waits to see it inserted, or ejected.
      return done
    },
    async close() {
      await eject()
      await service?.close()
    },
  }
}

/** A card's stay in the slot. */
interface Visit {
  readonly seen: Promise<void>
  end(): Promise<void>
}

const unreachable = (host: string, port: number) => ({
  message: `Nothing listens on ${host}:${port}: is pcscd running, with the vpcd driver? Still trying.`,
  messageZh: `${host}:${port} 无人监听:请确认 pcscd 及 vpcd 驱动正在运行。继续尝试。`,
})

const occupied = (port: number) => ({
  message: `Port ${port} is occupied by another card. Waiting until it leaves.`,
  messageZh: `端口 ${port} 已被另一张卡占用,等待其退出。`,
})
