import { describe, expect, it } from "vitest"
import { TimeoutError } from "../../src/apdu/index.js"
import { inProcessLink } from "../../src/host/index.js"
import { PAN } from "./test-terminal.js"
import { openWorld, violations } from "./world.js"

const isFinancial = (frame: Uint8Array) => frame[11] === 2 && frame[12] === 0

describe("link in the same process", () => {
  it("loses a request on the way: the bank never saw it", async () => {
    const { bank, terminal } = await openWorld({ faults: { dropRequest: isFinancial } })
    await expect(terminal.sendMessage(terminal.withdrawal(50_000))).rejects.toBeInstanceOf(TimeoutError)
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n })
  })

  it("loses an answer on the way: the bank did its work, and the reversal undoes it", async () => {
    const { bank, terminal } = await openWorld({ faults: { dropAnswer: isFinancial } })
    const request = terminal.withdrawal(50_000)
    await expect(terminal.sendMessage(request)).rejects.toBeInstanceOf(TimeoutError)
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 950_000n })
    expect((await terminal.sendMessage(terminal.reversal(request))).code).toBe("00")
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n })
    expect(await violations(bank)).toEqual([])
  })

  it("holds an answer back until it is told", async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const delayAnswer = (frame: Uint8Array) => (isFinancial(frame) ? gate : undefined)
    const { bank, terminal } = await openWorld({ faults: { delayAnswer } })
    const request = terminal.withdrawal(50_000)
    const late = terminal.sendMessage(request)
    expect((await terminal.sendMessage(terminal.reversal(request))).code).toBe("00")
    release()
    expect((await late).code).toBe("00")
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n })
  })

  it("changes an answer: its MAC is wrong", async () => {
    const changeAnswer = (answer: Uint8Array, request: Uint8Array) => {
      const changed = answer.slice()
      if (isFinancial(request)) changed[changed.length - 1]! ^= 1
      return changed
    }
    const { terminal } = await openWorld({ faults: { changeAnswer } })
    expect((await terminal.sendMessage(terminal.withdrawal(50_000))).isMacRight).toBe(false)
  })

  it("is a time-out when the bank cannot answer", async () => {
    const { bank } = await openWorld()
    await expect(bank.link().exchange(new Uint8Array(3))).rejects.toBeInstanceOf(TimeoutError)
  })

  it("carries nothing after it was closed", async () => {
    const { bank } = await openWorld()
    const link = inProcessLink(bank)
    await link.close()
    await expect(link.exchange(new Uint8Array(3))).rejects.toMatchObject({ code: "HOST_UNREACHABLE" })
  })
})
