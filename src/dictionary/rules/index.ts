export * from "./card-service.js"
export * from "./medical-withdrawal.js"
export type * from "./personal-account-card.js"
export type * from "./settlement.js"
