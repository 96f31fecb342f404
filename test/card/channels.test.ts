import { describe, expect, it } from "vitest"
import { toHex } from "../../src/apdu/index.js"
import type { Card, Context } from "../../src/card/index.js"
import { expectRefused } from "../support/card-state.js"
import { exchange, exchangeAll } from "../support/exchange.js"
import { SSSE_AID, SSSE_FCI, testCard } from "../support/test-card.js"

const NAME = `04000F${toHex(SSSE_AID)}`
const PIN = "200000 03 123456".replace(/\s/g, "")
const FCI = toHex(SSSE_FCI)

const cardWith = (channels: number): Card => testCard({ operatingSystem: "iso", options: { channels } })
const isoCard = (): Card => cardWith(20)
const directoryOn = (card: Card, channel: number) =>
  (card as unknown as Context).channels.session(channel)?.directory.name

/** The class byte of a plain command on a channel. */
const on = (channel: number) => (channel < 4 ? `0${channel}` : `4${(channel - 4).toString(16).toUpperCase()}`)

describe("MANAGE CHANNEL (ISO 7816-4 §11.1.2)", () => {
  it("opens the lowest closed channel and tells its number, up to the last one", () => {
    const card = isoCard()
    for (let channel = 1; channel < 20; channel++)
      expect(exchange(card, "0070000001")).toBe(`${channel.toString(16).padStart(2, "0").toUpperCase()}9000`)
    expectRefused(card, "0070000001", "6A81")
    exchangeAll(card, ["00708005 < 9000", "0070000001 < 059000"])
  })

  it("opens the channel that the terminal names", () => {
    const card = isoCard()
    exchangeAll(card, ["00700013 < 9000", "4FA4000000 < 6F0F8408C9E7BBE1B1A3D5CFA5038801019000", "0070000001 < 019000"])
  })

  it.each([
    ["a channel that is open", "00700001", "6A86"],
    ["the basic channel by number of its own", "00708000", "6A86"],
    ["a channel beyond the last", "00700014", "6A86"],
    ["closing a channel beyond the last", "00708014", "6A86"],
    ["another function", "00704001", "6A86"],
    ["data", "007000000101", "6700"],
    ["a number of two bytes", "0070000002", "6C01"],
    ["an answer where there is none", "0070000205", "6700"],
    ["closing a channel that is closed: a warning", "00708007", "6200"],
    ["from a closed channel", "02700000", "6881"],
  ])("does not accept %s", (_, command, expected) => {
    const card = isoCard()
    exchange(card, "00700001")
    expectRefused(card, command, expected)
  })

  it("closes the channel of the class, or the one of P2 from any other", () => {
    const card = isoCard()
    exchangeAll(card, ["00700001", "00700002", "00700005", "01708000 < 9000", "02708005 < 9000", "00708002 < 9000"])
    for (const channel of [1, 2, 5]) expectRefused(card, `${on(channel)}A4000000`, "6881")
  })

  it("is unknown on a social security card, whose only channel is 0", () => {
    const card = testCard()
    expectRefused(card, "0070000001", "6D00")
    expectRefused(card, `01A4${NAME}`, "6881")
    expectRefused(card, `4FA4${NAME}`, "6881")
  })

  it("offers as many channels as the layout says", () => {
    const card = cardWith(3)
    exchangeAll(card, ["0070000001 < 019000", "0070000001 < 029000", "0070000001 < 6A81"])
    expectRefused(card, "00700003", "6A86")
    expectRefused(card, `03A4${NAME}`, "6881")
    expectRefused(card, `40A4${NAME}`, "6881")
  })
})

