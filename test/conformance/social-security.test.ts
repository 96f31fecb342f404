import { afterAll, describe } from "vitest"
import { createCard } from "../../src/card/index.js"
import { type MemoryReader, memoryReader, openCard } from "../../src/terminal/index.js"
import { socialSecuritySuite } from "./social-security.js"

describe("a social security card in memory", () => {
  let reader: MemoryReader | undefined
  afterAll(() => reader?.close())

  socialSecuritySuite({
    async insert(profile) {
      await reader?.close()
      reader = memoryReader(createCard({ profile, seed: 1 }))
      return openCard(reader)
    },
  })
})
