import type { BankEvent, BankServerEvent, KeyServerEvent, KeyServerRejection } from "../host/index.js"
import type { Text } from "./language.js"

/** A line of the bank's log. What messages hold is not in it, only which they were. */
export function bankEventText(event: BankEvent | BankServerEvent): Text {
  switch (event.type) {
    case "exchange": {
      const { at, terminal = "-", messageType, stan = "-", answerCode = "-" } = event
      const line = `${at}  ${terminal}  ${messageType}  ${stan}  -> ${answerCode}`
      return { en: line, zh: line }
    }
    case "dropped":
      return {
        en: `${event.at}  ${event.bytes} bytes dropped: ${event.reason}`,
        zh: `${event.at}  丢弃 ${event.bytes} 字节:${event.reason}`,
      }
    case "alert": {
      const { at, reason, terminal = "-", stan = "-" } = event
      return { en: `${at}  ALERT ${terminal} ${stan}: ${reason}`, zh: `${at}  告警 ${terminal} ${stan}:${reason}` }
    }
    case "connected":
      return { en: `connected  ${event.peer}`, zh: `已连接  ${event.peer}` }
    case "disconnected":
      return { en: `disconnected  ${event.peer}`, zh: `已断开  ${event.peer}` }
    case "cut":
      return { en: `cut  ${event.peer}: ${event.reason}`, zh: `已切断  ${event.peer}:${event.reason}` }
    case "refused":
      return { en: `refused  ${event.peer}: too many connections`, zh: `已拒绝  ${event.peer}:连接过多` }
  }
}

/** The same for programs. */
export function bankEventDocument(event: BankEvent | BankServerEvent): object {
  const { type, ...details } = event
  return { event: type, ...details }
}

/** A line of the HSM service's log: which key was asked for, never what was made with it. */
export function keyEventText(event: KeyServerEvent | KeyServerRejection): Text {
  if (event.type === "rejected") {
    const { status, reason } = event
    return { en: `key request rejected: ${status} ${reason}`, zh: `密钥请求被拒:${status} ${reason}` }
  }
  const { service, key, region, outcome } = event
  const line = `${service}  ${key}  ${region}  -> ${outcome}`
  return { en: line, zh: line }
}

/** The same for programs. */
export function keyEventDocument({ type, ...details }: KeyServerEvent | KeyServerRejection): object {
  return { event: type, ...details }
}
