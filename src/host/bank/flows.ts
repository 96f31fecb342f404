import { PROCESSING_CODE } from "../../dictionary/index.js"
import type { Flow } from "../store/rows.js"
import type { Answer, TerminalRequest } from "./context.js"

/** What the bank asks of a transaction. */
export interface FlowRules {
  readonly flow: Flow
  /** `notes`: what a machine can pay out. `cash`: any amount above zero. `none`: no amount. */
  readonly amount: "notes" | "cash" | "none"
  /** Whether the chip must prove itself; `optional` at a counter, where a person looks at the card. */
  readonly chip: "required" | "optional" | "none"
  readonly pin: boolean
  /** A card locked by wrong PINs may still take money in. */
  readonly worksWithLockedPin?: boolean
}

const RULES: Readonly<Record<Flow, FlowRules>> = {
  withdrawal: { flow: "withdrawal", amount: "notes", chip: "required", pin: true },
  counterWithdrawal: { flow: "counterWithdrawal", amount: "cash", chip: "required", pin: true },
  cashIn: { flow: "cashIn", amount: "cash", chip: "required", pin: true },
  counterDeposit: { flow: "counterDeposit", amount: "cash", chip: "optional", pin: false, worksWithLockedPin: true },
  inquiry: { flow: "inquiry", amount: "none", chip: "required", pin: true },
  purchase: { flow: "purchase", amount: "cash", chip: "required", pin: true },
  refund: { flow: "refund", amount: "cash", chip: "required", pin: false, worksWithLockedPin: true },
  transfer: { flow: "transfer", amount: "cash", chip: "required", pin: true },
  statement: { flow: "statement", amount: "none", chip: "required", pin: true },
  pinChange: { flow: "pinChange", amount: "none", chip: "required", pin: true },
  activation: { flow: "activation", amount: "none", chip: "none", pin: true },
}

const [MACHINE, COUNTER] = ["6011", "6010"]
/** Transactions that host-iso8583 §4.1 names and this bank does not do. */
const NOT_SUPPORTED = /^(03|47|6[023]|91)/

const allowIf = (isAllowed: boolean, flow: Flow): FlowRules | Answer => (isAllowed ? RULES[flow] : { code: "58" })

/** Which transaction a 0200 asks for, and whether this terminal may do it: codes 12, 40, 58. */
export function flowOf({ fields, data, terminal, bank }: TerminalRequest): FlowRules | Answer {
  const [processingCode, category] = [fields[3]!, fields[18]]
  const isCounter = category === COUNTER
  const isMerchant = terminal.kind === "pos"
  if (!isCounter && !isMerchant && category !== MACHINE) return { code: "12" }
  switch (processingCode) {
    case PROCESSING_CODE.PURCHASE:
      return allowIf(isMerchant, "purchase")
    case PROCESSING_CODE.REFUND:
      return allowIf(isMerchant, "refund")
    case PROCESSING_CODE.WITHDRAWAL:
      return isCounter
        ? allowIf(terminal.kind === "teller", "counterWithdrawal")
        : allowIf(terminal.kind === "atm", "withdrawal")
    case PROCESSING_CODE.DEPOSIT: {
      if (isCounter) return allowIf(terminal.kind === "teller", "counterDeposit")
      const hasPlace = terminal.kind === "atm" || (terminal.kind === "kiosk" && bank.region.bank.cashInAtKiosk)
      return allowIf(hasPlace && terminal.takesCash, "cashIn")
    }
    case PROCESSING_CODE.BALANCE_INQUIRY:
    case PROCESSING_CODE.BALANCE_INQUIRY_POS:
      return RULES.inquiry
    case PROCESSING_CODE.STATEMENT:
      return RULES.statement
    case PROCESSING_CODE.PIN_CHANGE:
      return RULES.pinChange
    case PROCESSING_CODE.TRANSFER_OWN:
    case PROCESSING_CODE.TRANSFER_OUT:
      return RULES.transfer
    case PROCESSING_CODE.ACTIVATION: {
      // In person at a branch: a teller, or a kiosk that staff release (host-iso8583 §11.7).
      const isReleased = terminal.kind === "kiosk" && data.authorisingTeller !== undefined
      return allowIf(isCounter && (terminal.kind === "teller" || isReleased), "activation")
    }
    default:
      return { code: NOT_SUPPORTED.test(processingCode) ? "40" : "12" }
  }
}
