/** The words of the command line make no command. */
export class UsageError extends Error {}
