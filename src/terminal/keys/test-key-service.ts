import { deriveCardKey, testMasterKey } from "../../crypto/index.js"
import {
  type CardKeyRequest,
  type CardKeyService,
  diversificationFactors,
  type MedicalKeyService,
  type SoftwareKeyOptions,
  softwareKeyService,
  softwareMedicalKeys,
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
  return softwareKeyService(testCardKey, options)
}

/** The same for medical accounts: those of terminals and of the centre. */
export function testMedicalKeys({ sm4Mac }: SoftwareKeyOptions = {}): MedicalKeyService {
  return softwareMedicalKeys(testCardKey, sm4Mac)
}

function testCardKey({ key, algorithm, factors }: CardKeyRequest): Uint8Array {
  return deriveCardKey(algorithm, testMasterKey(algorithm, key.testId), diversificationFactors(key.levels, factors))
}
