import pg from "pg"
import { inject } from "vitest"

function serverUrl(): string {
  const url = inject("postgresUrl")
  if (url === undefined) throw new Error("no PostgreSQL server was started for this run")
  return url
}

let made = 0
const freshName = () => `shebao_${process.pid}_${++made}`

/** Makes an empty schema on the server of the test run, which goes with the server. @returns the URL that leads into it */
export async function freshSchema(): Promise<string> {
  const name = freshName()
  const url = new URL(serverUrl())
  await administer(url.href, `CREATE SCHEMA ${name}`)
  url.searchParams.set("options", `-c search_path=${name}`)
  return url.href
}

/** Makes an empty database, which takes a second. @returns its URL, and how to drop it when nobody uses it any more */
export async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = serverUrl()
  const name = freshName()
  await administer(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(server, `DROP DATABASE ${name} WITH (FORCE)`) }
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
