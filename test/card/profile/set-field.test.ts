import { describe, expect, it } from "vitest"
import type { InputError } from "../../../src/apdu/index.js"
import { parseProfile, setField, setFields } from "../../../src/card/profile/index.js"
import { personProfile } from "../../support/profiles.js"

const profile = personProfile("employee")

describe("setting a field", () => {
  it.each<[string, string, (changed: typeof profile) => unknown, unknown]>([
    ["holder.name", "测试二号", (changed) => changed.holder.name, "测试二号"],
    ["pin.value", "654321", (changed) => changed.pin.value, "654321"],
    ["pin.tries", "3", (changed) => changed.pin.tries, 3],
    ["synthetic", "false", (changed) => changed.synthetic, false],
    ["medical.p1p2.cia", '["0001","0100"]', (changed) => changed.medical!.p1p2.cia, ["0001", "0100"]],
    ["financial.data.9F79", "000000050000", (changed) => changed.financial!.data["9F79"], "000000050000"],
    ["fields.DF01.phone", "13000000007", (changed) => changed.fields["DF01.phone"], "13000000007"],
    ["DF01.phone", "13000000008", (changed) => changed.fields["DF01.phone"], "13000000008"],
    ["DF02.qualification[0].level", "4", (changed) => changed.fields["DF02.qualification"], [{ level: "4" }]],
    ["DF03.benefit[0]", '{"amount":100}', (changed) => changed.fields["DF03.benefit"], [{ amount: 100 }]],
    ["medical.p1p2.cia[1]", "0100", (changed) => changed.medical!.p1p2.cia, ["0001", "0100"]],
    ["financial", "null", (changed) => changed.financial, undefined],
    ["atr", '{"preset":"bank","serial":"250101000099"}', (changed) => changed.atr.preset, "bank"],
    ["description.zh", "测试卡", (changed) => changed.description.zh, "测试卡"],
    ["bank.phone", "13000000009", (changed) => changed.bank!.phone, "13000000009"],
  ])("%s", (path, value, read, expected) => {
    expect(read(setField(profile, path, value))).toEqual(expected)
    expect(profile).toEqual(personProfile("employee"))
  })

  it("takes bytes in hexadecimal", () => {
    const changed = setField(profile, "SSSE.photo", Uint8Array.of(0xff, 0xd8, 0x12))
    expect(changed.fields["SSSE.photo"]).toBe("FFD812")
  })

  it("changes several at once, which need not fit one by one", () => {
    const changed = setFields(profile, [
      ["specVersion", "3.00"],
      ["algorithm", "sm4"],
      ["keys", '{"test":true}'],
      ["keys.counters.RKssse.tries", "5"],
      ["personalised", "false"],
    ])
    expect(changed).toMatchObject({
      specVersion: "3.00",
      algorithm: "sm4",
      personalised: false,
      keys: { counters: { RKssse: { tries: 5 } } },
    })
    expect(() => setField(profile, "algorithm", "sm4")).toThrow("algorithm")
  })

  it("reaches into lists of other kinds of card", () => {
    const iso = parseProfile({
      card: "iso",
      name: "iso",
      description: { zh: "卡", en: "card" },
      atr: { hex: "3B00" },
      root: { name: "MF", files: [{ name: "A", structure: "transparent", size: 4 }] },
    })
    const changed = setFields(iso, [
      ["root.files[0].size", "8"],
      ["root.files[0].content", Uint8Array.of(1, 2)],
    ])
    expect(changed).toMatchObject({ root: { files: [{ size: 8, content: "0102" }] } })
  })

  it("says in Chinese too what is wrong", () => {
    try {
      setField(profile, "pin.tries", "many")
    } catch (error) {
      expect((error as InputError).messageZh).toBe("pin.tries:应为数字,收到4个字符")
    }
    expect.assertions(1)
  })

  it.each([
    ["a field that nobody knows", "holder.age", "35", "holder.age: unknown field"],
    ["a section that nobody knows", "car.colour", "red", "car: unknown field"],
    ["a value that does not fit", "holder.sex", "male", 'holder.sex: expected one digit, got "male"'],
    ["a number where text belongs", "pin.tries", "many", "pin.tries: expected number, got 4 characters"],
    ["half a path", "holder.", "x", "path: expected names with dots between, got holder."],
    ["a whole section", "holder", "x", 'holder: expected object, got "x"'],
  ])("refuses %s", (_, path, value, message) => {
    expect(() => setField(profile, path, value)).toThrow(message)
  })
})
