import { type DoctorEnvironment, realEnvironment } from "./environment.js"
import type { Finding } from "./finding.js"
import { checkPorts, checkQuickAck, checkVersions } from "./machine-checks.js"
import { checkCards, checkReaders } from "./reader-checks.js"
import { checkBindings, checkService, skipped } from "./service-checks.js"

/**
 * Looks for what keeps PC/SC from working here, and for the line that mends it (readers §7.2, D1 to D12). Puts no card in,
 * changes nothing.
 *
 * @returns findings in the order of the checks; all is well when each is `ok`
 */
export async function runDoctor(environment: DoctorEnvironment = realEnvironment()): Promise<Finding[]> {
  const findings = await checkCardPath(environment)
  findings.push(...checkPorts(environment), ...checkQuickAck(environment), ...checkVersions(environment))
  return findings.sort((a, b) => number(a) - number(b))
}

async function checkCardPath(environment: DoctorEnvironment): Promise<Finding[]> {
  const bindings = await checkBindings(environment)
  if (bindings.binding === undefined) return [...bindings.findings, skipped("D3")]
  const service = await checkService(environment, bindings.binding)
  const findings = [...bindings.findings, ...service.findings]
  if (service.context === undefined) return [...findings, skipped("D5")]
  try {
    const readers = await service.context.readers()
    findings.push(...checkReaders(environment, readers))
    findings.push(...(await checkCards(environment, service.context, readers)))
  } finally {
    await service.context.close()
  }
  return findings
}

const number = ({ id }: Finding) => Number(id.slice(1))

/** Findings as `shebao doctor --json` prints them. */
export function doctorJson(findings: readonly Finding[], language: "en" | "zh" = "en") {
  return {
    checks: findings.map(({ id, ok, level, code, message, remedy }) => ({
      id,
      ok,
      level,
      ...(code && { code }),
      message: message[language],
      ...(remedy && { remedy: remedy[language] }),
    })),
  }
}
