import { setTimeout as pause } from "node:timers/promises"
import { assertBytes, CardRemovedError, type Protocol, ShebaoError } from "../../apdu/index.js"
import type { CardConnection, ConnectOptions } from "../readers/reader.js"
import type { PcscContext } from "./binding.js"
import { MAX_COMMAND } from "./constants.js"
import { isPcscError, pcscError } from "./errors.js"
import { openHandle } from "./handle.js"

/** How long and how often a transaction without native support tries to get the card for itself (readers §8.3). */
const EXCLUSIVE_PATIENCE = 5000
const EXCLUSIVE_PAUSE = 100

/** Errors after which a connection is dead. */
const FATAL = new Set(["CARD_REMOVED", "TIMEOUT", "READER_GONE", "NO_SERVICE", "CONNECTION_CLOSED", "COMMUNICATION"])

export interface PcscConnection extends CardConnection {
  /** Sends a control code to the reader's driver (see `controlCode`). */
  control(code: number, data?: Uint8Array): Promise<Uint8Array>
}

/**
 * Connects to a card over PC/SC and adds what PC/SC lacks (readers §6): one command at a time, deadlines, one face for a
 * card that vanished, recovery after a reset by others, transactions for bindings without.
 *
 * @throws {ShebaoError} `NO_CARD`, `CARD_MUTE`, `READER_GONE`, `SHARING_VIOLATION`, `PROTOCOL_MISMATCH`, `NO_SERVICE`,
 *   `READER_BLOCKED`; `TIMEOUT` when the service does not connect in time
 */
export async function openConnection(
  context: PcscContext,
  reader: string,
  options: ConnectOptions = {},
  onEnd: () => void = () => {},
): Promise<PcscConnection> {
  const { share = "shared", protocol = "any", timeoutMilliseconds } = options
  const handle = await openHandle(context, reader, {
    share,
    protocol,
    ...(timeoutMilliseconds !== undefined && { timeoutMilliseconds }),
  })
  let dead: (() => ShebaoError) | undefined
  let inTransaction = false
  let leaving: Promise<void> | undefined
  let recovering: Promise<void> | undefined

  /** @returns what to throw: commands that waited behind a removal were removed as well */
  const die = (error: ShebaoError): ShebaoError => {
    if (dead) return dead()
    dead =
      error.code === "CARD_REMOVED"
        ? () => new CardRemovedError(error.message, { cause: error })
        : () => closed(reader, error)
    // After our own deadline the handle is still in use; it is given back when the call returns.
    if (isPcscError(error)) handle.release("leave").catch(() => {})
    return error
  }

  /**
   * After a reset by another program the handle answers nothing until it is connected anew. The command is not repeated:
   * money might move twice; commands that waited behind it fail in the same way (readers §6.3).
   */
  const recover = (): Promise<void> => {
    recovering ??= handle
      .recover()
      .catch((error) => void die(error))
      .finally(() => (recovering = undefined))
    return recovering
  }

  const attempt = async <T>(job: () => Promise<T>): Promise<T> => {
    if (dead) throw dead()
    try {
      return await job()
    } catch (error) {
      if (!(error instanceof ShebaoError)) throw error
      if (FATAL.has(error.code)) throw die(error)
      if (error.code === "CARD_RESET") await recover()
      throw error
    }
  }

  const transmit = (command: Uint8Array): Promise<Uint8Array> =>
    attempt(async () => {
      const response = await handle.transmit(command)
      if (response.length < 2) throw pcscError(0x80100016, { operation: "transmit", reader })
      return response
    })

  /** Where the binding has no transactions, the card is taken exclusively for as long (readers §8.3). */
  const takeExclusively = async (): Promise<void> => {
    const until = performance.now() + EXCLUSIVE_PATIENCE
    for (;;) {
      try {
        await handle.changeShare("exclusive")
        return
      } catch (error) {
        if (!(error instanceof ShebaoError) || error.code !== "SHARING_VIOLATION") throw error
        if (performance.now() >= until) {
          await handle.changeShare(share)
          throw error
        }
      }
      await pause(EXCLUSIVE_PAUSE)
    }
  }

  const begin = async (): Promise<void> => {
    if (handle.hasTransactions) await handle.begin()
    else if (share === "shared") await takeExclusively()
  }

  const end = async (): Promise<void> => {
    if (handle.hasTransactions) await handle.end()
    else if (share === "shared") await handle.changeShare(share)
  }

  const disconnect = (then: "leave" | "reset" | "unpower"): Promise<void> => {
    dead ??= () => closed(reader)
    onEnd()
    leaving ??= handle.release(then).catch((error) => {
      if (!(error instanceof ShebaoError) || !FATAL.has(error.code)) throw error
    })
    return leaving
  }

  return {
    reader,
    get atr() {
      return handle.atr
    },
    get protocol(): Protocol {
      return handle.protocol === 2 ? "T=1" : "T=0"
    },
    async transmit(command) {
      assertBytes("command", command)
      if (command.length < 4 || command.length > MAX_COMMAND)
        throw new RangeError(`command: expected 4..${MAX_COMMAND} bytes, got ${command.length}`)
      return transmit(command)
    },
    control: (code, data = new Uint8Array(0)) => attempt(() => handle.control(code, data)),
    reset: (kind) =>
      attempt(async () => {
        await handle.reset(kind)
        return handle.atr
      }),
    async transaction(body) {
      if (inTransaction)
        throw new ShebaoError("BUSY", `A transaction is open already. [${reader}]`, { messageZh: "事务已打开。" })
      inTransaction = true
      const letGo = await handle.hold()
      try {
        await attempt(begin)
        try {
          return await body()
        } finally {
          // What the body did is done: a card that leaves now shows at the next command.
          if (!dead) await attempt(end).catch(() => {})
        }
      } finally {
        inTransaction = false
        letGo()
      }
    },
    disconnect,
    close: () => disconnect("leave"),
  }
}

const closed = (reader: string, cause?: ShebaoError) =>
  new ShebaoError("CONNECTION_CLOSED", `The connection to the card is closed. [${reader}]`, {
    messageZh: `与卡片的连接已关闭。[${reader}]`,
    cause,
  })
