import { type DriverResult, fail, resultOf } from "./codes.js"
import type { SSCardDriver } from "./driver.js"
import { DRIVER_FUNCTIONS, type DriverFunctionName, NUMBER_PARAMETERS } from "./functions.js"

/** Other spellings that clients use (driver-api §10.1). */
const SPELLINGS: Readonly<Record<string, string>> = {
  ReadCard_HSM_Step1: "iReadCard_HSM_Step1",
  ReadCard_HSM_Step2: "iReadCard_HSM_Step2",
  ReadICCardNum: "iReadICCardNum",
}

/**
 * Calls a function by its name with its parameters by theirs, as messages of a local service bring them (driver-api §10.1).
 *
 * @param name any text: −13 for a function that the driver does not have
 * @param fields −14 for a parameter that is missing or of another type; `pkey` stands for `pKey`, digits for a number
 * @example await callDriver(driver, "iReadCard", { iType: 3, iAuthType: 2, pCardInfo: "||", pFileAddr: "SSSEEF05|07|$" })
 */
export async function callDriver(
  driver: SSCardDriver,
  name: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<DriverResult> {
  const known = Object.hasOwn(SPELLINGS, name) ? SPELLINGS[name]! : name
  if (!Object.hasOwn(DRIVER_FUNCTIONS, known)) return resultOf(fail("NOT_SUPPORTED"), driver.language)
  const values: (string | number)[] = []
  for (const parameter of DRIVER_FUNCTIONS[known as DriverFunctionName]) {
    const value = argumentOf(parameter, parameter === "pKey" ? (fields.pKey ?? fields.pkey) : fields[parameter])
    if (value === undefined) return resultOf(fail("PARAMETER"), driver.language)
    values.push(value)
  }
  const run = driver[known as DriverFunctionName] as (...values: (string | number)[]) => Promise<DriverResult>
  return run(...values)
}

function argumentOf(parameter: string, value: unknown): string | number | undefined {
  if (!NUMBER_PARAMETERS.includes(parameter)) return typeof value === "string" ? value : undefined
  if (typeof value === "string" && /^\d{1,3}$/.test(value)) return Number(value)
  return typeof value === "number" ? value : undefined
}
