export * from "./withdrawal-rules.js"
