import { hex } from "../../../src/apdu/index.js"
import { dataStore } from "../../../src/terminal/emv/data-store.js"
import {
  atmConfiguration,
  type TerminalConfiguration,
  type TransactionInput,
  type TransactionState,
} from "../../../src/terminal/emv/index.js"
import { verification } from "../../../src/terminal/emv/verification-results.js"
import { scriptedCard } from "./scripted-card.js"

/** A transaction at the point where the card has been read. */
export function transactionState(
  card: Readonly<Record<number, string>>,
  more: {
    configuration?: TerminalConfiguration
    input?: Partial<TransactionInput>
    script?: Readonly<Record<string, string | readonly string[]>>
  } = {},
): TransactionState {
  const configuration = more.configuration ?? atmConfiguration()
  const data = dataStore(configuration.constants)
  data.set(0x82, hex("7C00"))
  for (const [tag, value] of Object.entries(card)) data.set(Number(tag), hex(value))
  return {
    card: scriptedCard(more.script ?? {}),
    configuration,
    input: {
      type: 0x01,
      amountFen: 50_000,
      date: "251120",
      time: "103000",
      unpredictableNumber: hex("11223344"),
      ...more.input,
    },
    data,
    verification: verification(),
    sent: [],
  }
}
