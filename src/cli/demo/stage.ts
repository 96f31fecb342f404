import { formatYuan } from "../../dictionary/index.js"
import type { CardEvent, FinancialEvent, MedicalWithdrawalEvent } from "../../terminal/index.js"
import { cardEventText, financialEventText } from "../event-text.js"
import type { Text } from "../language.js"
import type { Output } from "../output.js"
import { type PrintableRefusal, refusalDocument, refusalText } from "../refusal.js"

/** An event for programs. */
type StageEvent = { readonly type: string } & Readonly<Record<string, unknown>>

/** Prints the demo: for people as scenes with indented steps, with `--json` one event a line. */
export interface Stage {
  scene(title: Text): void
  /** A step that the card reported. */
  onCardEvent(event: CardEvent): void
  /** A step that card or bank reported. */
  onFinancialEvent(event: FinancialEvent): void
  /** A step that the medical centre reported. */
  onMedicalEvent(event: MedicalWithdrawalEvent): void
  /** A line for people, and the event behind it for programs. */
  tell(event: StageEvent, text: Text): void
  /** A table for people, and the event behind it for programs. */
  show(event: StageEvent, lines: readonly string[]): void
  /** The card, the bank or a rule said no: the expected end of some scenes. */
  refused(refusal: PrintableRefusal): void
}

export function createStage(output: Output): Stage {
  let number = 0
  let scene = 0
  const emit = (event: object) => {
    number += 1
    output.event({ number, scene, ...event })
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
      // What was read is shown as a table; refusals by whoever expects them.
      if (event.type !== "person-read" && event.type !== "file-read" && event.type !== "refused") emit(event)
    },
    onFinancialEvent(event) {
      step(financialEventText(event))
      if (event.type !== "refused") emit(event)
    },
    onMedicalEvent(event) {
      if (event.type === "refused") return
      step({ en: "medical centre asked", zh: "请求医疗保险服务中心" })
      emit(event)
    },
    tell(event, text) {
      step(text)
      emit(event)
    },
    show(event, lines) {
      for (const line of lines) output.line(`   ${line}`.trimEnd())
      emit(event)
    },
    refused(refusal) {
      output.line(`   ${output.paint("yellow", refusalText(output, refusal))}`)
      emit({ type: "refused", ...refusalDocument(output, refusal).refusal })
    },
  }
}

/** An amount for people. */
export const yuan = (fen: number | bigint): string => formatYuan(fen)
