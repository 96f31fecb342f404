export { type HsmKeyOptions, hsmKeyService } from "./hsm-key-service.js"
export { samKeyService } from "./sam-key-service.js"
export { testKeyService } from "./test-key-service.js"
