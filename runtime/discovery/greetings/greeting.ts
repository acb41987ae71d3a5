import type { Address } from '../../api/address.js'
import type { Trust } from '../../transport/http/trust.js'
import { readVersions, type SpokenVersions } from '../../transport/protocol-versions.js'
import { decodeJson, MalformedJsonError } from '../../wire/decode-json.js'

/** Who somebody is, which strangers are not to know. */
export interface Introduction {
  readonly group: string
  readonly hub: boolean
  readonly versions: SpokenVersions
}

/** What two peers tell each other when they meet: a `hello` asks, an `answer` answers it and asks back, a `confirm` answers that. */
export type Greeting =
  | { readonly kind: 'hello'; readonly from: Address; readonly to: Address; readonly challenge: string }
  | ({
      readonly kind: 'answer'
      readonly from: Address
      readonly echo: string
      readonly challenge: string
    } & Introduction)
  | ({ readonly kind: 'confirm'; readonly from: Address; readonly echo: string } & Introduction)

/** What seals greetings: whoever opens one knows that its sender has the secret. */
export type Sealer = Pick<Trust, 'seal' | 'unseal'>

/**
 * `NGg1`, the sender's id, 16 hexadecimal digits, and the greeting as JSON, sealed: so strangers read of it no more than beats show,
 * and change nothing.
 */
const MAGIC = 'NGg1'
const ID_LENGTH = 16
const HEAD_LENGTH = MAGIC.length + ID_LENGTH

/** What passes every link whole, in bytes: the least that IPv6 asks of one, less the heads of IPv6 and UDP (RFC 8200, section 5). */
const MAX_BYTES = 1_232

/** No peer answers to this over HTTP, where a challenge is 43 characters: what is sealed here was sealed for a greeting. */
const PURPOSE = 'greeting'

/** Whether a datagram is meant to be a greeting. */
export function isGreeting(datagram: Buffer): boolean {
  return datagram.toString('latin1', 0, MAGIC.length) === MAGIC
}

/** The datagram of a greeting; undefined where it does not fit into one, as with the longest names of groups. */
export function sealGreeting(greeting: Greeting, senderId: string, sealer: Sealer): Buffer | undefined {
  const datagram = `${MAGIC}${senderId}${sealer.seal(JSON.stringify(greeting), PURPOSE, senderId)}`
  return datagram.length <= MAX_BYTES ? Buffer.from(datagram, 'latin1') : undefined
}

/** Whose greeting a datagram is, and what it says; undefined where it is none of a peer with the secret. */
export function openGreeting(
  datagram: Buffer,
  sealer: Sealer,
): { readonly senderId: string; readonly greeting: Greeting } | undefined {
  if (datagram.length > MAX_BYTES || !isGreeting(datagram)) return undefined
  const senderId = datagram.toString('latin1', MAGIC.length, HEAD_LENGTH)
  if (!/^[0-9a-f]{16}$/.test(senderId)) return undefined
  const text = sealer.unseal(datagram.toString('latin1', HEAD_LENGTH), PURPOSE, senderId)
  const greeting = text === undefined ? undefined : readGreeting(text)
  return greeting && { senderId, greeting }
}

/** Other versions of netgen may say it in other ways: whatever is not as it is said here is no greeting. */
function readGreeting(text: string): Greeting | undefined {
  const { kind, from, to, challenge, echo, group, hub, versions: spoken } = readRecord(text)
  if (!isAddress(from)) return undefined
  if (kind === 'hello') {
    return isAddress(to) && typeof challenge === 'string' ? { kind, from, to, challenge } : undefined
  }
  const versions = readVersions(spoken)
  const isWhole = typeof echo === 'string' && typeof group === 'string' && typeof hub === 'boolean'
  if (!isWhole || versions === undefined) return undefined
  if (kind === 'confirm') return { kind, from, echo, group, hub, versions }
  if (kind !== 'answer' || typeof challenge !== 'string') return undefined
  return { kind, from, echo, challenge, group, hub, versions }
}

function readRecord(text: string): Partial<Record<string, unknown>> {
  try {
    const value = decodeJson(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch (error) {
    if (error instanceof MalformedJsonError) return {}
    throw error
  }
}

function isAddress(value: unknown): value is Address {
  if (typeof value !== 'object' || value === null) return false
  const { host, port } = value as Partial<Address>
  return typeof host === 'string' && typeof port === 'number'
}
