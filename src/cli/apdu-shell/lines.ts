import { createInterface, type Interface } from "node:readline"
import { Writable } from "node:stream"

/** Where the lines of the shell come from. */
export interface LineSource {
  /** True when a person types them. */
  readonly interactive: boolean
  /** The next line; undefined at the end. */
  next(prompt: string): Promise<string | undefined>
  /** A line that is neither shown nor kept; undefined when the person does not want to. */
  secret(prompt: string): Promise<string | undefined>
  close(): void
}

export interface TerminalLines {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
  /** Newest first. */
  readonly history: readonly string[]
  /** Told of every line that is typed; false keeps it out of the history. */
  onLine(line: string): boolean
  complete(line: string): [string[], string]
}

/** Lines that come through a pipe or from a file. */
export function pipedLines(input: NodeJS.ReadableStream): LineSource {
  const queue = lineQueue(createInterface({ input }))
  return { interactive: false, next: () => queue.next(), secret: async () => undefined, close: queue.close }
}

/** Lines that a person types, with editing, history and completion. */
export function terminalLines({ input, output, history, onLine, complete }: TerminalLines): LineSource {
  let silent = false
  const screen = new Writable({
    write(chunk, _encoding, done) {
      if (silent) done()
      else output.write(chunk, () => done())
    },
  })
  Object.defineProperty(screen, "columns", { get: () => output.columns })
  const reader = createInterface({
    input,
    output: screen,
    terminal: true,
    history: [...history],
    removeHistoryDuplicates: true,
    completer: complete,
  })
  reader.on("history", (lines: string[]) => {
    if (lines[0] !== undefined && (silent || !onLine(lines[0]))) lines.shift()
  })
  // Ctrl-C drops what is typed, on an empty line it leaves; Ctrl-D leaves.
  reader.on("SIGINT", () => {
    if (reader.line === "") reader.close()
    else reader.write(null, { ctrl: true, name: "u" })
  })
  const queue = lineQueue(reader)
  const ask = (prompt: string) => {
    reader.setPrompt(prompt)
    reader.prompt()
    return queue.next()
  }
  return {
    interactive: true,
    next: ask,
    async secret(prompt) {
      output.write(prompt)
      silent = true
      try {
        return await queue.next()
      } finally {
        silent = false
        output.write("\n")
      }
    },
    close: queue.close,
  }
}

/** Lines as they are asked for: those that come earlier wait. */
function lineQueue(reader: Interface) {
  const lines: string[] = []
  let ended = false
  let waiting: ((line: string | undefined) => void) | undefined
  const deliver = () => {
    if (!waiting || (lines.length === 0 && !ended)) return
    const resolve = waiting
    waiting = undefined
    resolve(lines.shift())
  }
  reader.on("line", (line) => {
    lines.push(line)
    deliver()
  })
  reader.on("close", () => {
    ended = true
    deliver()
  })
  return {
    next: () =>
      new Promise<string | undefined>((resolve) => {
        waiting = resolve
        deliver()
      }),
    close: () => reader.close(),
  }
}
