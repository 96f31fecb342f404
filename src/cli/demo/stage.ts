import { formatYuan } from "../../dictionary/index.js"
import type { CardEvent, FinancialEvent } from "../../terminal/index.js"
import { cardEventText, financialEventText } from "../event-text.js"
import type { Text } from "../language.js"
import { type Output, toJson } from "../output.js"

/** An event for programs. */
type StageEvent = { readonly type: string } & Readonly<Record<string, unknown>>

/** Prints the demo: for people as scenes with indented steps, with `--json` one event a line. */
export interface Stage {
  scene(title: Text): void
  /** A step that card or bank reported. */
  onCardEvent(event: CardEvent): void
  onFinancialEvent(event: FinancialEvent): void
  /** A line for people, and the event behind it for programs. */
  tell(event: StageEvent, text: Text): void
  lines(lines: readonly string[]): void
  /** The card, the bank or a rule said no: the expected end of some scenes. */
  refused(refusal: {
    readonly code: string
    readonly reason: Text
    readonly rule?: string
    readonly triesLeft?: number
  }): void
}

export function createStage(output: Output): Stage {
  let number = 0
  let scene = 0
  const emit = (event: object) => {
    number += 1
    output.document({ number, scene, ...event })
  }
  const step = (text: Text | undefined) => {
    if (text) output.line(`   ${output.say(text)}`)
  }
  return {
    scene(title) {
      scene += 1
      output.line()
      output.line(output.paint("bold", `${scene}. ${output.say(title)}`))
      emit({ type: "scene", title: output.say(title) })
    },
    onCardEvent(event) {
      step(cardEventText(event))
      if (event.type !== "person-read" && event.type !== "file-read") emit(withoutTexts(event))
    },
    onFinancialEvent(event) {
      step(financialEventText(event))
      emit(withoutTexts(event))
    },
    tell(event, text) {
      step(text)
      emit(event)
    },
    lines(lines) {
      for (const line of lines) output.line(`   ${line}`)
    },
    refused({ code, reason, rule, triesLeft }) {
      const where = rule ? `${code}, ${rule}` : code
      const tries =
        triesLeft === undefined ? "" : output.say({ en: `, ${triesLeft} tries left`, zh: `,剩余 ${triesLeft} 次` })
      output.line(
        `   ${output.paint("yellow", output.say({ en: "refused", zh: "拒绝" }))}: ${output.say(reason)}${tries} (${where})`,
      )
    },
  }
}

/** Events carry texts in both languages; programs take the codes. */
function withoutTexts(event: object): object {
  return JSON.parse(toJson(event))
}

/** An amount for people. */
export const yuan = (fen: number | bigint): string => formatYuan(fen)
