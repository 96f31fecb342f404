import { answerCode, formatYuan } from "../dictionary/index.js"
import type { BankReport, LedgerCheck, LedgerSummary, OpenItem } from "../host/index.js"
import type { Text } from "./language.js"
import { type Output, tableLines } from "./output.js"

const heading = (output: Output, text: Text) => ["", output.paint("bold", output.say(text))]

/** Cards by state, and how the requests of the day were answered. */
export function dayLines(output: Output, { businessDate, cards, answers, cases }: BankReport): string[] {
  const states = Object.entries(cards).map(([state, count]) => [state, String(count)])
  const codes = Object.entries(answers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, count]) => [code, String(count), output.say(answerCode(code).name)])
  return [
    output.paint("bold", `${output.say({ en: "Business day", zh: "营业日" })} ${businessDate}`),
    ...heading(output, { en: "Cards", zh: "卡片" }),
    ...tableLines(states, "  "),
    ...(codes.length > 0 ? heading(output, { en: "Requests by answer", zh: "应答码统计" }) : []),
    ...tableLines(codes, "  "),
    ...(cases.length > 0 ? heading(output, { en: "Cases for staff", zh: "待人工处理" }) : []),
    ...tableLines(
      cases.map(({ at, key, reason }) => [at, key, reason]),
      "  ",
    ),
  ]
}

/** Where the money is, and whether the book is in order. */
export function ledgerLines(output: Output, summary: LedgerSummary, check?: LedgerCheck): string[] {
  const rows: [Text, bigint][] = [
    [{ en: "customer deposits", zh: "客户存款" }, summary.customersFen],
    [{ en: "waiting for a confirmation", zh: "待确认" }, summary.pendingFen],
    [{ en: "suspense", zh: "挂账" }, summary.suspenseFen],
    [{ en: "vault", zh: "金库" }, summary.vaultFen],
  ]
  return [
    ...heading(output, { en: "Ledger", zh: "账本" }),
    ...tableLines(
      rows.map(([name, fen]) => [output.say(name), formatYuan(fen)]),
      "  ",
    ),
    ...(check?.violations ?? []).map(({ invariant, text }) =>
      output.paint("red", `  ${output.say({ en: "invariant", zh: "不变式" })} ${invariant}: ${text}`),
    ),
  ]
}

/** One line for each terminal: its cash, and what it did on the day. */
export function terminalLines(output: Output, { terminals }: BankReport): string[] {
  const head = [
    { en: "terminal", zh: "终端" },
    { en: "signed on", zh: "签到" },
    { en: "cash", zh: "现金" },
    { en: "withdrawals", zh: "取款" },
    { en: "deposits", zh: "存款" },
    { en: "reversals", zh: "冲正" },
    { en: "retracts", zh: "收回" },
  ].map((text) => output.say(text))
  const rows = terminals.map(({ id, signedOn, cashFen, totals }) => [
    id,
    output.say(signedOn ? { en: "yes", zh: "是" } : { en: "no", zh: "否" }),
    formatYuan(cashFen),
    ...[totals.withdrawals, totals.deposits, totals.reversals, totals.retracts].map(
      ({ count, amountFen }) => `${count} / ${formatYuan(amountFen)}`,
    ),
  ])
  return [...heading(output, { en: "Terminals", zh: "终端" }), ...tableLines([head, ...rows], "  ")]
}

/** Money that nobody has confirmed, and money whose owner is not clear. */
export function openLines(output: Output, { pending, suspense }: BankReport): string[] {
  return [
    ...itemLines(output, { en: "Waiting for a confirmation", zh: "待确认" }, pending),
    ...itemLines(output, { en: "Suspense", zh: "挂账" }, suspense),
  ]
}

function itemLines(output: Output, title: Text, items: readonly OpenItem[]): string[] {
  if (items.length === 0) return []
  const rows = items.map(({ key, fen, ageDays, alarm }) => {
    const age = output.say({ en: `${ageDays} days`, zh: `${ageDays} 天` })
    return [key, formatYuan(fen), alarm ? `${age} !` : age]
  })
  return [...heading(output, title), ...tableLines(rows, "  ")]
}
