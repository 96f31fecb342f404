import { concat, hex, InputError } from "../../../apdu/index.js"
import { type Algorithm, deriveCardKey, testMasterKey } from "../../../crypto/index.js"
import { cityFactor, provinceFactor, samKeys, usageLevels, usageType } from "../../../dictionary/index.js"
import { type SamKeySpec, samCardSpec } from "../../applications/sam/specification.js"
import type { CardSpec } from "../../specification.js"
import { profileAtr } from "../atr.js"
import type { SamProfile } from "./schema.js"

/**
 * The SAM that a profile asks for.
 *
 * @throws {InputError} naming the field that does not fit
 */
export function samProfileSpec(profile: SamProfile): CardSpec {
  const { environments = [profile.algorithm], serial, version, keyType, issuerData } = profile
  const { factorOrder, sequenceStep, sm4Mac, ...options } = profile.options
  const spec = samCardSpec({
    name: profile.name,
    atr: profileAtr(profile),
    terminalNumber: hex(profile.terminalNumber, "terminalNumber"),
    publicInformation: concat(hex(serial), hex(version), hex(keyType), hex(issuerData)),
    environments: [...new Set(environments)].map((algorithm) => ({ algorithm, keys: keyStore(profile, algorithm) })),
    nextSequence: profile.nextSequence,
    options: { factorOrder, sequenceStep, sm4Mac },
  })
  return { ...spec, options }
}

function keyStore({ keys, purchaseTries: tries }: SamProfile, algorithm: Algorithm): SamKeySpec[] {
  for (const name of keys.without)
    if (!samKeys.some((key) => key.name === name))
      throw new InputError(
        "keys.without",
        `expected the name of a key that a SAM may hold, got ${JSON.stringify(name)}`,
      )
  const derived = samKeys
    .filter(({ name }) => !keys.without.includes(name))
    .map(({ psamUsage, psamId, testId }): SamKeySpec => {
      const factors = factorsAbove(keys, usageLevels(psamUsage))
      return {
        usage: ((usageLevels(psamUsage) - factors.length) << 5) | usageType(psamUsage),
        id: psamId,
        value: deriveCardKey(algorithm, testMasterKey(algorithm, testId), factors),
        tries,
      }
    })
  const own = keys.own.map(({ usage, id, value }, index): SamKeySpec => {
    const field = `keys.own[${index}]`
    return { usage: hex(usage)[0]!, id: hex(id)[0]!, value: hex(value, `${field}.value`), tries }
  })
  const isSame = (a: SamKeySpec, b: SamKeySpec) => a.usage === b.usage && a.id === b.id
  for (const [index, key] of own.entries())
    if (own.slice(0, index).some((other) => isSame(other, key)))
      throw new InputError(`keys.own[${index}]`, "expected a usage and identifier of its own")
  return [...derived.filter((key) => !own.some((other) => isSame(other, key))), ...own]
}

/** What a key was derived by before it came into the SAM of a province or city. */
function factorsAbove({ level, region = "" }: SamProfile["keys"], levels: number): Uint8Array[] {
  if (level === "master") return []
  const province = levels === 3 ? [provinceFactor(region)] : []
  return level === "province" ? province : [...province, cityFactor(region)]
}

/** @throws {InputError} for a level without a region */
export function checkSamProfile({ keys }: SamProfile): void {
  if (keys.level !== "master" && keys.region === undefined)
    throw new InputError("keys.region", `expected the region of a SAM of level ${keys.level}`)
}
