import { concat, equalBytes, type Tlv } from "../../apdu/index.js"
import { type EmvPublicKey, parseCombinedData, recoverDynamicData, sha1, sm3 } from "../../crypto/index.js"
import { TSI, TVR } from "../../dictionary/index.js"
import { explainFault } from "./card-keys.js"
import type { TransactionState } from "./transaction-state.js"

const SIGNED_DATA = 0x9f4b

/** A cryptogram that was taken out of the card's signature. */
export interface SignedCryptogram {
  /** Tag 9F26. */
  readonly value: Uint8Array
}

/**
 * Combined DDA and cryptogram generation: checks the signature in the answer to GENERATE AC (EMV Book 2 §6.6.2). Sets
 * the TSI, and TVR byte 1 b3 when it is not believed.
 *
 * @param template tag 77 as the card sent it
 * @param sent data of GET PROCESSING OPTIONS and of the GENERATE AC so far, this one included
 */
export function checkCombined(
  state: TransactionState,
  key: EmvPublicKey,
  template: Tlv,
  sent: readonly Uint8Array[],
): SignedCryptogram | undefined {
  const { data, verification } = state
  verification.performed(TSI.odaPerformed)
  const failed = (fault: Parameters<typeof explainFault>[2]) => {
    explainFault(state, ["signature of the cryptogram", "密文签名"], fault)
    verification.set(TVR.cdaFailed)
    return undefined
  }
  const objects = template.children ?? []
  const signed = objects.find(({ tag }) => tag === SIGNED_DATA)?.value
  const informationData = objects.find(({ tag }) => tag === 0x9f27)?.value[0]
  if (!signed) return failed("format")
  const recovered = recoverDynamicData(key, signed, data.get(0x9f37)!)
  if (!recovered.ok) return failed(recovered.fault)
  const [hash, length] = key.algorithm === "rsa" ? ([sha1, 20] as const) : ([sm3, 32] as const)
  const combined = parseCombinedData(recovered.value.dynamicData, length)
  if (!combined || combined.informationData !== informationData) return failed("format")
  if (!equalBytes(combined.hash, hash(concat(...sent, answerWithoutSignature(template))))) return failed("hash")
  data.set(SIGNED_DATA, signed)
  data.set(0x9f4c, combined.dynamicNumber)
  return { value: combined.cryptogram }
}

/** The objects of the answer as they came, tags and lengths included, without the signature. */
function answerWithoutSignature({ value, children = [] }: Tlv): Uint8Array {
  const parts: Uint8Array[] = []
  let at = 0
  for (const object of children) {
    const end = object.value.byteOffset + object.value.length - value.byteOffset
    if (object.tag !== SIGNED_DATA) parts.push(value.subarray(at, end))
    at = end
  }
  return concat(...parts)
}
