export { type BufferedResult, type BufferOptions, USUAL_BUFFER, writeToBuffer } from "./buffer.js"
export { callDriver } from "./call.js"
export { type CardInfo, parseCardInfo } from "./card-info.js"
export {
  codeOfStatusWord,
  DriverCode,
  type DriverCodeName,
  type DriverResult,
  describeDriverCode,
  statusWordOf,
} from "./codes.js"
export { createDriver, HSM_FALLBACK_CODES, type SSCardDriver } from "./driver.js"
export { type AddressItem, type FileAddress, parseFileAddress } from "./file-address.js"
export { DRIVER_FUNCTIONS, type DriverFunctionName, VENDOR_FUNCTIONS } from "./functions.js"
export {
  type CardInfoResult,
  createHeaSecReadInfo,
  type HeaSecReadInfo,
  type HeaSecReadInfoOptions,
} from "./nhsa/hea-sec-read-info.js"
export { SCENES, sceneName } from "./nhsa/scenes.js"
export { createSSCard, type SignedResult, type SSCard, type SSCardOptions } from "./nhsa/ss-card.js"
export type { DriverOptions, DriverSlot } from "./options.js"
