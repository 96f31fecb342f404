export * from "./codes/index.js"
export * from "./iso8583/index.js"
export type { Label, Language } from "./label.js"
export * from "./social-security/index.js"
