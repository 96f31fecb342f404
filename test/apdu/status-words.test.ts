import { describe, expect, it } from "vitest"
import { describeStatusWord, moreData, SW, triesLeft, wrongLe } from "../../src/apdu/index.js"

describe("status words", () => {
  it("tell at most 15 tries, and lengths of 256 as 00", () => {
    expect([triesLeft(2), triesLeft(0), triesLeft(200)]).toEqual([0x63c2, 0x63c0, 0x63cf])
    expect([moreData(16), moreData(256), moreData(1000)]).toEqual([0x6110, 0x6100, 0x6100])
    expect([wrongLe(18), wrongLe(256)]).toEqual([0x6c12, 0x6c00])
  })

  it.each(Object.entries(SW))("%s has a text in both languages", (name, statusWord) => {
    const text = describeStatusWord(statusWord)
    expect(text.name).toBe(name)
    expect(text.en).not.toBe("")
    expect(text.zh).not.toBe("")
  })

  it("explains the ones that carry a number", () => {
    expect(describeStatusWord(0x63c2)).toEqual({
      name: "TRIES_LEFT",
      en: "wrong PIN or key, 2 tries left",
      zh: "密码或密钥错误,剩余2次",
    })
    expect(describeStatusWord(0x6110)).toMatchObject({ name: "MORE_DATA", en: "16 bytes wait for GET RESPONSE" })
    expect(describeStatusWord(0x6100).en).toBe("256 or more bytes wait for GET RESPONSE")
    expect(describeStatusWord(0x6c12)).toMatchObject({ name: "WRONG_LE", en: "wrong Le, 18 is right" })
    expect(describeStatusWord(0x6fff).name).toBe("UNKNOWN")
  })
})
