import { formatYuan } from "../dictionary/index.js"
import type { CardEvent, FinancialEvent } from "../terminal/index.js"
import type { Text } from "./language.js"

const STEPS: Readonly<Partial<Record<Extract<FinancialEvent, { type: "step" }>["step"], Text>>> = {
  stacked: { en: "notes stacked", zh: "钞票已备好" },
  cardOut: { en: "card given back", zh: "已退卡" },
  presented: { en: "notes presented", zh: "钞票已送出" },
  taken: { en: "notes taken", zh: "钞票已取走" },
  retracted: { en: "notes pulled back in", zh: "钞票已收回" },
  stored: { en: "notes stored", zh: "钞票已入库" },
  returned: { en: "notes given back", zh: "钞票已退还" },
}

/** A line for a step of a financial flow; undefined for steps that only a trace needs. */
export function financialEventText(event: FinancialEvent): Text | undefined {
  switch (event.type) {
    case "application-selected":
      return { en: `card: ${event.label}, PAN ${event.pan}`, zh: `卡片:${event.label},卡号 ${event.pan}` }
    case "pin-entered":
      return { en: "PIN pad: PIN entered", zh: "密码键盘:已输入密码" }
    case "host-asked": {
      const number = String(event.stan).padStart(6, "0")
      if (event.amountFen === undefined) return { en: `bank asked, STAN ${number}`, zh: `请求银行,流水号 ${number}` }
      const amount = formatYuan(event.amountFen)
      return { en: `bank asked for ${amount}, STAN ${number}`, zh: `向银行请求 ${amount} 元,流水号 ${number}` }
    }
    case "host-answered":
      return {
        en: `bank answered ${event.code}: ${event.meaning.en}`,
        zh: `银行应答 ${event.code}:${event.meaning.zh}`,
      }
    case "host-silent":
      return { en: `bank did not answer (${event.reason})`, zh: `银行无应答 (${event.reason})` }
    case "card-decided":
      return {
        en: `card: ${event.outcome === "approved" ? "TC" : event.outcome}, TVR ${event.tvr}, TSI ${event.tsi}`,
        zh: `卡片:${event.outcome === "approved" ? "TC 批准" : event.outcome},TVR ${event.tvr},TSI ${event.tsi}`,
      }
    case "scripts-run": {
      const outcomes = event.results.map(({ outcome }) => outcome).join(", ")
      return { en: `issuer script: ${outcomes}`, zh: `发卡行脚本:${outcomes}` }
    }
    case "step":
      return STEPS[event.step]
    case "reversed":
      return { en: `reversal stored and sent (${event.reason})`, zh: `冲正已登记并发送 (${event.reason})` }
    case "recovered":
      return {
        en: `transaction ${event.what.id} left open at "${event.what.step}": ${event.what.decision}`,
        zh: `上次中断的交易 ${event.what.id}(${event.what.step}):${event.what.decision}`,
      }
    case "pin-asked":
    case "refused":
      return undefined
  }
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
    case "selected":
    case "person-read":
    case "file-read":
    case "refused":
      return undefined
  }
}