describe("a logical channel", () => {
  it("is 6881 while it is closed, whatever comes but SELECT by name", () => {
    const card = isoCard()
    for (const command of ["01B2010C00", "01C0000000", `01${PIN}`, "01A40000023F00", "4084000008", "8184000008"])
      expectRefused(card, command, "6881")
  })

  it("is opened by SELECT by name, and stays closed when there is no such name", () => {
    const card = isoCard()
    exchangeAll(card, [`42A4${NAME} < 6118`, `42C0000018 < ${FCI}9000`])
    expect(directoryOn(card, 6)).toBe("SSSE")
    expectRefused(card, "03A4040005A000000099", "6A82")
    expectRefused(card, "0384000008", "6881")
  })

  it("begins in the MF with nothing open when it is opened from the basic channel", () => {
    const card = isoCard()
    exchangeAll(card, [`00A4${NAME}`, `00${PIN} < 9000`, "00700001", "01B2010C00 < 6104500241429000"])
    exchangeAll(card, [`01A4${NAME}`, "0120000000 < 63C6", "0020000000 < 9000"])
  })

  it("has the directory and the security status of another channel when it is opened from that", () => {
    const card = isoCard()
    exchangeAll(card, ["00700001", `01A4${NAME}`, `01${PIN} < 9000`, "0184000008", "01700002 < 9000"])
    expect(directoryOn(card, 2)).toBe("SSSE")
    exchangeAll(card, ["0220000000 < 9000", "02B0000010 < 6986", "0220000003111111 < 63C5", "0120000000 < 9000"])
    exchangeAll(card, [`0282000410${"00".repeat(16)} < 6984`])
  })

  it("has its own directory, file, record, PIN, challenge and pending data", () => {
    const card = isoCard()
    exchangeAll(card, ["00700001", `01A4${NAME}`, "01A4000002DF01", "01A4000002EF09"])
    exchangeAll(card, [
      `00A4${NAME} < 6118`,
      "01B2000200 < 2E01419000",
      "00C0000018 < 6F16840F7378312E73682EC9E7BBE1B1A3D5CFA5038801019000",
    ])
    exchangeAll(card, [
      "00A4000002EF05",
      "01B2000200 < 3001429000",
      "00B2020400 < 0201319000",
      "01B2000200 < 2E01439000",
    ])
    exchangeAll(card, [`01${PIN} < 9000`, "0020000000 < 63C6"])
    exchangeAll(card, ["0084000008", `0182000410${"00".repeat(16)} < 6984`])
  })

  it("keeps its pending data while other channels work", () => {
    const card = isoCard()
    exchangeAll(card, ["00700001", `01A4${NAME} < 6118`, `00A4${NAME} < 6118`, `01C0000018 < ${FCI}9000`])
    exchangeAll(card, [`00C0000018 < ${FCI}9000`, "01C0000018 < 6985"])
  })

  it("shares the memory: what one channel writes, the others read; a PIN has one counter", () => {
    const card = isoCard()
    exchangeAll(card, ["00700001", `00A4${NAME}`, `01A4${NAME}`, "00A4000002DF01", "01A4000002DF01"])
    exchangeAll(card, ["00DC014C03 2E0158 < 9000", "01B2014C00 < 2E01589000"])
    exchangeAll(card, ["0120000003111111 < 63C5", "0020000003111111 < 63C4", `01${PIN} < 9000`, "0020000000 < 63C6"])
  })

  it("loses everything when it is closed, and is as new when it opens again", () => {
    const card = isoCard()
    exchangeAll(card, ["00700001", `01A4${NAME}`, `01${PIN} < 9000`, "00708001 < 9000", "00700001 < 9000"])
    expect(directoryOn(card, 1)).toBe("MF")
    exchangeAll(card, [`01A4${NAME}`, "0120000000 < 63C6"])
  })

  it("is closed by reset and power off; the basic channel begins anew", () => {
    for (const end of ["reset", "off"]) {
      const card = isoCard()
      exchangeAll(card, [`00A4${NAME}`, "00700001", `01A4${NAME}`, `01${PIN} < 9000`])
      if (end === "reset") card.reset()
      else {
        card.powerOff()
        card.powerOn()
      }
      expectRefused(card, "01A40000023F00", "6881")
      expect(directoryOn(card, 0)).toBe("MF")
    }
  })

  it("is closed by a power cut in the middle of its command", () => {
    const card = isoCard()
    exchangeAll(card, ["00700001", `01A4${NAME}`])
    card.cutPowerAfter(1)
    expect(() => exchange(card, `01${PIN}`)).toThrow("power")
    card.powerOn()
    expect(card.session.directory.name).toBe("MF")
    expectRefused(card, "01A40000023F00", "6881")
  })

  it("is served whole: every command of the card works on channel 19 as on channel 0", () => {
    const [first, last] = [isoCard(), isoCard()]
    exchange(last, "00700013")
    const commands = [
      `A4${NAME}`,
      "C0000018",
      PIN,
      "A4000002DF01",
      "B2014C00",
      "DC014C032E0158",
      "84000008",
      "B0960010",
    ]
    for (const command of commands)
      expect(exchange(last, `4F${command}`), command).toBe(exchange(first, `00${command}`))
    expect(exchange(last, "4F20000000")).toBe("9000")
  })

  it("carries secure messaging bits to the table of commands: no such command 6882", () => {
    const card = isoCard()
    exchange(card, "00700001")
    expectRefused(card, "05B0000010", "6882")
    expectRefused(card, "05FE000010", "6D00")
    expectRefused(card, "81B0000010", "6D00")
    expectRefused(card, "21B0000010", "6E00")
  })

  it("works with proprietary classes as with the interindustry ones", () => {
    const card = isoCard()
    exchangeAll(card, ["00700001", `01A4${NAME}`, "815E010007123456FF654321 < 9000", "0120000003654321 < 9000"])
  })

  it("loses its pending data with a malformed command of its class, and only its own", () => {
    const card = isoCard()
    exchangeAll(card, ["00700001", `00A4${NAME}`, `01A4${NAME}`, "01A4 < 6700", "01C0000018 < 6985"])
    exchangeAll(card, [`00C0000018 < ${FCI}9000`])
  })
})

describe("logical channels under T=1", () => {
  it("answer at once", () => {
    const card = testCard({
      operatingSystem: "iso",
      options: { channels: 4 },
      atr: Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01),
    })
    exchangeAll(card, ["0070000000 < 019000", `01A4${NAME}00 < ${FCI}9000`])
    expectRefused(card, "0070000002", "6700")
  })
})
