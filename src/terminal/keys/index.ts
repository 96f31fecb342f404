export { testKeyService } from "./test-key-service.js"
