import type { ConnectionDescriptor, Descriptor } from 'netgen/runtime'
import type { ConnectionChecks } from '../../../runtime/validation/validate.js'

/** What is different in a connection, and in its checks. */
export type Changes = Partial<Omit<ConnectionDescriptor, 'load'>> & { readonly checks?: Partial<ConnectionChecks> }

/** A schema with one connection of another, as a peer may have it that was built from an older file. */
export function changeOne<From extends Descriptor<unknown, unknown>>(
  from: From,
  name: string,
  { checks, ...changes }: Changes,
): From {
  const connection = from.connections.find((candidate) => candidate.name === name)
  if (connection === undefined) throw new Error(`expected a connection ${name}`)
  const load = async (): Promise<ConnectionChecks> => ({ ...(await connection.load()), ...checks })
  return { ...from, digest: `changed ${name}`, connections: [{ ...connection, ...changes, load }] }
}
