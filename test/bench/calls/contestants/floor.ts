import type { Client } from '../contestant.js'
import { doWork } from '../work.js'
import type { Write } from './lines.js'

// The least that many calls over one connection need: an id, JSON, a table of who waits. No check, no deadline, no errors.

/** Answers the lines of one connection. */
export function serveFloor(write: Write): (line: string) => void {
  return (line) => {
    const [id, name, input] = JSON.parse(line) as [number, string, unknown]
    write(`[${id},${JSON.stringify(doWork(name, input))}]\n`)
  }
}

/** Calls over one connection, whose lines go to `receive`. */
export function createFloorClient(write: Write): { client: Client; receive: (line: string) => void } {
  const waiting = new Map<number, (output: unknown) => void>()
  let lastId = 0
  const call = <Output>(name: string, input: unknown): Promise<Output> =>
    new Promise((resolve) => {
      const id = ++lastId
      waiting.set(id, resolve as (output: unknown) => void)
      write(`[${id},"${name}",${JSON.stringify(input)}]\n`)
    })
  const client: Client = {
    add: (pair) => call('add', pair),
    echoUser: (user) => call('echoUser', user),
    echoStock: (stock) => call('echoStock', stock),
  }
  const receive = (line: string): void => {
    const [id, output] = JSON.parse(line) as [number, unknown]
    const resolve = waiting.get(id)
    waiting.delete(id)
    resolve?.(output)
  }
  return { client, receive }
}
