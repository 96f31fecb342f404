import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { PassThrough } from "node:stream"
import { describe, expect, it } from "vitest"
import { type SecretRequest, secretReader } from "../../src/cli/secrets.js"
import { BINARY, environmentIn, PINS, shell, temporaryFolder } from "./shebao.js"

const PIN: SecretRequest = { name: "pin", variables: ["SHEBAO_PIN"], prompt: { en: "PIN", zh: "密码" } }
const NEW_PIN: SecretRequest = {
  name: "newPin",
  variables: ["SHEBAO_NEW_PIN"],
  prompt: { en: "New PIN", zh: "新密码" },
  twice: true,
}

/** A terminal: what is typed, what is shown, and whether the keyboard echoes. */
function terminal({ isTTY = true } = {}) {
  const raw: boolean[] = []
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: (on: boolean) => raw.push(on) })
  const shown = new PassThrough()
  return {
    input,
    raw,
    shown: () => String(shown.read() ?? ""),
    reader: (environment: NodeJS.ProcessEnv = {}) =>
      secretReader({
        terminal: { input: input as unknown as NodeJS.ReadStream, output: shown },
        environment,
        say: ({ en }) => en,
      }),
  }
}

describe("a PIN typed on a terminal", () => {
  it("is asked for, not shown, and the echo is back afterwards", async () => {
    const { input, raw, shown, reader } = terminal()
    input.write("123456\r")
    expect(await reader().read([PIN], false)).toEqual(["123456"])
    expect(shown()).toBe("PIN: \n")
    expect(raw).toEqual([true, false])
  })

  it("may come key by key and be corrected", async () => {
    const { input, reader } = terminal()
    const read = reader().read([PIN], false)
    for (const key of ["1", "2", "9", "\x7f", "3", "4", "\r"]) input.write(key)
    expect(await read).toEqual(["1234"])
  })

  it("may be typed ahead for the prompts that follow", async () => {
    const { input, shown, reader } = terminal()
    input.write("1111\r2222\r\n2222\r")
    expect(await reader().read([PIN, NEW_PIN], false)).toEqual(["1111", "2222"])
    expect(shown()).toBe("PIN: \nNew PIN: \nNew PIN (2): \n")
  })

  it("is asked for again when it is none, or the repetition differs", async () => {
    const { input, shown, reader } = terminal()
    input.write("12\r12\r1234\r1235\r4321\r4321\r")
    expect(await reader().read([NEW_PIN], false)).toEqual(["4321"])
    const remarks = shown().split("\n")
    expect(remarks.filter((line) => !line.startsWith("New PIN"))).toEqual([
      "expected 4 to 12 digits",
      "the two entries differ",
      "",
    ])
  })

  it("is not asked for a fourth time", async () => {
    const { input, reader } = terminal()
    input.write("12\rabcd\r\r1234\r")
    await expect(reader().read([PIN], false)).rejects.toThrow("pin: expected 4 to 12 digits")
  })

  it.each([
    ["Ctrl-C", "12\x03"],
    ["Ctrl-D", "\x04"],
  ])("can be refused with %s", async (_, keys) => {
    const { input, raw, reader } = terminal()
    input.write(keys)
    await expect(reader().read([PIN], false)).rejects.toMatchObject({ code: "ENTRY_CANCELLED" })
    expect(raw).toEqual([true, false])
  })

  it("is refused by a terminal that closes", async () => {
    const { input, reader } = terminal()
    input.end()
    await expect(reader().read([PIN], false)).rejects.toMatchObject({ code: "ENTRY_CANCELLED" })
  })
})

