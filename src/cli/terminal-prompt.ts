/** A terminal on which a person types. The prompt goes elsewhere than results do. */
export interface Terminal {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WritableStream
}

const ENTER = ["\r", "\n"]
const BACKSPACE = ["\x7f", "\b"]
const CANCEL = ["\x03", "\x04"] // Ctrl-C and Ctrl-D

/**
 * Asks for a line that is not shown.
 *
 * @returns undefined when the person cancels, or the terminal is closed
 */
export function askWithoutEcho({ input, output }: Terminal, prompt: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let typed: string[] = []
    const finish = (answer: string | undefined) => {
      input.off("data", onData)
      input.off("end", onEnd)
      input.setRawMode(false)
      input.pause()
      output.write("\n")
      resolve(answer)
    }
    const onEnd = () => finish(undefined)
    const onData = (chunk: Buffer) => {
      const characters = [...chunk.toString("utf8")]
      for (const [at, character] of characters.entries()) {
        if (ENTER.includes(character)) {
          // What was typed ahead belongs to the next prompt.
          const rest = characters
            .slice(at + 1)
            .join("")
            .replace(/^\n/, "")
          finish(typed.join(""))
          if (rest !== "") input.unshift(Buffer.from(rest, "utf8"))
          return
        }
        if (CANCEL.includes(character)) return finish(undefined)
        if (BACKSPACE.includes(character)) typed = typed.slice(0, -1)
        else typed.push(character)
      }
    }
    // Before the prompt: what is typed the moment it appears must not be shown either.
    input.setRawMode(true)
    output.write(prompt)
    input.on("data", onData)
    input.on("end", onEnd)
    input.resume()
  })
}
