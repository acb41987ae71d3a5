import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'

/** As whom an engine is used. */
export type Login =
  | { readonly kind: 'user'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'seed'; readonly seed: string }
  | { readonly kind: 'seed-file'; readonly path: string }
  | { readonly kind: 'credentials-file'; readonly path: string }

/** What says it among the options. */
export interface LoginOptions {
  readonly user?: string
  readonly password?: string
  readonly token?: string
  readonly nkeySeed?: string
  readonly nkeyFile?: string
  readonly credentialsFile?: string
}

/** A user's seed: `S`, `U`, and 35 bytes in base32 of which they are a part (NATS ADR-14). */
const SEED = /^SU[A-Z2-7]{56}$/

/**
 * Reads as whom an engine is used, from options or else from its URLs; undefined: as nobody in particular. Throws `invalid_argument`
 * for two ways at once, for a user without a password, and for what can be none of them; never with a secret in its text.
 */
export function readLogin(options: LoginOptions, urls: readonly URL[]): Login | undefined {
  const { password, ...others } = options
  const ways = [...listOptions(others), ...readUrls(urls)]
  const [way, second] = ways
  if (second !== undefined)
    throw refuse('invalid_argument', `${way?.name} and ${second.name} of nats exclude each other: set one of them`)
  if (password !== undefined && (typeof password !== 'string' || way?.name !== 'user'))
    throw refuse('invalid_argument', 'option password of nats needs the user whose it is, and has to be a text')
  if (way?.name === 'user' && password === undefined)
    throw refuse('invalid_argument', `option user of nats is ${printValue(options.user)}, and there is no password`)
  if (way?.login.kind === 'user') return { ...way.login, password: password ?? way.login.password }
  return way?.login
}

interface Way {
  readonly name: string
  readonly login: Login
}

function listOptions(options: Omit<LoginOptions, 'password'>): Way[] {
  const { user, token, nkeySeed, nkeyFile, credentialsFile } = options
  const ways: Way[] = []
  const take = (name: keyof LoginOptions, value: unknown, create: (text: string) => Login): void => {
    if (value === undefined) return
    if (typeof value !== 'string' || value === '') throw refuse('invalid_argument', `option ${name} of nats is no text`)
    ways.push({ name, login: create(value) })
  }
  take('user', user, (text) => ({ kind: 'user', user: text, password: '' }))
  take('token', token, (text) => ({ kind: 'token', token: text }))
  take('nkeySeed', nkeySeed, (text) => ({ kind: 'seed', seed: checkSeed(text, 'option nkeySeed of nats') }))
  take('nkeyFile', nkeyFile, (path) => ({ kind: 'seed-file', path }))
  take('credentialsFile', credentialsFile, (path) => ({ kind: 'credentials-file', path }))
  return ways
}

/** Of the first URL that has any: user and password, or a token alone, as other clients of NATS read them. */
function readUrls(urls: readonly URL[]): Way[] {
  const url = urls.find(({ username }) => username !== '')
  if (url === undefined) return []
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  const login: Login = password === '' ? { kind: 'token', token: user } : { kind: 'user', user, password }
  return [{ name: 'the user in the URL', login }]
}

/** Throws `invalid_argument`, which begins with `what`, for a text that is no seed of a user, without showing it. */
export function checkSeed(text: string, what: string): string {
  if (SEED.test(text)) return text
  throw refuse('invalid_argument', `${what} is no seed of a user's nkey: one has 58 letters and digits, from SU on`)
}
