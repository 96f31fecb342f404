import { deriveCardKey, testMasterKey } from "../../crypto/index.js"
import {
  type CardKeyService,
  diversificationFactors,
  type SoftwareKeyOptions,
  softwareKeyService,
} from "../../dictionary/index.js"

/**
 * Works with the published test keys in software (card-structure §16.6): opens every card that was made of a profile
 * without keys of its own, and no real one. Never refuses.
 *
 * @example
 * const keys = testKeyService()
 * await keys.internalAuthentication({ key: keyNamed("IRK"), algorithm: "3des", factors, factor, original })
 */
export function testKeyService(options: SoftwareKeyOptions = {}): CardKeyService {
  return softwareKeyService(
    ({ key, algorithm, factors }) =>
      deriveCardKey(algorithm, testMasterKey(algorithm, key.testId), diversificationFactors(key.levels, factors)),
    options,
  )
}
