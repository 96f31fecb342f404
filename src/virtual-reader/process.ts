import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { ShebaoError } from "../apdu/index.js"
import type { CardSource, FromChild, ProcessReaderOptions, ToChild } from "./process-protocol.js"
import type { VirtualReaderEvent } from "./virtual-reader.js"

export interface VirtualCardProcessOptions extends ProcessReaderOptions {
  onEvent?: (event: VirtualReaderEvent) => void
}

/** A card in the slot of the vpcd driver, kept by a process of its own. */
export interface VirtualCardProcess {
  readonly pid: number
  /** Answer to reset, as the driver got it. */
  readonly atr: Uint8Array
  eject(): Promise<void>
  /** Puts the same card in again; its memory is as it was. */
  insert(): Promise<void>
  /** Takes the card out, saves it, ends the process. Idempotent. */
  stop(): Promise<void>
  /** Exit code of the process when it has ended; undefined when a signal ended it. */
  readonly ended: Promise<number | undefined>
}

/**
 * Starts a process that makes a card and puts it into pcscd. Needed where the terminal makes synchronous PC/SC calls: in
 * one event loop with the card such a call would wait for an answer that can never come (readers §6.8).
 *
 * @returns resolves when PC/SC programs can see the card
 * @throws {ShebaoError} `CARD_PROCESS_FAILED` when the card cannot be made or the process ends
 * @example
 * const card = await startVirtualCardProcess({ module: import.meta.resolve("./my-card.js"), export: "makeCard" })
 */
export async function startVirtualCardProcess(
  source: CardSource,
  options: VirtualCardProcessOptions = {},
): Promise<VirtualCardProcess> {
  const { onEvent = () => {}, ...reader } = options
  const child = fork(fileURLToPath(new URL("./serve-process.js", import.meta.url)), { serialization: "advanced" })
  const requests = new Map<number, { resolve: () => void; reject: (error: Error) => void }>()
  let lastId = 0
  let atr: Uint8Array | undefined

  const failAll = (error: Error) => {
    for (const { reject } of requests.values()) reject(error)
    requests.clear()
  }
  child.on("message", (message) => {
    const told = message as FromChild
    if (told.type === "event") {
      if (told.event.type === "ready") atr = told.event.atr
      onEvent(told.event)
      return
    }
    const request = told.id === undefined ? undefined : requests.get(told.id)
    if (told.id !== undefined) requests.delete(told.id)
    if (told.type === "done") request?.resolve()
    else if (request) request.reject(failure(told))
    else failAll(failure(told))
  })
  const ended = new Promise<number | undefined>((resolve) => {
    child.on("exit", (code, signal) => {
      failAll(failure({ message: `The card's process ended (${signal ?? code}).` }))
      resolve(code ?? undefined)
    })
  })
  child.on("error", (error) => failAll(failure({ message: error.message })))

  const ask = (type: "insert" | "eject" | "stop") =>
    new Promise<void>((resolve, reject) => {
      const id = ++lastId
      if (!child.connected) return reject(failure({ message: "The card's process has ended." }))
      requests.set(id, { resolve, reject })
      tell(child, { type, id })
    })

  const stop = async () => {
    if (child.connected) ask("stop").catch(() => {})
    await ended
  }

  tell(child, {
    type: "start",
    source: { module: String(source.module), export: source.export, arguments: source.arguments ?? [] },
    reader,
  })
  try {
    await ask("insert")
  } catch (error) {
    await stop()
    throw error
  }
  return {
    pid: child.pid!,
    get atr() {
      return atr!
    },
    eject: () => ask("eject"),
    insert: () => ask("insert"),
    stop,
    ended,
  }
}

const tell = (child: ChildProcess, message: ToChild) => child.send(message)

const failure = ({ code, message }: { code?: string; message: string }) =>
  new ShebaoError(code ?? "CARD_PROCESS_FAILED", message)
