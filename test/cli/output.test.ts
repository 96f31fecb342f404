import { PassThrough } from "node:stream"
import { afterEach, describe, expect, it, vi } from "vitest"
import { createOutput, displayWidth, tableLines, toJson } from "../../src/cli/output.js"

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** What an output writes on standard output. */
function written(write: (output: ReturnType<typeof createOutput>) => void, json: boolean): string {
  let text = ""
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += chunk
    return true
  })
  write(createOutput({ language: "en", json }))
  return text
}

describe("the one document of a command", () => {
  it("is printed when the command is over", () => {
    expect(written((output) => output.document({ ok: true }), true)).toBe("")
    const whole = written((output) => {
      output.document({ ok: true })
      output.finish()
    }, true)
    expect(whole).toBe('{"ok":true}\n')
  })

  it("takes up the error that came after it", () => {
    const text = written((output) => {
      output.document({ ok: true, amountFen: 50_000 })
      output.finish({ code: "CARD_REMOVED", message: "The card was removed." })
    }, true)
    expect(JSON.parse(text)).toEqual({
      ok: true,
      amountFen: 50_000,
      error: { code: "CARD_REMOVED", message: "The card was removed." },
    })
  })

  it("cannot be two", () => {
    const output = createOutput({ language: "en", json: true })
    output.document({ ok: true })
    expect(() => output.document({ ok: true })).toThrow("one document")
  })

  it("is nothing to people, as lines are nothing to programs", () => {
    const write = (output: ReturnType<typeof createOutput>) => {
      output.line("a line")
      output.event({ event: "ready" })
      output.document({ ok: true })
      output.finish()
    }
    expect(written(write, false)).toBe("a line\n")
    expect(written(write, true)).toBe('{"event":"ready"}\n{"ok":true}\n')
  })
})

describe("JSON", () => {
  it("holds bytes as hex and bigint as digits", () => {
    expect(toJson({ atr: Uint8Array.of(0x3b, 0), fen: 123n })).toBe('{"atr":"3B00","fen":"123"}')
  })
})

describe("colours", () => {
  const terminal = () => Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.WriteStream
  const { paint } = createOutput({ language: "en", json: false })

  it("show on a terminal", () => {
    vi.stubEnv("NO_COLOR", "")
    expect(paint("red", "no", terminal())).toBe("\x1b[31mno\x1b[0m")
  })

  it("do not show elsewhere, nor where NO_COLOR is set", () => {
    expect(paint("red", "no", new PassThrough() as unknown as NodeJS.WriteStream)).toBe("no")
    vi.stubEnv("NO_COLOR", "1")
    expect(paint("red", "no", terminal())).toBe("no")
  })
})

describe("tables", () => {
  it("align columns although Han characters are twice as wide", () => {
    expect(displayWidth("姓名 a")).toBe(6)
    expect(
      tableLines(
        [
          ["姓名", "张三"],
          ["sex", "男"],
        ],
        " ",
      ),
    ).toEqual([" 姓名  张三", " sex   男"])
  })
})
