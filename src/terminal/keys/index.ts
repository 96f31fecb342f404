export { type HsmKeyOptions, hsmKeyService } from "./hsm-key-service.js"
export { samKeyService } from "./sam-key-service.js"
export { samMedicalKeys } from "./sam-medical-keys.js"
export { testKeyService, testMedicalKeys } from "./test-key-service.js"
