export * from "./answer-matchers.js"
export * from "./fault-plans.js"
export * from "./faulty-readers.js"
