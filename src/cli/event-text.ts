import { hexNumber } from "../apdu/index.js"
import { formatYuan, type ScriptResult } from "../dictionary/index.js"
import type { CardEvent, EmvOutcome, FinancialEvent, Recovered } from "../terminal/index.js"
import type { Text } from "./language.js"
import { triesText } from "./tries.js"

const STEPS: Readonly<Partial<Record<Extract<FinancialEvent, { type: "step" }>["step"], Text>>> = {
  stacked: { en: "notes stacked", zh: "钞票已备好" },
  cardOut: { en: "card given back", zh: "已退卡" },
  presented: { en: "notes presented", zh: "钞票已送出" },
  taken: { en: "notes taken", zh: "钞票已取走" },
  retracted: { en: "notes pulled back in", zh: "钞票已收回" },
  stored: { en: "notes stored", zh: "钞票已入库" },
  returned: { en: "notes given back", zh: "钞票已退还" },
}

/** What a card decided, where its cryptogram does not say it all. */
const OUTCOMES: Readonly<Record<Exclude<EmvOutcome, "cancelled">, Text>> = {
  approved: { en: "approved", zh: "批准" },
  declinedOffline: { en: "declined off-line", zh: "脱机拒绝" },
  declinedByIssuer: { en: "declined by the issuer", zh: "发卡行拒绝" },
  declinedByCard: { en: "declined by the card", zh: "卡片拒绝" },
  unableOnline: { en: "declined, the issuer did not answer", zh: "发卡行无应答,拒绝" },
  cardDataError: { en: "wrong data", zh: "卡片数据错误" },
  applicationBlocked: { en: "application blocked or not activated", zh: "应用已锁定或未激活" },
  cardBlocked: { en: "card blocked", zh: "卡片已锁定" },
  conditionsNotSatisfied: { en: "conditions of use not satisfied", zh: "不满足使用条件" },
  noApplication: { en: "no application in common", zh: "无可用应用" },
}

/** What was made of a transaction that a power cut left open. */
const DECISIONS: Readonly<Record<Recovered["decision"], Text>> = {
  nothing: { en: "the bank was not asked, nothing to do", zh: "尚未请求银行,无需处理" },
  reversed: { en: "reversed", zh: "已冲正" },
  taken: { en: "the notes were taken, the bank is told", zh: "钞票已取走,已通知银行" },
  retracted: { en: "the notes are back in the machine, the bank is told", zh: "钞票已收回,已通知银行" },
  stored: { en: "the notes are stored, the bank is told", zh: "钞票已入库,已通知银行" },
  unknown: { en: "nobody knows where the notes are, the bank checks", zh: "钞票去向不明,由银行核实" },
}

const SCRIPT_OUTCOMES: Readonly<Record<ScriptResult["outcome"], Text>> = {
  ok: { en: "carried out", zh: "执行成功" },
  failed: { en: "failed", zh: "执行失败" },
  notRun: { en: "not run", zh: "未执行" },
}

/** A line for a step of a financial flow; undefined for steps that only a trace needs. */
export function financialEventText(event: FinancialEvent): Text | undefined {
  switch (event.type) {
    case "application-selected":
      return { en: `card: ${event.label}, PAN ${event.pan}`, zh: `卡片:${event.label},卡号 ${event.pan}` }
    case "pin-asked": {
      if (event.triesLeft === undefined) return undefined
      const { en, zh } = triesText(event.triesLeft)
      return { en: `PIN pad: wrong PIN, asks again, ${en}`, zh: `密码键盘:密码错误,请重新输入,${zh}` }
    }
    case "pin-entered":
      return { en: "PIN pad: PIN entered", zh: "密码键盘:已输入密码" }
    case "host-asked":
      return hostAskedText(event)
    case "host-answered":
      return {
        en: `bank answered ${event.code}: ${event.meaning.en}`,
        zh: `银行应答 ${event.code}:${event.meaning.zh}`,
      }
    case "host-silent":
      return { en: `bank did not answer (${event.reason})`, zh: `银行无应答 (${event.reason})` }
    case "card-decided":
      return cardDecidedText(event)
    case "scripts-run": {
      const outcomes = event.results.map(({ outcome }) => SCRIPT_OUTCOMES[outcome])
      return {
        en: `card: issuer script ${outcomes.map(({ en }) => en).join(", ")}`,
        zh: `卡片:发卡行脚本${outcomes.map(({ zh }) => zh).join("、")}`,
      }
    }
    case "step":
      return STEPS[event.step]
    case "reversed":
      return { en: `reversal stored and sent (${event.reason})`, zh: `冲正已登记并发送 (${event.reason})` }
    case "recovered": {
      const { id, decision } = event.what
      const { en, zh } = DECISIONS[decision]
      return { en: `transaction ${id} was left open: ${en}`, zh: `交易 ${id} 曾中断:${zh}` }
    }
    case "refused":
      return undefined
  }
}