describe("a PIN from elsewhere", () => {
  it("comes from its variable without a question", async () => {
    const { shown, reader } = terminal()
    expect(await reader({ SHEBAO_PIN: "123456", SHEBAO_NEW_PIN: "654321" }).read([PIN, NEW_PIN], false)).toEqual([
      "123456",
      "654321",
    ])
    expect(shown()).toBe("")
  })

  it("comes from the first variable that is set", async () => {
    const request: SecretRequest = { ...PIN, variables: ["SHEBAO_BANK_PIN", "SHEBAO_PIN"] }
    const { reader } = terminal()
    expect(await reader({ SHEBAO_BANK_PIN: "", SHEBAO_PIN: "1111" }).read([request], false)).toEqual(["1111"])
    expect(await reader({ SHEBAO_BANK_PIN: "2222", SHEBAO_PIN: "1111" }).read([request], false)).toEqual(["2222"])
  })

  it("comes from lines of standard input, over several requests, before the writer closes it", async () => {
    const { input, reader } = terminal({ isTTY: false })
    const { read } = reader({ SHEBAO_PIN: "9999" })
    input.write("1111\n2222\r\n")
    expect(await read([PIN], true)).toEqual(["1111"])
    expect(await read([NEW_PIN], true)).toEqual(["2222"])
  })

  it("is missed with the number of the line", async () => {
    const { input, reader } = terminal({ isTTY: false })
    input.end("1111\n")
    await expect(reader().read([PIN, NEW_PIN], true)).rejects.toThrow("newPin: expected on line 2 of standard input")
  })

  it("that is none is refused at once, without being shown", async () => {
    const wrong = "12345x"
    const { reader } = terminal()
    const error: Error = await reader({ SHEBAO_PIN: wrong })
      .read([PIN], false)
      .catch((thrown) => thrown)
    expect(error.message).toBe("pin: expected 4 to 12 digits")
    expect(error).toMatchObject({ code: "INVALID_INPUT", messageZh: "pin:应为 4 至 12 位数字" })
  })

  it("is not to be had without a terminal: the error says how else", async () => {
    const { reader } = terminal({ isTTY: false })
    await expect(reader().read([PIN], false)).rejects.toThrow("use --pin-stdin or set SHEBAO_PIN")
  })
})

/** Types lines into a command on a real terminal, one for each prompt; writes what the terminal showed. */
const PTY = `
import os, pty, select, sys
lines = sys.argv[1].split(",")
child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b""
while select.select([terminal], [], [], 20)[0]:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
    if part.endswith(b": ") and lines:
        os.write(terminal, lines.pop(0).encode() + b"\\r")
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`
const hasPython = spawnSync("python3", ["-c", "import pty"]).status === 0

describe.skipIf(!hasPython)("on a real terminal", () => {
  async function type(lines: string, words: string[], environment: Record<string, string> = {}) {
    const folder = temporaryFolder()
    const child = spawn("python3", ["-c", PTY, lines, process.execPath, BINARY, ...words], {
      cwd: folder,
      env: environmentIn(folder, environment),
    })
    let shown = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text
    })
    const [code] = await once(child, "close")
    return { code: code as number, shown }
  }

  it("no PIN is echoed, and text is coloured", async () => {
    const words = ["pin", "verify", "--profile", "employee"]
    const { code, shown } = await type("999999", words)
    expect(code).toBe(1)
    expect(shown).not.toContain("999999")
    expect(shown).toContain("PIN: \r\n\x1b[31mRefused: wrong PIN, 5 tries left")
  })

  it("NO_COLOR takes the colours away", async () => {
    const { shown } = await type("999999", ["pin", "verify", "--profile", "employee"], { NO_COLOR: "1" })
    expect(shown).toContain("Refused: wrong PIN")
    expect(shown).not.toContain("\x1b")
  })
})

describe("the command line", () => {
  it("takes no PIN as an argument", async () => {
    const { code, stderr } = await shell().run(["pin", "verify", PINS.initial, "--profile", "employee"])
    expect(code).toBe(2)
    expect(stderr).toContain("Unknown argument")
  })

  it("says how else a PIN can be given where nobody can be asked", async () => {
    const { code, document } = await shell().run(["pin", "verify", "--profile", "employee", "--json"])
    expect(code).toBe(2)
    expect(document.error.message).toContain("use --pin-stdin or set SHEBAO_PIN")
  })

  it("ends although the writer of PINs keeps its end of the pipe open", async () => {
    const { child, nextLine } = shell().start(["pin", "verify", "--profile", "employee", "--pin-stdin"])
    child.stdin!.write(`${PINS.initial}\n`)
    expect(await nextLine()).toBe("The PIN is right.")
    const [code] = await once(child, "exit")
    expect(code).toBe(0)
  })
})
