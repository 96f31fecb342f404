import { TimeoutError } from "../../../apdu/index.js"
import type { ElsewhereRequest, NotSettled, SettlementOutcome } from "../settlement/request.js"
import type { ReversalRequest, Reversed } from "../settlement/reverse.js"

/** What a place of insurance does for the place of treatment (domain-rules §7). */
export interface HomeCentre {
  preSettleElsewhere(request: ElsewhereRequest): Promise<SettlementOutcome>
  settleElsewhere(request: ElsewhereRequest): Promise<SettlementOutcome>
  reverse(request: ReversalRequest): Promise<Reversed | NotSettled>
  find(serial: string): Promise<SettlementOutcome | undefined>
}

/** The way from the place of treatment over province and nation to the place of insurance. */
export interface PlatformLink {
  /** The centre of a region, or undefined when none takes part. @param area six digits */
  home(area: string): HomeCentre | undefined
}

/** Waits so long for another region. @throws {TimeoutError} when it does not answer; what it did then is not known */
export async function withinSeconds<Value>(seconds: number, answer: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TimeoutError(`The other region did not answer within ${seconds} s.`)),
      seconds * 1000,
    )
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
