/** Compiles the package once, before tests that run the real binary or start child processes of their own. */
export default async function setup(): Promise<void> {
  const { build } = await import(new URL("../../scripts/prepare.mjs", import.meta.url).href)
  build()
}
