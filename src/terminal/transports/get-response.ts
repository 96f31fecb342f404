import { concat, ShebaoError, type Transport } from "../../apdu/index.js"

const MAX_GET_RESPONSES = 256
const MAX_RESPONSE_DATA = 65_536

/**
 * Fetches what waits behind a 61xx answer with GET RESPONSE (ISO 7816-4 §11.8.1; readers §6.5).
 *
 * @param first the answer that ended with 61xx; data that came with it is kept
 * @param limit most data bytes that the caller asked for; when they are there the answer is returned as it stands
 * @returns all data and the last status word
 * @throws {ShebaoError} with code `T0_NO_PROGRESS` after two answers in a row that promise data and bring none, or
 *   beyond 256 GET RESPONSE or 65,536 bytes
 */
export async function fetchWaitingData(
  transport: Transport,
  cla: number,
  first: Uint8Array,
  limit = MAX_RESPONSE_DATA,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  let emptyAnswers = 0
  let answer = first
  for (let requests = 0; ; requests++) {
    const sw1 = answer[answer.length - 2]
    const sw2 = answer[answer.length - 1]!
    let ask = sw2 || 256
    if (sw1 === 0x61) {
      const brought = answer.length - 2
      emptyAnswers = brought === 0 ? emptyAnswers + 1 : 0
      length += brought
      if (emptyAnswers === 2 || requests === MAX_GET_RESPONSES || length > MAX_RESPONSE_DATA) throw noProgress(requests)
      if (length >= limit) return concat(...parts, answer)
      if (brought > 0) parts.push(answer.subarray(0, brought))
      ask = Math.min(ask, limit - length)
    } else if (sw1 === 0x6c && requests > 0) {
      // 6Cxx here corrects the GET RESPONSE, never the command that came first.
      if (requests === MAX_GET_RESPONSES) throw noProgress(requests)
    } else {
      return parts.length === 0 ? answer : concat(...parts, answer)
    }
    answer = await transport.transmit(Uint8Array.of(getResponseClass(cla), 0xc0, 0x00, 0x00, ask & 0xff))
  }
}

/** Keeps the logical channel of an inter-industry class; secure messaging and chaining bits are dropped. */
function getResponseClass(cla: number): number {
  if (cla < 0x20) return cla & 0x03
  if (cla >= 0x40 && cla < 0x80) return cla & 0x4f
  return 0x00
}

function noProgress(requests: number): ShebaoError {
  return new ShebaoError("T0_NO_PROGRESS", `The card promises more data but brings none (${requests} GET RESPONSE).`, {
    messageZh: "卡片声明有后续数据,但未返回数据。",
  })
}
