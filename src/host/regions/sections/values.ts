import { z } from "zod"

const hasDecimals = (value: number, factor: number) => Math.abs(value * factor - Math.round(value * factor)) < 1e-6

/** An amount in yuan with at most two decimals; fen behind the loader. */
export const yuan = z
  .number()
  .nonnegative()
  .refine((value) => hasDecimals(value, 100), "expected at most two decimals")
  .transform((value) => BigInt(Math.round(value * 100)))

/** A fraction of one with at most four decimals; an integer of 1/10,000 behind the loader. */
export const ratio = z
  .number()
  .min(0)
  .max(1)
  .refine((value) => hasDecimals(value, 10_000), "expected at most four decimals")
  .transform((value) => Math.round(value * 10_000))

export const count = z.number().int().nonnegative()
export const texts = z.array(z.string().min(1))
