export { samKeyService } from "./sam-key-service.js"
export { testKeyService } from "./test-key-service.js"
