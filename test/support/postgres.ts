import type { TestProject } from "vitest/node"

declare module "vitest" {
  export interface ProvidedContext {
    /** Address of an empty database of a server of our own; undefined where the machine has no PostgreSQL. */
    postgresUrl: string | undefined
  }
}

/** Starts PostgreSQL before the tests that need it and stops it after them. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const postgres = await import(new URL("../../scripts/postgres.mjs", import.meta.url).href)
  if (!process.env.SHEBAO_POSTGRES) {
    project.provide("postgresUrl", undefined)
    return undefined
  }
  const server = await postgres.startPostgres()
  project.provide("postgresUrl", server.url)
  return () => server.stop()
}
