import "../../src/testing/vitest.js"
import { describe, expect, it } from "vitest"
import { hex } from "../../src/apdu/index.js"
import { answerMatchers } from "../../src/testing/index.js"

describe("toAnswer", () => {
  it.each([
    ["9000", "9000"],
    ["AABB9000", "9000"],
    ["63C2", "63CX"],
    ["63C2", "63cx"],
    ["AABB9000", "AABB 9000"],
    ["AABB9000", "AAXX 9000"],
  ])("%s answers %s", (response, expected) => {
    expect(hex(response)).toAnswer(expected)
  })

  it.each([
    ["6A82", "9000"],
    ["AABB9000", "AA 9000"],
    ["AABB9000", "AABC 9000"],
    ["9000", "AABB 9000"],
  ])("%s does not answer %s", (response, expected) => {
    expect(hex(response)).not.toAnswer(expected)
  })

  it("explains what came and what was expected, without personal data", () => {
    expect(answerMatchers.toAnswer(hex("6982"), "9000").message()).toBe(
      "expected the card to answer 9000 (success), got 6982 (security condition not satisfied)",
    )
    const identity = `0812${Buffer.from("320800205001010014").toString("hex")}9000`
    expect(answerMatchers.toAnswer(hex(identity), "6A83").message()).toContain("333230383030****************")
    expect(answerMatchers.toAnswer(hex("63C1"), "63CX").message()).toBe(
      "expected the card not to answer 63CX, got 63C1 (wrong PIN or key, 1 tries left)",
    )
  })

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    ["9000", "string"],
    [hex("90"), "1 bytes"],
  ])("fails on what is no response: %j", (received, described) => {
    const result = answerMatchers.toAnswer(received, "9000")
    expect(result.pass).toBe(false)
    expect(result.message()).toContain(described)
  })

  it.each(["", "90", "900", "90G0"])("refuses the pattern %j", (expected) => {
    expect(() => answerMatchers.toAnswer(hex("9000"), expected)).toThrow(/^expected: /)
  })
})
