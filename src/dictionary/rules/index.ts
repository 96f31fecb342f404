export * from "./medical-withdrawal.js"
export type * from "./settlement.js"
