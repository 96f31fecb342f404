import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { shell } from "./shebao.js"

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))

describe.concurrent("the version", () => {
  it("is printed, by either name", async () => {
    const { run } = shell()
    for (const word of ["--version", "-V"])
      expect(await run([word])).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: "" })
  })

  it("needs nothing loaded but the entry point itself", () => {
    const main = readFileSync(fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url)), "utf8")
    const imported = [...main.matchAll(/^\s*import .*from "(.*)"/gm)].map(([, name]) => name)
    expect(imported).toEqual(["node:fs"])
  })
})

describe.concurrent("help", () => {
  it("goes to standard output when asked for, in both languages, options too", async () => {
    const { run } = shell()
    const english = await run(["withdraw", "--help"])
    expect(english).toMatchObject({ code: 0, stderr: "" })
    expect(english.stdout).toContain("emulated card kept in FILE")
    expect(english.stdout).not.toMatch(/--no-|default: false|\p{Script=Han}/u)
    const chinese = await run(["withdraw", "--help", "--lang", "zh"])
    expect(chinese.stdout).toContain("保存在文件中的虚拟卡")
    const options = chinese.stdout.split("\n").filter((line) => /^\s+--/.test(line))
    expect(options.length).toBeGreaterThan(8)
    for (const line of options) expect(line).toMatch(/\p{Script=Han}/u)
  })

  it("is given to who types no command, on standard error", async () => {
    const { code, stdout, stderr } = await shell().run([])
    expect(code).toBe(2)
    expect(stdout).toBe("")
    for (const name of ["demo", "card", "serve", "readers", "doctor", "read", "pin", "activate", "balance"])
      expect(stderr).toContain(`shebao ${name}`)
  })
})

describe.concurrent("wrong words", () => {
  it.each([
    [
      "an unknown command, with the one that was probably meant",
      ["raed"],
      "There is no command raed. Did you mean read?",
    ],
    ["an unknown command that resembles none", ["frobnicate"], "There is no command frobnicate.\n"],
    ["an unknown option", ["read", "--nope"], "nope"],
    ["an unknown option with a dash, named once", ["read", "--no-pe"], /no-pe(?!.*noPe)/],
    ["an option without its value", ["read", "--card"], "card"],
    ["an option given twice", ["read", "--card", "a", "--card", "b"], 'got it with "a" and "b"'],
    ["a missing argument", ["withdraw"], "got 0"],
    ["one argument too many", ["withdraw", "1", "2"], "2"],
    ["a word that is no choice", ["pin", "guess"], "guess"],
    ["a language that is not spoken", ["read", "--lang", "fr"], "fr"],
  ])("end with 2: %s", async (_, words, message) => {
    const { code, stdout, stderr } = await shell().run(words)
    expect(code).toBe(2)
    expect(stdout).toBe("")
    expect(stderr).toMatch(message)
    expect(stderr).toContain("shebao --help")
  })

  it("end with one document where JSON is wanted", async () => {
    const { code, document } = await shell().run(["raed", "--json"])
    expect(code).toBe(2)
    expect(document).toEqual({ error: { code: "USAGE", message: "There is no command raed. Did you mean read?" } })
  })

  it("are explained in Chinese to who speaks it", async () => {
    const { stderr } = await shell().run(["raed"], { environment: { LANG: "zh_CN.UTF-8" } })
    expect(stderr).toContain("没有命令 raed。是否指 read?")
  })
})

describe.concurrent("wrong input", () => {
  it("is explained in Chinese to who speaks it, on standard error and in the document", async () => {
    const { code, document, stderr } = await shell().run(["read", "--lang", "zh", "--json"])
    expect(code).toBe(2)
    expect(document.error.message).toMatch(/^card:请指明卡片:--profile/)
    expect(stderr).toBe(`shebao: ${document.error.message}\n`)
  })
})

describe.concurrent("the language", () => {
  const sex = (words: string[], environment: Record<string, string> = {}) =>
    shell()
      .run(["read", "--profile", "employee", ...words], { environment })
      .then(({ stdout }) => /男|male/.exec(stdout)?.[0])

  it("comes from the environment", async () => {
    expect(await sex([], { LANG: "zh_CN.UTF-8" })).toBe("男")
  })

  it("is what --lang says, whatever the environment says", async () => {
    expect(await sex(["--lang=en"], { LANG: "zh_CN.UTF-8" })).toBe("male")
  })
})

describe.concurrent("colours", () => {
  it("stay away from anything but a terminal", async () => {
    const { stdout } = await shell().run(["read", "--profile", "employee", "--all"])
    expect(stdout).not.toContain("\x1b")
  })
})
