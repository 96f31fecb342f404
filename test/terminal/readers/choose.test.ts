import { describe, expect, it } from "vitest"
import { hex, InputError, ShebaoError } from "../../../src/apdu/index.js"
import { chooseReader, chooseSamReader } from "../../../src/terminal/readers/choose.js"
import type { ReaderSnapshot } from "../../../src/terminal/readers/reader.js"

const reader = (name: string, atr?: string): ReaderSnapshot => ({
  name,
  present: atr !== undefined,
  mute: false,
  inUse: false,
  exclusive: false,
  ...(atr && { atr: hex(atr) }),
})

const USER = "3B6D00000081543100866011081600 0000"
const SAM = "3B7D94000000815431008660110816000000"
const READERS = [reader("ACS ACR122U"), reader("Virtual PCD 00 00", USER), reader("Virtual PCD 00 01", SAM)]

describe("9.4.4 choosing a reader over a snapshot", () => {
  it.each([
    ["its exact name", "Virtual PCD 00 01", "Virtual PCD 00 01"],
    ["its index", 1, "Virtual PCD 00 00"],
    ["its index in digits", "2", "Virtual PCD 00 01"],
    ["a part of its name", "00 01", "Virtual PCD 00 01"],
    ["a part of its name in other case", "acr122", "ACS ACR122U"],
    ["the answer to reset of its card", { atr: hex(SAM) }, "Virtual PCD 00 01"],
  ])("by %s", (_, wish, name) => {
    expect(chooseReader(READERS, wish).name).toBe(name)
  })

  it("an exact name wins over a part of another, and over an index", () => {
    const readers = [reader("Reader 1"), reader("Reader"), reader("0")]
    expect(chooseReader(readers, "Reader").name).toBe("Reader")
    expect(chooseReader(readers, "0").name).toBe("0")
  })

  it("without a wish it is the only one with a card, or the only one", () => {
    expect(chooseReader([READERS[0]!, READERS[1]!]).name).toBe("Virtual PCD 00 00")
    expect(chooseReader([READERS[0]!]).name).toBe("ACS ACR122U")
  })

  const refusal = (...args: Parameters<typeof chooseReader>) => {
    try {
      return chooseReader(...args)
    } catch (error) {
      return error
    }
  }

  it("an ambiguous wish lists every reader that fits", () => {
    for (const wish of ["Virtual", undefined]) {
      const error = refusal(READERS, wish) as InputError
      expect(error).toBeInstanceOf(InputError)
      expect(error).toMatchObject({ code: "READER_AMBIGUOUS", field: "reader" })
      expect(error.message).toContain("1: Virtual PCD 00 00; 2: Virtual PCD 00 01")
      expect(error.message).not.toContain("ACS")
    }
  })

  it.each([["Omnikey"], [3], ["17"], [{ atr: hex("3B00") }]])("a wish that fits none lists all: %j", (wish) => {
    const error = refusal(READERS, wish) as InputError
    expect(error).toMatchObject({ code: "READER_NOT_FOUND", field: "reader" })
    for (const { name } of READERS) expect(error.message).toContain(name)
  })

  it("without any reader it is NO_READER", () => {
    expect(refusal([], "x")).toBeInstanceOf(ShebaoError)
    expect(refusal([])).toMatchObject({ code: "NO_READER" })
  })
})

describe("choosing the reader of the SAM (readers §4)", () => {
  it("takes the named one", () => {
    expect(chooseSamReader(READERS, "Virtual PCD 00 00", "ACR122")?.name).toBe("ACS ACR122U")
  })
  it("else the one whose card answers like a SAM", () => {
    expect(chooseSamReader(READERS, "Virtual PCD 00 00")?.name).toBe("Virtual PCD 00 01")
  })
  it("never that of the user card, and none where no card looks like one", () => {
    expect(chooseSamReader(READERS, "Virtual PCD 00 01")).toBeUndefined()
    expect(() => chooseSamReader(READERS, "Virtual PCD 00 01", "Virtual PCD 00 01")).toThrow(InputError)
    expect(chooseSamReader([], undefined)).toBeUndefined()
  })
})
