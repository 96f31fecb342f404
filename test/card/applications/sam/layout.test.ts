import { describe, expect, it } from "vitest"
import { samCardSpec } from "../../../../src/card/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import { send } from "../../../support/financial-card.js"
import { SELECT_DDF1, SELECT_DF01, samCard, samSpec, sm4Sam, testStore } from "../../../support/sam-card.js"

describe("files of a SAM (card-commands §11.1)", () => {
  it.each([
    ["the MF by FID", "00A40000023F00", "6F16840F7378312E73682EC9E7BBE1B1A3D5CFA5038801019000"],
    [
      "the MF by name",
      "00A404000F7378312E73682EC9E7BBE1B1A3D5CF",
      "6F16840F7378312E73682EC9E7BBE1B1A3D5CFA5038801019000",
    ],
    ["DF01 by FID", SELECT_DF01, "6F0D8406D15600000590A5038801019000"],
    ["DF01 by AID", "00A4040006D15600000590", "6F0D8406D15600000590A5038801019000"],
    ["terminal number", "00B0960006", "3208000000019000"],
    ["public information", "00B095000E", "00000000000000000001010000009000"],
    ["terminal number, Le 00", "00B0960000", "3208000000019000"],
    ["EF DIR", "00B2010C00", "610E4F06D15600000590500450534" + "1" + "4D9000"],
  ])("%s", (_, command, answer) => {
    expect(send(samCard(), command)).toBe(answer)
  })

  it("announces T=0 with 13 historical bytes (readers §4)", () => {
    const card = samCard()
    expect(card.protocol).toBe("T=0")
    expect(card.atr.slice(0, 2)).toEqual(Uint8Array.of(0x3b, 0x7d))
  })

  it("has the second environment where SM4 is, with a DF01 of its own", () => {
    const card = sm4Sam()
    expect(exchange(card, SELECT_DF01)).toBe("6A82")
    expect(send(card, SELECT_DDF1)).toBe("6F16840F7378322E73682EC9E7BBE1B1A3D5CFA5038801019000")
    expect(send(card, "00A404000F7378322E73682EC9E7BBE1B1A3D5CF")).toMatch(/9000$/)
    expect(send(card, SELECT_DF01)).toMatch(/9000$/)
  })

  it("holds both environments side by side, each with its own DF01", () => {
    const card = samCard({
      environments: [
        { algorithm: "3des", keys: testStore("3des") },
        { algorithm: "sm4", keys: testStore("sm4") },
      ],
    })
    const proof = `BFDE6708208660110816000001333230383030737833323030303073681122334455667788`
    exchangeAll(card, [`${SELECT_DF01} < 610F`, `${proof} < 9000`])
    expect(send(card, "80FA0000080102030405060708")).toBe("F4F14BF11083845F9000")
    exchangeAll(card, ["00A40000023F00", SELECT_DDF1, `${SELECT_DF01} < 610F`, `${proof} < 9000`])
    expect(send(card, "80FA0000100102030405060708FEFDFCFBFAF9F8F7")).toBe("C82A956D935FF6E23A27F7BC31D089E89000")
  })

  it.each([
    ["UPDATE BINARY of the terminal number", ["00D6960006320800000002"], "6982"],
    ["VERIFY", ["0020000003123456"], "6D00"],
    ["CHANGE PIN", ["805E010007123456FF654321"], "6D00"],
    ["EXTERNAL AUTHENTICATE", [`0082000010${"00".repeat(16)}`], "6D00"],
    ["INTERNAL AUTHENTICATE", [`0088000010${"00".repeat(16)}`], "6D00"],
    ["VERIFY in DF01", [SELECT_DF01, "0020000003123456"], "6D00"],
    ["BF DE in the MF", ["BFDE2708100000000000000000000000000000000" + "0"], "6E00"],
    ["DES CRYPT in the MF", ["80FA0000080102030405060708"], "6D00"],
    ["an unknown instruction", [SELECT_DF01, "80FB0000"], "6D00"],
  ])("refuses %s", (_, commands, status) => {
    expect(exchangeAll(samCard(), commands)).toBe(status)
  })

  it("names keys by usage and identifier", () => {
    const keys = samCardSpec(samSpec()).root.directories![0]!.keys!
    expect(keys[0]!.name).toBe("67/08")
    expect(new Set(keys.map(({ name }) => name)).size).toBe(keys.length)
  })
})
