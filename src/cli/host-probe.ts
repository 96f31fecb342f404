import { ShebaoError } from "../apdu/index.js"
import {
  decodeFrame,
  decodeMessage,
  encodeFrame,
  encodeMessage,
  encodePrivateDigits,
  NETWORK_CODE,
} from "../dictionary/index.js"
import { tcpLink } from "../terminal/index.js"

const PATIENCE_MILLISECONDS = 5_000

/** The echo of a terminal: it needs no keys and changes nothing (host-iso8583 §11.1). */
const ECHO = encodeFrame(
  encodeMessage({
    messageType: "0800",
    fields: {
      11: "000001",
      41: "ATM00001",
      42: "SHEBAO000000001",
      60: encodePrivateDigits({ type: "00", batch: "000001", networkCode: NETWORK_CODE.ECHO }),
      63: "001",
    },
  }),
)

/** True when a bank answers an echo there, whatever it says. */
export async function isBankListening(host: string, port: number): Promise<boolean> {
  const link = tcpLink({ host, port, timeoutMilliseconds: PATIENCE_MILLISECONDS })
  try {
    const answer = decodeMessage(decodeFrame(await link.exchange(ECHO)).message)
    return answer.messageType === "0810"
  } catch (error) {
    if (error instanceof ShebaoError) return false
    throw error
  } finally {
    await link.close()
  }
}
