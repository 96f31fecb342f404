import { describe, expect, it } from "vitest"
import { type KeypadQuestion, type Scheduler, scriptedKeypad, typedKeypad } from "../../src/terminal/index.js"

const QUESTION: KeypadQuestion = { purpose: "current", triesLeft: 3 }

describe("a keypad that a function types on", () => {
  it("gives the PIN, or the cancel key", async () => {
    const asked: KeypadQuestion[] = []
    const keypad = typedKeypad(async (question) => {
      asked.push(question)
      return asked.length === 1 ? "123456" : undefined
    })
    expect(await keypad.enterPin(QUESTION)).toEqual({ outcome: "entered", pin: "123456" })
    expect(await keypad.enterPin({ purpose: "new", triesLeft: undefined })).toEqual({ outcome: "cancelled" })
    expect(asked.map(({ purpose }) => purpose)).toEqual(["current", "new"])
  })

  it("waits for 30 seconds, and drops what comes later", async () => {
    let ring = () => {}
    let waited = 0
    const scheduler: Scheduler = {
      after(milliseconds, run) {
        waited = milliseconds
        ring = run
        return () => {}
      },
    }
    let typeLate = (_pin: string) => {}
    const keypad = typedKeypad(() => new Promise((resolve) => (typeLate = resolve)), { scheduler })
    const entry = keypad.enterPin(QUESTION)
    ring()
    typeLate("123456")
    expect(await entry).toEqual({ outcome: "timeout" })
    expect(waited).toBe(30_000)
  })

  it("takes its timer back when somebody has typed", async () => {
    let running = 0
    const scheduler: Scheduler = {
      after() {
        running += 1
        return () => {
          running -= 1
        }
      },
    }
    await typedKeypad(async () => "1234", { scheduler }).enterPin(QUESTION)
    expect(running).toBe(0)
  })
})

describe("a scripted keypad", () => {
  it("types its entries in order, then presses cancel", async () => {
    const keypad = scriptedKeypad(["1234", "cancel", "timeout"])
    const outcomes = []
    for (let i = 0; i < 4; i++) outcomes.push(await keypad.enterPin(QUESTION))
    expect(outcomes).toEqual([
      { outcome: "entered", pin: "1234" },
      { outcome: "cancelled" },
      { outcome: "timeout" },
      { outcome: "cancelled" },
    ])
    expect(keypad.questions).toHaveLength(4)
  })
})
