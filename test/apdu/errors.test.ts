import { describe, expect, it } from "vitest"
import { CardRemovedError, InputError, ShebaoError, TimeoutError } from "../../src/apdu/index.js"

describe("errors", () => {
  it.each([
    [new CardRemovedError(), "CARD_REMOVED", "卡片已移除。"],
    [new TimeoutError("No answer in 5 s."), "TIMEOUT", "超时。"],
    [new ShebaoError("HOST_UNREACHABLE", "no host", { messageZh: "主机不可达。" }), "HOST_UNREACHABLE", "主机不可达。"],
  ])("%s carries a stable code and a Chinese text", (error, code, messageZh) => {
    expect(error).toBeInstanceOf(ShebaoError)
    expect(error).toMatchObject({ code, messageZh, name: error.constructor.name })
  })

  it("wrong input names its field", () => {
    const error = new InputError("holder.name", "expected text")
    expect(error).toMatchObject({ code: "INVALID_INPUT", field: "holder.name", message: "holder.name: expected text" })
    expect(new InputError("mac", "is wrong", { code: "BAD_MAC" }).code).toBe("BAD_MAC")
  })

  it("keep their cause, and have none when there is none", () => {
    const cause = new Error("socket closed")
    expect(new CardRemovedError(undefined, { cause }).cause).toBe(cause)
    expect("cause" in new TimeoutError("late")).toBe(false)
  })
})
