import { defineConfig } from "vitest/config"

const timeouts = { testTimeout: 30_000, hookTimeout: 60_000 }

/**
 * `test/cli` runs the built binary. `*.postgres.test.ts` use a PostgreSQL server that is started for them. `*.pcsc.test.ts`
 * start pcscd, of which a machine has one: they run one file after the other, after the rest.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...timeouts,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.pcsc.test.ts", "test/**/*.postgres.test.ts", "test/cli/**"],
        },
      },
      {
        test: {
          ...timeouts,
          name: "postgres",
          include: ["test/**/*.postgres.test.ts"],
          globalSetup: ["test/support/postgres.ts", "test/support/build.ts"],
        },
      },
      {
        test: {
          ...timeouts,
          testTimeout: 120_000,
          name: "cli",
          include: ["test/cli/**/*.test.ts"],
          globalSetup: ["test/support/build.ts"],
        },
      },
      {
        test: {
          ...timeouts,
          name: "pcsc",
          include: ["test/**/*.pcsc.test.ts"],
          pool: "forks",
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          globalSetup: ["test/support/build.ts"],
        },
      },
    ],
  },
})
