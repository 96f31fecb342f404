export * from "./medical-withdrawal.js"
