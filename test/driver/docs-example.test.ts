import { expect, it } from "vitest"
import { createCard } from "../../src/card/index.js"
import { createDriver } from "../../src/driver/index.js"
import { memoryReader, scriptedKeypad, testKeyService } from "../../src/terminal/index.js"

it("gives what docs/driver.md says", async () => {
  const driver = createDriver({
    contact: { readers: memoryReader(createCard({ profile: "employee" })) },
    keys: testKeyService(),
    keypad: scriptedKeypad(["123456"]),
  })
  expect((await driver.iReadCardBas(3)).out).toMatch(
    /^320800\|999999199001010016\|SB0000012\|320800D156000005160000018F385B8F\|测试一号\|0081\w{22}\|2\.00\|/,
  )
  expect(await driver.iReadCard(1, 2, "|SB0000012|", "3F00EF06|09|0D|$DF01EF05|21|$")).toEqual({
    code: 0,
    out: "测试一号|19900101|$江苏省淮安市测试区示例路1号|$",
  })
  expect(await driver.iVerifyPIN(1)).toEqual({ code: 0, out: "" })
})
