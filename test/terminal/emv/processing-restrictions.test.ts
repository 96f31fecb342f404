import { expect, it } from "vitest"
import { toHex } from "../../../src/apdu/index.js"
import {
  atmConfiguration,
  counterConfiguration,
  posConfiguration,
  type TerminalConfiguration,
} from "../../../src/terminal/emv/index.js"
import { processingRestrictions } from "../../../src/terminal/emv/processing-restrictions.js"
import { transactionState } from "./transaction-state.js"

const ATM = atmConfiguration()
const CARD = { 40712: "0030", 24357: "250101", 24356: "351231", 40711: "FF00", 24360: "0156" }

// EMV Book 3 §10.4, financial-emv §26.
it.each<[string, Record<number, string>, TerminalConfiguration, number, string, string]>([
  ["the default card passes at an ATM", {}, ATM, 0x01, "251120", "00"],
  ["the default card passes at a merchant's", {}, posConfiguration(), 0x00, "251120", "00"],
  ["another version", { 40712: "0020" }, ATM, 0x01, "251120", "80"],
  ["the last day of validity", {}, ATM, 0x01, "351231", "00"],
  ["the day after", {}, ATM, 0x01, "360101", "40"],
  ["the first day of validity", {}, ATM, 0x01, "250101", "00"],
  ["the day before", {}, ATM, 0x01, "241231", "20"],
  ["a card that expired in the last century", { 24356: "991231", 24357: "970101" }, ATM, 0x01, "251120", "40"],
  ["no cash in the home country", { 40711: "7F00" }, ATM, 0x01, "251120", "10"],
  ["no cash abroad", { 40711: "BF00", 24360: "0840" }, ATM, 0x01, "251120", "10"],
  ["cash abroad", { 40711: "4200", 24360: "0840" }, ATM, 0x01, "251120", "00"],
  ["not at ATMs", { 40711: "FD00" }, ATM, 0x01, "251120", "10"],
  ["not at ATMs, at the counter", { 40711: "FD00" }, counterConfiguration(), 0x01, "251120", "00"],
  ["only at ATMs, at the counter", { 40711: "FE00" }, counterConfiguration(), 0x01, "251120", "10"],
  ["an inquiry needs no right to cash", { 40711: "0200" }, ATM, 0x30, "251120", "00"],
  ["a purchase passes for services alone", { 40711: "0900" }, posConfiguration(), 0x00, "251120", "00"],
  ["a purchase with neither goods nor services", { 40711: "C100" }, posConfiguration(), 0x00, "251120", "10"],
  ["cashback that is not allowed", { 40711: "3900" }, posConfiguration(), 0x09, "251120", "10"],
  ["cashback that is allowed", { 40711: "3980" }, posConfiguration(), 0x09, "251120", "00"],
])("%s gives TVR byte 2 = %s", (_, card, configuration, type, date, byte2) => {
  const state = transactionState({ ...CARD, ...card }, { configuration, input: { type, date } })
  processingRestrictions(state)
  expect(toHex(state.verification.tvr)).toBe(`00${byte2}000000`)
})

it("does not ask for data that the card need not have", () => {
  const state = transactionState({ 24356: "351231" })
  processingRestrictions(state)
  expect(toHex(state.verification.tvr)).toBe("0000000000")
})
