import { hex } from "../../src/apdu/index.js"
import type { SamSpec } from "../../src/card/index.js"
import { type Card, type CardRuntimeOptions, cardFromLayout, compileLayout, samCardSpec } from "../../src/card/index.js"
import { type Algorithm, testMasterKey } from "../../src/crypto/index.js"
import { samKeys } from "../../src/dictionary/index.js"

export const SELECT_DF01 = "00A4000002DF01"
export const SELECT_DDF1 = "00A4000002DDF1"

/** The published test masters at the levels of the tables. */
export const testStore = (algorithm: Algorithm) =>
  samKeys.map(({ psamUsage, psamId, testId }) => ({
    usage: psamUsage,
    id: psamId,
    value: testMasterKey(algorithm, testId),
    tries: 3,
  }))

export const samSpec = (changes: Partial<SamSpec> = {}): SamSpec => ({
  name: "test-sam",
  atr: hex("3B7D940000" + "57434D3103866000000000000A"),
  terminalNumber: hex("320800000001"),
  publicInformation: hex("00000000000000000001" + "01" + "00" + "0000"),
  environments: [{ algorithm: "3des", keys: testStore("3des") }],
  nextSequence: 1,
  options: { factorOrder: "cardFirst", sequenceStep: "initialise", sm4Mac: "xor4" },
  ...changes,
})

/** A powered SAM with nothing selected but its MF. */
export function samCard(changes: Partial<SamSpec> = {}, options: CardRuntimeOptions = {}): Card {
  const card = cardFromLayout(compileLayout(samCardSpec(samSpec(changes))), {
    seed: "sam",
    onFault: (error) => {
      throw error
    },
    ...options,
  })
  card.powerOn()
  return card
}

/** A SAM of the second environment, SM4. */
export const sm4Sam = (changes: Partial<SamSpec> = {}): Card =>
  samCard({ environments: [{ algorithm: "sm4", keys: testStore("sm4") }], ...changes })
