/** Runs tasks one after another: one request in flight for each terminal (host-iso8583 §1). */
export function queueOfOne(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task, task)
    last = result.catch(() => {})
    return result
  }
}
