import { describe, expect, it } from "vitest"
import { createKeyServer } from "../../../src/host/index.js"

const server = createKeyServer()
const CARD = { aab301: "320800", aaz507: "00815431008660110816000001" }
const ID = "320800D156000005160000018F385B8F"
const R = "1122334455667788"
const X = "0102030405060708"
const Y_3DES = "F4F14BF11083845F"
const Y_SM4 = "C82A956D935FF6E23A27F7BC31D089E8"
const A_SM4 = "E857CBBA403E828137F835B32576FA8D"

describe("two steps with the HSM (card-commands §14.3-§14.5, driver-api §5.2, §5.3)", () => {
  it.each([
    [
      "basic data, 2.00: no external authentication",
      "iReadCardBas_HSM_Step1",
      `320800|${CARD.aaz507}|01|${ID}|${R}|${X}|||`,
      `${Y_3DES}${X}||`,
    ],
    [
      "basic data, 3.00 with 3DES: R3 the last challenge, R4 the one before",
      "iReadCardBas_HSM_Step1",
      `320800|${CARD.aaz507}|01|${ID}|${R}|${X}|A1A2A3A4A5A6A7A8|${X}|`,
      `${Y_3DES}${X}|2898438E02652C17${X}|`,
    ],
    [
      "basic data, 3.00 with SM4",
      "iReadCardBas_HSM_Step1",
      `320800|${CARD.aaz507}|03|${ID}|${R}|${X}|A1A2A3A4A5A6A7A8|${X}|`,
      `${Y_SM4}|${A_SM4}|`,
    ],
    ["reading a file", "iReadCard_HSM_Step1", `01|01822D|3031323334353637|${X}|`, `5177CB5B936B275E${X}`],
    ["writing a file", "iWriteCard_HSM_Step1", `01|0094|B1B2B3B4B5B6B7B8|${X}|`, `0DE48E9A7E4B4C53${X}`],
    ["PIN reload, authentication", "iReloadPIN_HSM_Step1", `01|009010|D1D2D3D4D5D6D7D8|${X}|`, `194E6DE3C5E83C6C${X}`],
    [
      "PIN reload, whole command (T8)",
      "iReloadPIN_HSM_Step2",
      "01|0090|C1C2C3C4C5C6C7C8|8424|123456|",
      "842400010CD3C829A7803F2F92F6CDF497",
    ],
    [
      "PIN reload, SM4 (S8)",
      "iReloadPIN_HSM_Step2",
      "03|0090|C1C2C3C4C5C6C7C8|8424|123456|",
      "8424000114F301F15DA516DFF82B05A661B9A370946765F23B",
    ],
    ["PIN unblock (T9)", "iUnblockPIN_HSM_Step2", "01|0090|C1C2C3C4C5C6C7C8|8424||", "84240000045F70B247"],
    ["PIN unblock (S9)", "iUnblockPIN_HSM_Step2", "03|0090|C1C2C3C4C5C6C7C8|8424|", "8424000004555FD2C4"],
    [
      "debit: the terminal's number is the card's (§10.2)",
      "iDoDebit_HSM_Step1",
      "01|0000|0F1E2D3C|000C|000003E8|000007D0|35320800000001|20240315101530|",
      "0000000C|20240315101530|4D47ACEE|",
    ],
    [
      "debit, SM4",
      "iDoDebit_HSM_Step1",
      "03|0000|0F1E2D3C|000C|000003E8|000007D0|35320800000001|20240315101530|",
      "0000000C|20240315101530|30D9CFD3|",
    ],
  ])("%s", async (_, step, output, input) => {
    expect(await server.dialogue({ ...CARD, step, output })).toEqual({ ok: true, input })
  })

  it("sends the header that the driver names (card-commands §5.3: 84D4)", async () => {
    const output = "01|0090|C1C2C3C4C5C6C7C8|84D4|123456|"
    const answer = await server.dialogue({ ...CARD, step: "iReloadPIN_HSM_Step2", output })
    expect(answer).toMatchObject({ ok: true, input: expect.stringMatching(/^84D400010CD3C829A7803F2F92[0-9A-F]{8}$/) })
  })

  it.each([
    ["SSF33", "iReadCard_HSM_Step1", `02|004C|${R}|${X}|`, "ALGORITHM_NOT_SUPPORTED"],
    ["an unknown address", "iReadCard_HSM_Step1", `01|0001|${R}|${X}|`, "KEY_UNKNOWN"],
    ["a key for something else", "iReadCard_HSM_Step1", `01|000008|${R}|${X}|`, "KEY_REFUSED"],
  ])("refuses %s", async (_, step, output, code) => {
    expect(await server.dialogue({ ...CARD, step, output })).toMatchObject({ ok: false, code })
  })

  it.each([
    ["step", { step: "iVerifyPIN", output: "x" }],
    ["step", { step: "constructor", output: "x" }],
    ["step", { output: "x" }],
    ["output", { step: "iReadCard_HSM_Step1" }],
    ["output", { step: "iReadCard_HSM_Step1", output: `01|004C|${R}` }],
    ["output", { step: "iReadCard_HSM_Step1", output: `04|004C|${R}|${X}|` }],
    ["output", { step: "iReloadPIN_HSM_Step2", output: `01|0090|${R}|8424||` }],
    ["output", { step: "iReloadPIN_HSM_Step2", output: `01|0090|${R}|8016|123456|` }],
    ["output", { step: "iDoDebit_HSM_Step1", output: "01|0000|0F1E2D3C|000C|" }],
    ["aab301", { step: "iReadCardBas_HSM_Step1", output: `3208|${CARD.aaz507}|01|${ID}|${R}|${X}|||` }],
    ["aaz507", { step: "iReadCard_HSM_Step1", output: `01|004C|${R}|${X}|`, aaz507: "00" }],
  ])("names %s when it is wrong", async (field, document) => {
    await expect(server.dialogue({ ...CARD, ...document })).rejects.toMatchObject({ code: "INVALID_INPUT", field })
  })

  it("does not repeat a PIN that is wrong", async () => {
    const document = { ...CARD, step: "iReloadPIN_HSM_Step2", output: `01|0090|${R}|8424|12345x|` }
    const error = await server.dialogue(document).catch((reason: unknown) => reason as Error)
    expect((error as Error).message).not.toContain("12345")
  })
})
