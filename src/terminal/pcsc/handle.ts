import { ShebaoError } from "../../apdu/index.js"
import type { ConnectOptions } from "../readers/reader.js"
import { defaultDeadline } from "../transports/deadline.js"
import type { PcscCard, PcscContext } from "./binding.js"
import { COMMAND_TIMEOUT, DISPOSITION, type Disposition, PROTOCOL, SHARE, type ShareMode } from "./constants.js"
import { bindingError } from "./errors.js"
import { laneOf } from "./lane.js"

/** A binding's card handle, each call of which takes its turn in the reader's lane and has a deadline. */
export interface Handle {
  readonly atr: Uint8Array
  /** Number of the protocol in use. */
  readonly protocol: number
  /** True where the binding has transactions. */
  readonly hasTransactions: boolean
  transmit(command: Uint8Array): Promise<Uint8Array>
  control(code: number, data: Uint8Array): Promise<Uint8Array>
  begin(): Promise<void>
  end(): Promise<void>
  /** Connects anew after a reset by others, without touching the card. */
  recover(): Promise<void>
  /**
   * Connects anew with another sharing. Never by a native reconnect: pcscd 1.9.9 keeps everybody else locked out after
   * one from exclusive to shared (measured).
   */
  changeShare(share: ShareMode): Promise<void>
  /** Resets the card; the handle is usable afterwards. */
  reset(kind: "warm" | "cold"): Promise<void>
  /** Waits until nobody else holds the reader within this process. @returns lets go */
  hold(): Promise<() => void>
  /** Gives the handle back. Idempotent; returns at once while an earlier call is stuck, and gives back later. */
  release(then: Disposition): Promise<void>
}

/** Connects to the card in a reader. The errors are those of the binding, `TIMEOUT` and `READER_BLOCKED`. */
export async function openHandle(
  context: PcscContext,
  reader: string,
  options: Required<Omit<ConnectOptions, "timeoutMilliseconds">> & Pick<ConnectOptions, "timeoutMilliseconds">,
): Promise<Handle> {
  const lane = laneOf(reader)
  const owner = {}
  const timeoutMilliseconds = options.timeoutMilliseconds ?? COMMAND_TIMEOUT
  const protocol = options.share === "direct" ? PROTOCOL.none : PROTOCOL[options.protocol]
  let share: number = SHARE[options.share]
  let card: PcscCard | undefined
  let atr: Uint8Array = new Uint8Array(0)
  let released = false

  const call = <T>(
    what: string,
    start: (card: PcscCard) => Promise<T>,
    deadline: number = timeoutMilliseconds,
  ): Promise<T> =>
    lane.call({
      owner,
      what,
      timeoutMilliseconds: deadline,
      start: () => {
        if (card === undefined) throw bindingError("CONNECTION_CLOSED", "released", { operation: "transmit", reader })
        return start(card)
      },
      onLate: giveBack,
    })

  const giveBack = () => {
    const given = card
    card = undefined
    released = true
    if (given) disconnectLater(given)
  }

  /** Nobody waits for it, and it may have to wait for a stuck call. */
  const disconnectLater = (given: PcscCard, then: Disposition = "leave") => {
    const start = () => given.disconnect(DISPOSITION[then])
    lane
      .call({ owner, what: "disconnect", timeoutMilliseconds, besideHold: true, patient: true, start })
      .catch(() => {})
  }

  const connect = async (): Promise<void> => {
    let opening: Promise<PcscCard> | undefined
    const opened = await lane.call({
      owner,
      what: "connect",
      timeoutMilliseconds,
      start: () => {
        opening = context.connect(reader, share, protocol)
        return opening
      },
      onLate: () => opening?.then((late) => disconnectLater(late)).catch(() => {}),
    })
    if (released) {
      disconnectLater(opened)
      throw bindingError("CONNECTION_CLOSED", "released", { operation: "connect", reader })
    }
    card = opened
    atr = await opened.atr()
  }

  const disconnect = (given: PcscCard, then: Disposition): Promise<void> =>
    lane.call({
      owner,
      what: "disconnect",
      timeoutMilliseconds,
      besideHold: true,
      start: () => given.disconnect(DISPOSITION[then]),
    })

  const connectAgain = async (then: Disposition): Promise<void> => {
    const given = card
    card = undefined
    if (given) await disconnect(given, then)
    await connect()
  }

  await connect()

  return {
    get atr() {
      return atr
    },
    get protocol() {
      return card?.protocol ?? PROTOCOL.none
    },
    get hasTransactions() {
      return card?.begin !== undefined
    },
    transmit: (command) =>
      call(
        "transmit",
        (connected) => connected.transmit(command),
        options.timeoutMilliseconds ?? defaultDeadline(command),
      ),
    control: (code, data) => call("control", (connected) => connected.control(code, data)),
    begin: () => call("begin a transaction", (connected) => connected.begin!()),
    end: () => call("end a transaction", (connected) => connected.end!(DISPOSITION.leave)),
    async recover() {
      if (card?.reconnect)
        await call("reconnect", (connected) => connected.reconnect!(share, protocol, DISPOSITION.leave))
      else await connectAgain("leave")
    },
    async changeShare(newShare) {
      const before = share
      share = SHARE[newShare]
      try {
        await connectAgain("leave")
      } catch (error) {
        share = before
        throw error
      }
    },
    async reset(kind) {
      const then = kind === "warm" ? "reset" : "unpower"
      if (card?.reconnect) {
        await call("reset", (connected) => connected.reconnect!(share, protocol, DISPOSITION[then]))
        atr = await card.atr()
      } else await connectAgain(then)
    },
    hold: () => lane.hold(owner),
    async release(then) {
      released = true
      const given = card
      card = undefined
      if (given === undefined) return
      try {
        await disconnect(given, then)
      } catch (error) {
        if (!(error instanceof ShebaoError) || error.code !== "READER_BLOCKED") throw error
        disconnectLater(given, then)
      }
    },
  }
}
