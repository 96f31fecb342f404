import { describe, expect, it } from "vitest"
import { setField } from "../../../src/card/profile/index.js"
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
    ["bank.phone", "13000000009", (changed) => changed.bank!.phone, "13000000009"],
  ])("%s", (path, value, read, expected) => {
    expect(read(setField(profile, path, value))).toEqual(expected)
    expect(profile).toEqual(personProfile("employee"))
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
