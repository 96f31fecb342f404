import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs"
import { join } from "node:path"
import type { OrderMemory } from "../../terminal/index.js"
import { ownFolder } from "../home.js"
import { inputError } from "../input-error.js"

type Orders = Record<string, NonNullable<Awaited<ReturnType<OrderMemory["get"]>>>>

/**
 * Which transactions of cards this machine began and nobody answered, in a file of the home folder: a debit that a pulled
 * card leaves open is proved by the next command, not made twice.
 */
export function orderFile(home: string): OrderMemory {
  const path = join(ownFolder(home), "medical-orders.json")

  function read(): Orders {
    let text: string
    try {
      text = readFileSync(path, "utf8")
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {}
      throw error
    }
    try {
      return JSON.parse(text) as Orders
    } catch (cause) {
      throw inputError("home", { en: `${path} is damaged`, zh: `${path} 已损坏` }, { cause })
    }
  }

  function write(orders: Orders): void {
    const file = openSync(`${path}.new`, "w", 0o600)
    try {
      writeSync(file, JSON.stringify(orders))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(`${path}.new`, path)
  }

  return {
    get: (serial) => read()[serial],
    set: (serial, transaction) => write({ ...read(), [serial]: transaction }),
    delete(serial) {
      const { [serial]: _, ...rest } = read()
      write(rest)
    },
  }
}
