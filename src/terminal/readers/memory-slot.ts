import { type CardPort, CardRemovedError, ShebaoError } from "../../apdu/index.js"
import type { CardConnection, ConnectOptions, ReaderEvent, ReaderSnapshot } from "./reader.js"

/** A card while it is in the slot; after a pull, the same card inserted again is another insertion. */
interface Insertion {
  readonly card: CardPort
  readonly atr: Uint8Array
  readonly mute: boolean
  powered: boolean
}

/** One program's connection, as the slot sees it. */
interface Handle {
  readonly insertion: Insertion | undefined
  readonly exclusive: boolean
  closed: boolean
  /** Another handle has reset the card since this one's last command. */
  wasReset: boolean
}

interface Lock {
  readonly owner: Handle
  readonly released: Promise<void>
  release(): void
}

/** The slot of a memory reader: what PC/SC does for one reader, without PC/SC. */
export interface MemorySlot {
  card(): CardPort | undefined
  snapshot(): ReaderSnapshot
  insert(card: CardPort): void
  pull(): CardPort | undefined
  connect(options: ConnectOptions): CardConnection
}

/**
 * Sharing, transactions and resets behave as measured on pcscd (readers §6.2 to §6.4, §6.6).
 *
 * @param report called for every insertion and removal
 */
