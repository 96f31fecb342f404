/** Compiles the command line once, before its tests: they run the real binary. */
export default async function setup(): Promise<void> {
  const { build } = await import(new URL("../../scripts/prepare.mjs", import.meta.url).href)
  build()
}
