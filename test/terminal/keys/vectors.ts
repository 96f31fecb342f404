import { hex } from "../../../src/apdu/index.js"
import type { Algorithm } from "../../../src/crypto/index.js"
import type { CardFactors } from "../../../src/dictionary/index.js"

/** The card of card-commands §9.4 and §9.5. */
export const factors: CardFactors = { atr: hex("3B6D00000081543100" + "8660110816000001"), region: "320800" }

export const ORIGINAL = "0102030405060708"

/** INTERNAL AUTHENTICATE: algorithm, factor, proof (T2, S2). */
export const internalVectors: readonly (readonly [clause: string, algorithm: Algorithm, proof: string])[] = [
  ["§9.4 T2", "3des", "F4F14BF11083845F"],
  ["§9.5 S2", "sm4", "C82A956D935FF6E23A27F7BC31D089E8"],
]

/** EXTERNAL AUTHENTICATE over the previous challenge 0102030405060708 (T3-T7, S3-S7). */
export const externalVectors: readonly (readonly [
  clause: string,
  algorithm: Algorithm,
  key: string,
  challenge: string,
  data: string,
])[] = [
  ["§9.4 T3", "3des", "RKssse", "A1A2A3A4A5A6A7A8", `2898438E02652C17${ORIGINAL}`],
  ["§9.4 T4", "3des", "UKssse", "B1B2B3B4B5B6B7B8", `0DE48E9A7E4B4C53${ORIGINAL}`],
  ["§9.4 T5", "3des", "PUK", "D1D2D3D4D5D6D7D8", `194E6DE3C5E83C6C${ORIGINAL}`],
  ["§9.4 T6", "3des", "UK1DF01", "2021222324252627", `368A9CF7A345AB93${ORIGINAL}`],
  ["§9.4 T7", "3des", "RK1DF04", "3031323334353637", `5177CB5B936B275E${ORIGINAL}`],
  ["§9.5 S3", "sm4", "RKssse", "A1A2A3A4A5A6A7A8", "E857CBBA403E828137F835B32576FA8D"],
  ["§9.5 S4", "sm4", "UKssse", "B1B2B3B4B5B6B7B8", "ADEC297EF305984DCB5E805ABE93D13D"],
  ["§9.5 S5", "sm4", "PUK", "D1D2D3D4D5D6D7D8", "875B5E2C24D3606112CBA985166CB6A0"],
  ["§9.5 S6", "sm4", "UK1DF01", "2021222324252627", "AE3EF6C43D61C79C917774E89951788A"],
  ["§9.5 S7", "sm4", "RK1DF04", "3031323334353637", "BB68C2957CF5E8D7174CEA1CE4E66F0C"],
]

/** Secure messages under STKssse and challenge C1C2C3C4C5C6C7C8 (T8-T11, S8-S11). */
export const secureVectors: readonly (readonly [
  clause: string,
  algorithm: Algorithm,
  header: string,
  data: string,
  encipher: boolean,
  command: string,
])[] = [
  ["§9.4 T8", "3des", "84240001", "03123456", true, "842400010CD3C829A7803F2F92F6CDF497"],
  ["§9.4 T9", "3des", "84240000", "", false, "84240000045F70B247"],
  ["§9.4 T10", "3des", "841E0000", "", false, "841E0000041C125D57"],
  ["§9.4 T10", "3des", "84160000", "", false, "8416000004DF443CA3"],
  ["§9.4 T11", "3des", "04DC0404", "0A0131", false, "04DC0404070A013191599F3E"],
  ["§9.5 S8", "sm4", "84240001", "03123456", true, "8424000114F301F15DA516DFF82B05A661B9A370946765F23B"],
  ["§9.5 S9", "sm4", "84240000", "", false, "8424000004555FD2C4"],
  ["§9.5 S10", "sm4", "841E0000", "", false, "841E0000047C02ACC2"],
  ["§9.5 S10", "sm4", "84160000", "", false, "8416000004EB84EF8A"],
  ["§9.5 S11", "sm4", "04DC0404", "0A0131", false, "04DC0404070A01310B97A8B0"],
]