export function memorySlot(reader: string, report: (event: ReaderEvent) => void): MemorySlot {
  const handles = new Set<Handle>()
  let insertion: Insertion | undefined
  let lock: Lock | undefined
  let events = 0

  function insert(card: CardPort): void {
    if (insertion) throw new RangeError(`card: the slot of ${reader} already holds a card, pull it first`)
    const atr = readAtr(card)
    insertion = { card, atr, mute: atr.length === 0, powered: false }
    events += 1
    report({ type: "card-inserted", reader, atr })
  }

  function pull(): CardPort | undefined {
    const pulled = insertion
    if (!pulled) return undefined
    insertion = undefined
    events += 1
    handles.clear()
    lock?.release()
    lock = undefined
    if (pulled.powered) pulled.card.powerOff()
    pulled.powered = false
    report({ type: "card-removed", reader })
    return pulled.card
  }

  function powerOn(target: Insertion): void {
    if (target.powered) return
    unlessTorn(() => target.card.powerOn())
    target.powered = true
  }

  function powerOff(target: Insertion): void {
    if (target.powered) target.card.powerOff()
    target.powered = false
  }

  /** A power cut in the middle of something: on a real reader the card has left the slot. */
  function unlessTorn<T>(body: () => T): T {
    try {
      return body()
    } catch (error) {
      if (error instanceof CardRemovedError) pull()
      throw error
    }
  }

  /** The card that a handle may talk to now. */
  function cardOf(handle: Handle): Insertion {
    if (handle.closed) throw slotError("CONNECTION_CLOSED", "The connection is closed.", "连接已关闭。")
    if (!handle.insertion)
      throw slotError(
        "NOT_SUPPORTED",
        "A direct connection talks to the reader, not to a card.",
        "直接连接不能访问卡片。",
      )
    if (handle.insertion !== insertion) throw new CardRemovedError()
    return insertion
  }

  /**
   * Another handle's transaction is open. Ask again after every wait: who goes on first may have opened the next one.
   */
  function mustWait(handle: Handle): boolean {
    return lock !== undefined && lock.owner !== handle && !handle.closed && handle.insertion === insertion
  }

  function unlock(handle: Handle): void {
    if (lock?.owner !== handle) return
    lock.release()
    lock = undefined
  }

  function warnOthers(handle: Handle): void {
    for (const other of handles) if (other !== handle) other.wasReset = true
  }

  async function transmit(handle: Handle, command: Uint8Array): Promise<Uint8Array> {
    while (mustWait(handle)) await lock!.released
    const target = cardOf(handle)
    if (handle.wasReset) {
      handle.wasReset = false
      throw slotError(
        "CARD_RESET",
        "Another program reset the card; nothing of its session is left.",
        "卡片被其他程序复位。",
      )
    }
    powerOn(target)
    const response = unlessTorn(() => target.card.process(command))
    // A pull between the command and the arrival of its answer loses the answer.
    await undefined
    if (target !== insertion || response.length < 2) throw new CardRemovedError()
    return response
  }

  async function transaction<T>(handle: Handle, body: () => Promise<T>): Promise<T> {
    if (lock?.owner === handle)
      throw slotError("BUSY", "This connection is in a transaction already.", "该连接已在事务中。")
    while (mustWait(handle)) await lock!.released
    cardOf(handle)
    const mine = openLock(handle)
    lock = mine
    try {
      return await body()
    } finally {
      if (lock === mine) unlock(handle)
    }
  }

  async function reset(handle: Handle, kind: "warm" | "cold"): Promise<Uint8Array> {
    while (mustWait(handle)) await lock!.released
    const target = cardOf(handle)
    if (kind === "cold") powerOff(target)
    const atr = unlessTorn(() => (target.powered ? target.card.reset() : target.card.powerOn()))
    target.powered = true
    handle.wasReset = false
    warnOthers(handle)
    return atr
  }

  async function disconnect(handle: Handle, then: "leave" | "reset" | "unpower"): Promise<void> {
    if (handle.closed) return
    // A card that is gone, or has no session to end, is no error.
    if (then === "reset") await reset(handle, "warm").catch(() => undefined)
    while (then === "unpower" && mustWait(handle)) await lock!.released
    if (then === "unpower" && insertion && insertion === handle.insertion) {
      powerOff(insertion)
      warnOthers(handle)
    }
    handle.closed = true
    handles.delete(handle)
    unlock(handle)
    // pcscd takes the power from a card that nobody is connected to (readers §3.2): its session ends.
    if (handles.size === 0 && insertion) powerOff(insertion)
  }

  function refuseSharing(exclusive: boolean): void {
    const taken = [...handles].some((other) => other.exclusive)
    if (taken || (exclusive && handles.size > 0))
      throw slotError(
        "SHARING_VIOLATION",
        `Another program ${taken ? "holds" : "uses"} the card in ${reader}.`,
        `卡片被其他程序占用:${reader}。`,
      )
  }

  function connect({ share = "shared", protocol = "any" }: ConnectOptions): CardConnection {
    refuseSharing(share === "exclusive")
    const target = share === "direct" ? undefined : insertion
    if (share !== "direct") {
      if (!target) throw slotError("NO_CARD", `There is no card in ${reader}.`, `读卡器中没有卡片:${reader}。`)
      if (target.mute) throw slotError("CARD_MUTE", `The card in ${reader} does not answer.`, `卡片无响应:${reader}。`)
      if (protocol !== "any" && protocol !== target.card.protocol)
        throw slotError(
          "PROTOCOL_MISMATCH",
          `The card speaks ${target.card.protocol}, not ${protocol}.`,
          "卡片协议不匹配。",
        )
      powerOn(target)
    }
    const handle: Handle = { insertion: target, exclusive: share === "exclusive", closed: false, wasReset: false }
    handles.add(handle)
    return {
      reader,
      atr: target?.atr ?? new Uint8Array(0),
      protocol: target?.card.protocol ?? "T=0",
      transmit: (command) => transmit(handle, command),
      transaction: (body) => transaction(handle, body),
      reset: (kind) => reset(handle, kind),
      disconnect: (then) => disconnect(handle, then),
      close: () => disconnect(handle, "leave"),
    }
  }

  function snapshot(): ReaderSnapshot {
    const exclusive = [...handles].some((handle) => handle.exclusive)
    const state = { name: reader, present: insertion !== undefined, mute: insertion?.mute ?? false }
    const atr = insertion && !insertion.mute ? { atr: insertion.atr } : undefined
    return { ...state, inUse: handles.size > 0, exclusive, ...atr, events }
  }

  return { card: () => insertion?.card, snapshot, insert, pull, connect }
}

/** Powers the card for its answer to reset, and off again; empty when it does not answer. */
function readAtr(card: CardPort): Uint8Array {
  try {
    return card.powerOn()
  } catch (error) {
    if (error instanceof ShebaoError) return new Uint8Array(0)
    throw error
  } finally {
    card.powerOff()
  }
}

function openLock(owner: Handle): Lock {
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  return { owner, released, release }
}

function slotError(code: string, message: string, messageZh: string): ShebaoError {
  return new ShebaoError(code, message, { messageZh })
}
