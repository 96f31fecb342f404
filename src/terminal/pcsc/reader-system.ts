import { setTimeout as pause } from "node:timers/promises"
import { ShebaoError } from "../../apdu/index.js"
import type { ConnectOptions, ReaderEvent, ReaderSnapshot, ReaderSystem } from "../readers/reader.js"
import type { BindingName, PcscBinding, PcscContext } from "./binding.js"
import { openConnection, type PcscConnection } from "./connection.js"
import { isPcscError, type PcscError } from "./errors.js"
import { chooseBinding } from "./load.js"
import { snapshotEvents } from "./snapshot-events.js"

export interface PcscOptions {
  /** npm package to use. Default: `SHEBAO_PCSC`, else the first of smartcard, pcsclite, pcsc-mini that loads. */
  binding?: BindingName
}

/** PC/SC readers. */
export interface PcscReaderSystem extends ReaderSystem {
  readonly binding: BindingName
  connect(reader: string, options?: ConnectOptions): Promise<PcscConnection>
}

/** Errors that mean: the service went away; a new session may find it again. */
const SERVICE_LOST = new Set(["NO_SERVICE", "COMMUNICATION", "CONNECTION_CLOSED"])
const NOT_TRANSACTED = 0x80100016
const FIRST_RETRY = 250
const LONGEST_RETRY = 2000

/** How long `close` waits for connections to be given back. */
const CLOSE_MILLISECONDS = 900

/**
 * The PC/SC readers of this machine, over one of three npm packages (readers §8). Nothing native is loaded before.
 *
 * After a `TIMEOUT` a native call may be stuck for as long as the card stays mute: `close` resolves all the same, but the
 * process then ends only by `process.exit`.
 *
 * @throws {ShebaoError} `BINDING_MISSING`, `BINDING_BROKEN`, `NO_SERVICE`, `ACCESS_DENIED`
 * @example
 * const system = await pcscReaders()
 * const card = await system.connect((await system.readers())[0].name)
 */
export async function pcscReaders(options: PcscOptions = {}): Promise<PcscReaderSystem> {
  return readerSystem(await chooseBinding(options.binding))
}

/** The same over a given binding. */
export async function readerSystem(binding: PcscBinding): Promise<PcscReaderSystem> {
  let session: Promise<PcscContext> | undefined = binding.open()
  await session
  const connections = new Set<PcscConnection>()
  const watches = new Set<{ close(): Promise<void>; lose(context: PcscContext, error: ShebaoError): void }>()
  let closing: Promise<void> | undefined

  const current = (): Promise<PcscContext> => {
    if (closing) return Promise.reject(closedSystem())
    session ??= binding.open().catch((error) => {
      session = undefined
      throw error
    })
    return session
  }
  const drop = async (lost: PcscContext, error: ShebaoError): Promise<void> => {
    if ((await session?.catch(() => undefined)) === lost) session = undefined
    for (const handle of watches) handle.lose(lost, error)
    await lost.close()
  }
  /** Runs a job on the session, once more on a new one where the service was restarted. */
  const onSession = async <T>(job: (context: PcscContext) => Promise<T>): Promise<T> => {
    const context = await current()
    try {
      return await job(context)
    } catch (error) {
      if (!isLost(error)) throw error
      await drop(context, error)
      return job(await current())
    }
  }

  const watch = async (
    onEvent: (event: ReaderEvent) => void,
    onError: (error: ShebaoError) => void = () => {},
  ): Promise<{ close(): Promise<void> }> => {
    let seen: ReaderSnapshot[] = []
    let inner: { close(): void } | undefined
    const over = new AbortController()
    const tell = (readers: ReaderSnapshot[]) => {
      if (over.signal.aborted) return
      const events = snapshotEvents(seen, readers)
      seen = readers
      for (const event of events) onEvent(event)
    }
    let followed: PcscContext | undefined
    const lose = (context: PcscContext, error: ShebaoError) => {
      if (over.signal.aborted || context !== followed) return
      followed = undefined
      inner?.close()
      tell([])
      onError(serviceError(error))
      drop(context, error).then(resume)
    }
    const follow = (context: PcscContext) =>
      new Promise<void>((resolve) => {
        followed = context
        inner = context.watch(
          (readers) => {
            tell(readers)
            resolve()
          },
          (error) => {
            resolve()
            lose(context, error)
          },
        )
      })
    const resume = async () => {
      for (let wait = FIRST_RETRY; !over.signal.aborted; wait = Math.min(2 * wait, LONGEST_RETRY)) {
        await pause(wait, undefined, { signal: over.signal }).catch(() => {})
        if (over.signal.aborted) return
        const context = await current().catch(() => undefined)
        if (context) return follow(context)
      }
    }
    const handle = {
      lose,
      async close() {
        over.abort()
        inner?.close()
        watches.delete(handle)
      },
    }
    const context = await current()
    watches.add(handle)
    await follow(context)
    return handle
  }

  const close = async (): Promise<void> => {
    const context = await session?.catch(() => undefined)
    for (const handle of [...watches]) await handle.close()
    const given = Promise.allSettled([...connections].map((connection) => connection.close()))
    const patience = new AbortController()
    await Promise.race([given, pause(CLOSE_MILLISECONDS, undefined, { signal: patience.signal }).catch(() => {})])
    patience.abort()
    await context?.close()
  }

  return {
    name: "PC/SC",
    binding: binding.name,
    readers: () => onSession((context) => context.readers()),
    watch,
    async connect(reader, options) {
      const connection: PcscConnection = await onSession((context) =>
        openConnection(context, reader, options, () => connections.delete(connection)),
      )
      connections.add(connection)
      if (closing === undefined) return connection
      await connection.close()
      throw closedSystem()
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}

const closedSystem = () =>
  new ShebaoError("CONNECTION_CLOSED", "The reader system is closed.", { messageZh: "读卡器系统已关闭。" })

/** A card that could not be powered is COMMUNICATION as well, and no reason to give the session up. */
const isLost = (error: unknown): error is PcscError =>
  isPcscError(error) && SERVICE_LOST.has(error.code) && error.pcscCode !== NOT_TRANSACTED

/** A session that broke tells it in several ways; to a watcher it is one thing. */
const serviceError = (error: ShebaoError): ShebaoError =>
  error.code === "NO_SERVICE"
    ? error
    : new ShebaoError("NO_SERVICE", "The PC/SC service is not running.", {
        messageZh: "PC/SC 服务未运行。",
        cause: error,
      })
