import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { t0Transport, t1Transport } from "../../../src/terminal/transports/t0.js"
import { scriptedLine } from "../support/lines.js"

const sixteen = "000102030405060708090A0B0C0D0E0F"
const eight = "0102030405060708"

// readers §6.5, table of vectors; T4 (no progress) stands on its own below.
const vectors = [
  ["T1", "00A4040005D156000005", ["6C10"], ["00A4040005D156000005"], "6C10"],
  ["T2", "00B0000000", ["6103", "6C02", "AABB9000"], ["00B0000000", "00C0000003", "00C0000002"], "AABB9000"],
  ["T3", "01B0000000", ["6102", "AABB9000"], ["01B0000000", "01C0000002"], "AABB9000"],
  ["T5", "00B0000000", ["6C10", `${sixteen}9000`], ["00B0000000", "00B0000010"], `${sixteen}9000`],
  ["T6", "00A4040005D15600000500", ["6108", `${eight}9000`], ["00A4040005D156000005", "00C0000008"], `${eight}9000`],
  ["T7", "00B0000000", ["010203046104", "050607089000"], ["00B0000000", "00C0000004"], `${eight}9000`],
  [
    "T8",
    "805000020B0102030405060708090A0B",
    ["6110", `${sixteen}9000`],
    ["805000020B0102030405060708090A0B", "00C0000010"],
    `${sixteen}9000`,
  ],
  ["T9", "00B0000000", ["6982"], ["00B0000000"], "6982"],
] as const

describe("T=0 presentation", () => {
  it.each(vectors)("%s of readers §6.5", async (_, command, answers, sent, result) => {
    const line = scriptedLine([...answers])
    expect(toHex(await t0Transport(line).transmit(hex(command)))).toBe(result)
    expect(line.sent).toEqual(sent)
  })

  it("T4 of readers §6.5: gives up when the card promises data for ever", async () => {
    const line = scriptedLine(["6100"], { repeatLast: true })
    await expect(t0Transport(line).transmit(hex("00B0000000"))).rejects.toMatchObject({ code: "T0_NO_PROGRESS" })
    expect(line.sent).toEqual(["00B0000000", "00C0000000"])
  })

  it("gives up when the card corrects GET RESPONSE for ever", async () => {
    const line = scriptedLine(["6105", "6C04"], { repeatLast: true })
    await expect(t0Transport(line).transmit(hex("00B0000000"))).rejects.toMatchObject({ code: "T0_NO_PROGRESS" })
    expect(line.sent).toHaveLength(1 + 256)
  })

  it("stops at 65,536 bytes", async () => {
    const line = scriptedLine([`${"00".repeat(255)}61FF`], { repeatLast: true })
    await expect(t0Transport(line).transmit(hex("00B0000000"))).rejects.toMatchObject({ code: "T0_NO_PROGRESS" })
  })

  it("reads 61 00 as 256 bytes", async () => {
    const line = scriptedLine(["6100", `${"AB".repeat(256)}9000`])
    const answer = await t0Transport(line).transmit(hex("00A40000023F00"))
    expect(answer).toHaveLength(258)
    expect(line.sent[1]).toBe("00C0000000")
  })

  it("asks a case 4 command for no more than its Le", async () => {
    const line = scriptedLine(["6120", "010203046110"])
    expect(toHex(await t0Transport(line).transmit(hex("00A40400023F0004")))).toBe("010203046110")
    expect(line.sent).toEqual(["00A40400023F00", "00C0000004"])
  })

  it("repeats a case 2 command once only", async () => {
    const line = scriptedLine(["6C10", "6C20"])
    expect(toHex(await t0Transport(line).transmit(hex("00B0000000")))).toBe("6C20")
    expect(line.sent).toEqual(["00B0000000", "00B0000010"])
  })

  it("fetches what waits behind a corrected case 2 command", async () => {
    const line = scriptedLine(["6C10", "01026102", "03049000"])
    expect(toHex(await t0Transport(line).transmit(hex("00B0000000")))).toBe("010203049000")
  })

  it("follows a GET RESPONSE of the caller in the same way", async () => {
    const line = scriptedLine(["6C04", "01026102", "03049000"])
    expect(toHex(await t0Transport(line).transmit(hex("00C0000010")))).toBe("010203049000")
    expect(line.sent).toEqual(["00C0000010", "00C0000004", "00C0000002"])
  })

  it("sends a case 1 command as four bytes", async () => {
    const line = scriptedLine(["6102", "AABB9000"])
    expect(toHex(await t0Transport(line).transmit(hex("80E40000")))).toBe("AABB9000")
    expect(line.sent).toEqual(["80E40000", "00C0000002"])
  })

  it.each([
    ["00B00000", "00C0"],
    ["03B00000", "03C0"],
    ["17B00000", "03C0"], // first inter-industry values: chaining and secure messaging cleared
    ["45B00000", "45C0"],
    ["75B00000", "45C0"], // further inter-industry values: channel 5 kept
    ["84B00000", "00C0"],
    ["2FB00000", "00C0"],
  ])("answers class of %s with GET RESPONSE %s", async (header, request) => {
    const line = scriptedLine(["6101", "AA9000"])
    await t0Transport(line).transmit(hex(`${header}00`))
    expect(line.sent[1]).toBe(`${request}000001`)
  })

  it.each([
    ["case 2", "00B00000000010", "00B0000010"],
    ["case 2, 65,536 bytes", "00B00000000000", "00B0000000"],
    ["case 3", "00D60000000002AABB", "00D6000002AABB"],
    ["case 4", "00A40400000002AABB0100", "00A4040002AABB"],
  ])("sends an extended command of %s in its short form", async (_, command, sent) => {
    const line = scriptedLine(["9000"])
    await t0Transport(line).transmit(hex(command))
    expect(line.sent).toEqual([sent])
  })

  it("refuses more data than T=0 can carry, without touching the card", async () => {
    const line = scriptedLine([])
    const command = hex(`00D60000000100${"00".repeat(256)}`)
    await expect(t0Transport(line).transmit(command)).rejects.toMatchObject({ code: "T0_LENGTH" })
    expect(line.sent).toEqual([])
  })

  it("passes bytes that are no command APDU", async () => {
    const line = scriptedLine(["6700"])
    expect(toHex(await t0Transport(line).transmit(hex("00A40400050102")))).toBe("6700")
    expect(line.sent).toEqual(["00A40400050102"])
  })
})

describe("T=1 presentation", () => {
  it.each([
    ["00A4040005D15600000500", "6C10"],
    ["00B0000000", "6C10"],
    ["00B0000000", "6982"],
  ])("passes %s and %s unchanged", async (command, answer) => {
    const line = scriptedLine([answer])
    expect(toHex(await t1Transport(line).transmit(hex(command)))).toBe(answer)
    expect(line.sent).toEqual([command])
  })

  it("fetches a chained answer", async () => {
    const line = scriptedLine(["01026102", "03049000"])
    expect(toHex(await t1Transport(line).transmit(hex("00A4040005D15600000500")))).toBe("010203049000")
    expect(line.sent).toEqual(["00A4040005D15600000500", "00C0000002"])
  })
})
