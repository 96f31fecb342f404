/**
 * Entry of the process that keeps one card in pcscd for a parent (see `startVirtualCardProcess`). Ends on `stop`, on
 * SIGINT or SIGTERM, and when the parent is gone; the card is taken out and saved first.
 */
import type { CardPort } from "../apdu/index.js"
import type { FromChild, SourcedCard, ToChild } from "./process-protocol.js"
import { signalled } from "./serve.js"
import { openVirtualReader, type VirtualReader } from "./virtual-reader.js"

const tell = (message: FromChild) => process.connected && process.send?.(message)
const explain = (error: unknown) => ({
  code: (error as { code?: string }).code,
  message: error instanceof Error ? error.message : String(error),
})

interface Started {
  reader: VirtualReader
  card: CardPort
  save?: () => void | Promise<void>
}

async function start({ source, reader }: Extract<ToChild, { type: "start" }>): Promise<Started> {
  const make = (await import(source.module))[source.export]
  if (typeof make !== "function") throw new TypeError(`source: ${source.module} exports no function ${source.export}`)
  const made: SourcedCard = await make(...source.arguments)
  const kept = "card" in made ? made : { card: made }
  return { ...kept, reader: openVirtualReader({ ...reader, onEvent: (event) => tell({ type: "event", event }) }) }
}

let started: Promise<Started> | undefined
let ending = false

async function end(): Promise<void> {
  if (ending) return
  ending = true
  const running = await started?.catch(() => undefined)
  await running?.reader.close()
  await running?.save?.()
  process.exit(0)
}

process.on("message", (message) => {
  const asked = message as ToChild
  if (asked.type === "start") {
    started = start(asked)
    started.catch((error) => tell({ type: "failed", ...explain(error) }))
    return
  }
  if (asked.type === "stop") {
    end()
    return
  }
  const job = asked.type === "insert" ? insert : eject
  job().then(
    () => tell({ type: "done", id: asked.id }),
    (error) => tell({ type: "failed", id: asked.id, ...explain(error) }),
  )
})

const insert = async () => {
  const { reader, card } = await started!
  await reader.insert(card)
}

const eject = async () => (await started!).reader.eject()

process.on("disconnect", end)
signalled().addEventListener("abort", end)
