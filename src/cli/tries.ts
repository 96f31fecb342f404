import type { Text } from "./language.js"

/** How many tries of a PIN are left. @example triesText(1).en // "1 try left" */
export function triesText(triesLeft: number): Text {
  return { en: `${triesLeft} ${triesLeft === 1 ? "try" : "tries"} left`, zh: `剩余 ${triesLeft} 次` }
}
