export { version1Df01 } from "./df01.js"
export { version1Df02 } from "./df02.js"
export { version1Df03 } from "./df03.js"
export { version1Df04 } from "./df04.js"
