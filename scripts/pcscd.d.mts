export interface PcscMachine {
  linux: boolean
  debian: boolean
  root: boolean
  missing: string[]
  canInstall: boolean
  ready: boolean
  reason?: string
  remedy?: string
}
export interface RunningPcscd {
  /** False when one ran already: `stop` leaves it alone. */
  owned: boolean
  pid: number | undefined
  stop(): Promise<void>
}
export const packages: string[]
export function pcscdRuns(): Promise<boolean>
export function detect(): PcscMachine
export function install(names: string[]): string | undefined
export function prepare(options?: { log?: (line: string) => void }): PcscMachine
export function lockPcscd(options?: { waitMilliseconds?: number }): Promise<() => void>
export function startPcscd(options?: { configuration?: string; waitMilliseconds?: number }): Promise<RunningPcscd>
