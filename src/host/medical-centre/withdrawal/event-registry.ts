/** What other authorities know of a death or a leave: civil affairs, police, immigration. */
export interface EventRegistry {
  confirm(event: {
    readonly person: string
    readonly condition: string
    readonly eventOn: string
  }): Promise<"confirmed" | "contradicted" | "unknown">
}