function hostAskedText({ stan, amountFen, arqc }: Extract<FinancialEvent, { type: "host-asked" }>): Text {
  const number = String(stan).padStart(6, "0")
  const amount = amountFen === undefined ? undefined : formatYuan(amountFen)
  const cryptogram = arqc === undefined ? "" : `, ARQC ${arqc}`
  return {
    en: `bank asked${amount === undefined ? "" : ` for ${amount}`}: STAN ${number}${cryptogram}`,
    zh: `请求银行${amount === undefined ? "" : ` ${amount} 元`}:流水号 ${number}${cryptogram}`,
  }
}

function cardDecidedText({ outcome, cryptogram, tvr, tsi }: Extract<FinancialEvent, { type: "card-decided" }>): Text {
  if (outcome === "cancelled") return { en: "PIN pad: the holder gives up", zh: "密码键盘:持卡人取消" }
  const { en, zh } = OUTCOMES[outcome]
  const proof = cryptogram ? `${cryptogram.type} ${cryptogram.value}, ` : ""
  return { en: `card: ${en}, ${proof}TVR ${tvr}, TSI ${tsi}`, zh: `卡片:${zh},${proof}TVR ${tvr}, TSI ${tsi}` }
}

/** A line for a step of a flow on the social security side. */
export function cardEventText(event: CardEvent): Text | undefined {
  switch (event.type) {
    case "pin-verified":
      return {
        initial: { en: "card: initial PIN verified", zh: "卡片:初始密码校验通过" },
        current: { en: "card: PIN verified", zh: "卡片:密码校验通过" },
        new: { en: "card: new PIN verified", zh: "卡片:新密码校验通过" },
      }[event.which]
    case "pin-changed":
      return { en: "card: PIN changed", zh: "卡片:密码已修改" }
    case "pin-reset":
      return { en: "card: new PIN loaded", zh: "卡片:密码已重装" }
    case "pin-unblocked":
      return { en: "card: PIN unblocked", zh: "卡片:密码已解锁" }
    case "genuine":
      return { en: "card: genuine", zh: "卡片:内部认证通过" }
    case "authenticated":
      return { en: `card: authenticated with ${event.key}`, zh: `卡片:${event.key} 外部认证通过` }
    case "written": {
      const record =
        event.record === undefined ? { en: "", zh: "" } : { en: ` record ${event.record}`, zh: `记录${event.record}` }
      const file = `${event.directory}/${hexNumber(event.fid, 4)}`
      return { en: `card: ${file}${record.en} written`, zh: `卡片:${file}${record.zh}已写入` }
    }
    case "card-managed":
      return {
        "application-blocked": { en: "card: application blocked", zh: "卡片:应用已锁定" },
        "application-unblocked": { en: "card: application unblocked", zh: "卡片:应用已解锁" },
        "card-blocked": { en: "card: card blocked", zh: "卡片:卡片已锁定" },
      }[event.what]
    case "selected":
    case "person-read":
    case "file-read":
    case "refused":
      return undefined
  }
}
