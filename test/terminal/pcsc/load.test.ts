import { afterEach, describe, expect, it, vi } from "vitest"
import { InputError } from "../../../src/apdu/index.js"
import { chooseBinding } from "../../../src/terminal/pcsc/load.js"

// Resolving and importing are Node's: they are told that a package is not there, or that it fails.
const absent = new Set<string>()
vi.mock("node:module", async (original) => {
  const real = await original<typeof import("node:module")>()
  return {
    ...real,
    createRequire: (from: string) => {
      const found = real.createRequire(from)
      const resolve = (name: string) => {
        if (absent.has(name)) throw new Error(`Cannot find module '${name}'`)
        return `/somewhere/${name}`
      }
      return Object.assign((name: string) => found(name), { resolve })
    },
  }
})
vi.mock("smartcard", () => {
  throw new Error("libpcsclite.so.1: cannot open shared object file")
})
vi.mock("pcsclite", () => ({ default: () => ({}) }))
vi.mock("pcsc-mini", () => ({ default: {} }))

afterEach(() => {
  absent.clear()
  vi.unstubAllEnvs()
})

describe("9.3.2 choosing a binding", () => {
  it("rejects BINDING_MISSING with package and apt line when none is installed", async () => {
    for (const name of ["smartcard", "pcsclite", "pcsc-mini"]) absent.add(name)
    await expect(chooseBinding()).rejects.toMatchObject({
      code: "BINDING_MISSING",
      message: expect.stringMatching(/npm i pcsc-mini.*npm i smartcard.*apt install libpcsclite-dev/),
      messageZh: expect.stringContaining("未安装"),
    })
    await expect(chooseBinding("smartcard")).rejects.toMatchObject({
      code: "BINDING_MISSING",
      message: expect.stringMatching(/npm i smartcard .*apt install libpcsclite-dev/),
    })
  })

  it("tries smartcard, pcsclite, pcsc-mini in this order, passing by one that does not load", async () => {
    expect((await chooseBinding()).name).toBe("pcsclite")
    absent.add("pcsclite")
    expect((await chooseBinding()).name).toBe("pcsc-mini")
  })

  it("rejects BINDING_BROKEN with the package's own words when nothing that is installed loads", async () => {
    absent.add("pcsclite").add("pcsc-mini")
    await expect(chooseBinding()).rejects.toMatchObject({
      code: "BINDING_BROKEN",
      message: expect.stringContaining("smartcard cannot be loaded"),
    })
  })

  it("takes the one that is named, or that SHEBAO_PCSC names", async () => {
    expect((await chooseBinding("pcsc-mini")).name).toBe("pcsc-mini")
    vi.stubEnv("SHEBAO_PCSC", "pcsc-mini")
    expect((await chooseBinding()).name).toBe("pcsc-mini")
  })

  it("refuses an unknown name", async () => {
    await expect(chooseBinding("nfc")).rejects.toThrow(InputError)
  })
})
